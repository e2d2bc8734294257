"""A form as the columns of a spreadsheet: one question a column, choices as words.

What a cell cannot hold (files, tables, places) has no column; a form that asks for such an answer
cannot be filled in by spreadsheet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from security.organs.models import Region
from security.organs.selectors import in_force

from .engine import examine
from .posting import writable
from .schema import Form
from .selectors import defaults, facts_for, region_facts
from .sources import filled_in

IN_A_CELL = {
    "text", "textarea", "number", "money", "date", "working_day", "time", "datetime", "choice",
    "multi_choice", "yes_no", "citizen_number", "credit_code", "mobile", "email", "qr", "region",
}  # fmt: skip
BETWEEN = re.compile("[;\uff1b\u3001,\uff0c\n]+")
YES = {"yes", "y", "true", "1", "\u662f"}
NO = {"no", "n", "false", "0", "\u5426"}


@dataclass(frozen=True)
class Column:
    """One question as a column: its title for the reader, and what may stand in it."""

    question: object
    title: str
    hint: str

    @property
    def key(self) -> str:
        return self.question.key


@dataclass
class Judged:
    """One row: typed `values`, and `errors` by field key ("" when about no column)."""

    values: dict
    errors: dict[str, list[str]] = field(default_factory=dict)


def why_not(form: Form) -> str:
    """Why this form cannot be filled in by spreadsheet, or ""."""
    for question in form.questions():
        must = question.required or question.required_if is not None
        if question.type in ("attachment", "signature") and must:
            words = _("This service needs a file with each application: %(label)s.")
            return words % {"label": pick(question.label)}
    for question in form.questions():
        must = question.required or question.required_if is not None
        is_asked = question.type not in IN_A_CELL | {"computed"} and not question.read_only
        if is_asked and (must or getattr(question, "min_rows", 0)):
            return _("“%(label)s” does not fit into a cell.") % {"label": pick(question.label)}
    if form.parts:
        return _("A second person fills in a part of this application.")
    return ""


def columns_of(form: Form) -> list[Column]:
    """The columns in the reader's language, in the order of the questions."""
    found, seen = [], set()
    for question in writable(form.questions()):
        if question.type not in IN_A_CELL or question.locked:
            continue
        title = " ".join(pick(question.label).split())
        title = f"{title} ({question.key})" if title in seen else title
        seen.add(title)
        found.append(Column(question, title, _hint(question)))
    return found


def _hint(question) -> str:
    parts = [_("required") if question.required else _("if it applies")]
    if question.type in ("choice", "multi_choice"):
        words = " / ".join(pick(option.label) for option in question.options[:30])
        several = question.type == "multi_choice"
        parts.append(words + (_(" (several with ; between)") if several else ""))
    elif question.type == "yes_no":
        parts.append(_("yes / no"))
    elif question.type in ("date", "working_day"):
        parts.append(_("a day such as 2026-11-25"))
    elif question.type == "region":
        parts.append(_("the name or the code of the division"))
    elif question.type in ("citizen_number", "credit_code"):
        parts.append(_("18 characters, in a cell of text"))
    if question.prefill:
        parts.append(_("left empty, it is filled in from what we know"))
    if question.help:
        parts.append(pick(question.help))
    return "; ".join(parts)


def read_rows(form: Form, rows: list[dict], titles: list[str]) -> tuple[list[dict], list[str]]:
    """Typed values by field key of each row of cells by title, and titles that no question has.

    Titles of both languages are known.
    """
    asked = by_title(form)
    unknown = [title for title in titles if title not in asked]
    known = [(title, asked[title]) for title in titles if title in asked]
    regions = _region_codes(rows, known)
    return [
        {question.key: _value(question, row.get(title, ""), regions) for title, question in known}
        for row in rows
    ], unknown


def by_title(form: Form) -> dict[str, object]:
    """The question of every title, in both languages."""
    found = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {column.title: column.question for column in columns_of(form)}
    return found


def _value(question, text: str, regions: dict):
    text = text.strip()
    if not text:
        return None
    if question.type == "choice":
        return _option(question, text)
    if question.type == "multi_choice":
        return [_option(question, part.strip()) for part in BETWEEN.split(text) if part.strip()]
    if question.type == "yes_no":
        plain = text.lower()
        return True if plain in YES else False if plain in NO else text
    if question.type == "region":
        return regions.get((question.key, text), text)
    return text


def _option(question, text: str) -> str:
    for option in question.options:
        label = option.label
        words = label if isinstance(label, dict) else label.model_dump()
        if text == option.value or text in words.values():
            return option.value
    return text


def _region_codes(rows: list[dict], known) -> dict:
    """{(field, name): code} of the divisions named by words; a name of two is left as it is."""
    asked = [(title, question) for title, question in known if question.type == "region"]
    names = {row.get(title, "").strip() for row in rows for title, _q in asked}
    names = {name for name in names if name and not name.isdigit()}
    if not names:
        return {}
    found = in_force(Region.objects.filter(name__in=names), timezone.localdate())
    level = {"city": 2, "county": 3, "town": 4}
    codes: dict[tuple, set] = {}
    for region in found:
        for _title, question in asked:
            root = question.within or ""
            if region.level == level[question.level] and region.code.startswith(root.rstrip("0")):
                codes.setdefault((question.key, region.name), set()).add(region.code)
    return {key: next(iter(found)) for key, found in codes.items() if len(found) == 1}


def judge_rows(form: Form, rows: list[dict], *, actor, napp_version) -> list[Judged]:
    """Each row of values with what the form finds wrong in it, the form's own checks. What is known
    of the firm fills in empty cells. A constant number of queries, however many rows.
    """
    today = timezone.localdate()
    known = {key: one.value for key, one in filled_in(form, actor, napp_version).items()}
    locked = {q.key for q in form.questions() if q.locked or q.read_only}
    fixed = {key: value for key, value in known.items() if key in locked}
    known = defaults(form, today) | known
    filled = []
    for row in rows:
        given = {key: value for key, value in row.items() if value is not None}
        filled.append(known | given | fixed)
    facts = _facts_of_all(form, filled, actor, today)
    judged = []
    for values in filled:
        errors = examine(form, values, facts).errors
        columns = {key.partition("[")[0].partition(".")[0]: said for key, said in errors.items()}
        judged.append(Judged(values, columns))
    return judged


def _facts_of_all(form: Form, rows: list[dict], actor, today):
    """What the answers of all rows name: rows that name the same things ask once."""
    regions = [question for question in form.questions() if question.type == "region"]
    facts = facts_for(form, {}, actor=actor, owner_key="", subject=None, today=today)
    codes = {values.get(q.key) for values in rows for q in regions}
    wanted = {code[:40] for code in codes if isinstance(code, str) and code}
    if not wanted:
        return facts
    return replace(facts, regions=region_facts(wanted, today))
