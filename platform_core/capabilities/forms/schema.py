"""What a form is: pages of typed fields, as data. The same definition is drawn, checked and
described.
"""

import re
from datetime import date, timedelta

from pydantic import Field as Keep

from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Strict

from .fields import MAX_ROWS, Check, Declaration, Field, Rule

__all__ = [
    "MAX_FIELDS",
    "MAX_ROWS",
    "Form",
    "Page",
    "Part",
    "answered",
    "bound_day",
    "named_values",
]

MAX_FIELDS = 300


class Page(Strict):
    """One topic with a few questions. A page whose `show_if` does not hold is left out."""

    key: Key
    title: Text
    help: Text | None = None
    show_if: Rule | None = None
    fields: list[Field] = Keep(min_length=1, max_length=60)


class Part(Strict):
    """Pages that a second person may be invited to fill in; `needed` ones only they can."""

    key: Key
    title: Text
    pages: list[Key] = Keep(min_length=1, max_length=10)
    needed: bool = False


class Form(Strict):
    """Pages in order, some in `parts` for other people. `retired` lists keys of fields of earlier
    versions: never used again.

    `checks` hold between answers; `privacy` is the declaration of every sensitive field that has
    none of its own.
    """

    key: Key
    title: Text
    pages: list[Page] = Keep(min_length=1, max_length=30)
    checks: list[Check] = Keep(default=[], max_length=60)
    privacy: Declaration | None = None
    retired: list[Key] = Keep(default=[], max_length=500)
    parts: list[Part] = Keep(default=[], max_length=10)

    def all_fields(self):
        """Every field with its page, in order, notes included."""
        return [(page, field) for page in self.pages for field in page.fields]

    def questions(self) -> list:
        """The fields that have an answer."""
        return [field for _page, field in self.all_fields() if field.type != "note"]

    def question(self, key: str):
        return next((field for field in self.questions() if field.key == key), None)

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    def fields_of(self, part: Part) -> list:
        """The questions on the pages of a part."""
        return [field for page, field in self.all_fields()
                if page.key in part.pages and field.type != "note"]  # fmt: skip

    def page(self, key: str) -> Page | None:
        return next((page for page in self.pages if page.key == key), None)


def named_values(form: Form, values: dict):
    """(field, value) of every answer, those in the cells of tables too, whatever their shape."""
    for question in form.questions():
        yield from answered(question, values.get(question.key))


def answered(question, value):
    """(field, value) of one answer: of a table, those of its cells."""
    if question.type != "repeat":
        yield question, value
    elif isinstance(value, list):
        for row in value:
            if isinstance(row, dict):
                yield from ((cell, row.get(cell.key)) for cell in question.cells)


def bound_day(bound: str, today: date) -> date | None:
    """The day that a bound such as "today+3" means on `today`; None when it is no real day."""
    match = re.fullmatch(r"today(?:([+-][0-9]+))?", bound)
    try:
        return today + timedelta(days=int(match[1] or 0)) if match else date.fromisoformat(bound)
    except (ValueError, OverflowError):
        return None
