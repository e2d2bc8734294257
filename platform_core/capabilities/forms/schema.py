"""What a form is: pages of typed fields, as data. The same definition is drawn, checked and
described.
"""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field as Keep
from pydantic import StringConstraints, field_validator

from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Strict

MAX_FIELDS = 300
MAX_ROWS = 200
MAX_TEXT = 20_000
Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$")]
Day = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today([+-][0-9]{1,5})?)$")
]
Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
Extension = Literal["jpg", "jpeg", "png", "webp", "pdf", "docx", "xlsx"]
Autocomplete = Literal[
    "off", "name", "tel", "email", "organization", "street-address", "postal-code", "bday"
]
# "source.path", such as "profile.name": see sources.py for who answers.
Prefill = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]+(\.[A-Za-z0-9_-]+){1,4}$", max_length=200)
]


class Option(Strict):
    """One answer of a choice. `value` is stored and never changes its meaning."""

    value: Value
    label: Text
    help: Text | None = None


class Question(Strict):
    """What every field has. `sensitive` answers are sealed at rest and masked on display."""

    key: Key
    label: Text
    help: Text | None = None
    required: bool = False
    show_if: dict[str, Any] | None = None
    sensitive: bool = False
    prefill: Prefill | None = None
    # What the source filled in stays unless the person contests it.
    locked: bool = False
    autocomplete: Autocomplete | None = None

    @property
    def is_sealed(self) -> bool:
        return self.sensitive


class TextField(Question):
    type: Literal["text"]
    min_length: int = Keep(default=0, ge=0, le=400)
    max_length: int = Keep(default=100, ge=1, le=400)


class TextAreaField(Question):
    type: Literal["textarea"]
    min_length: int = Keep(default=0, ge=0, le=MAX_TEXT)
    max_length: int = Keep(default=2000, ge=1, le=MAX_TEXT)
    rows: int = Keep(default=5, ge=2, le=20)


class NumberField(Question):
    """A number with up to `decimals` decimals; stored as an integer or as decimal text."""

    type: Literal["number"]
    min: Amount | None = None
    max: Amount | None = None
    decimals: int = Keep(default=0, ge=0, le=6)
    unit: Text | None = None

    @field_validator("min", "max", mode="before")
    @classmethod
    def _plain_numbers(cls, value):
        return (
            str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        )


class MoneyField(Question):
    """An amount in yuan; stored as text with two decimals, such as "1800.00"."""

    type: Literal["money"]
    min: Amount | None = "0"
    max: Amount | None = None

    _plain = field_validator("min", "max", mode="before")(NumberField._plain_numbers.__func__)


class DateField(Question):
    """A day YYYY-MM-DD. Bounds are days or "today", "today+3", "today-14"."""

    type: Literal["date"]
    earliest: Day | None = None
    latest: Day | None = None


class ChoiceField(Question):
    type: Literal["choice"]
    options: list[Option] = Keep(min_length=1, max_length=500)


class MultiChoiceField(Question):
    type: Literal["multi_choice"]
    options: list[Option] = Keep(min_length=1, max_length=100)
    min_choices: int = Keep(default=0, ge=0)
    max_choices: int | None = Keep(default=None, ge=1)


class YesNoField(Question):
    type: Literal["yes_no"]


class CitizenNumberField(Question):
    """A citizen identity number (GB 11643): always sealed."""

    type: Literal["citizen_number"]

    @property
    def is_sealed(self) -> bool:
        return True


class CreditCodeField(Question):
    """A unified social credit code (GB 32100)."""

    type: Literal["credit_code"]


class MobileField(Question):
    """A mobile number of the mainland: always sealed."""

    type: Literal["mobile"]

    @property
    def is_sealed(self) -> bool:
        return True


class EmailField(Question):
    type: Literal["email"]


class RegionField(Question):
    """An administrative division of `level` below `within` (code of a province or city)."""

    type: Literal["region"]
    level: Literal["city", "county", "town"] = "county"
    within: Annotated[str, StringConstraints(pattern=r"^([0-9]{2}){1,3}$")] | None = None

    @property
    def root(self) -> str:
        """The six-digit code of the division to stay in ("33" is the province 330000), or ""."""
        return self.within.ljust(6, "0") if self.within else ""


class AttachmentField(Question):
    type: Literal["attachment"]
    max_files: int = Keep(default=5, ge=1, le=20)
    accept: list[Extension] = Keep(
        default=["jpg", "jpeg", "png", "pdf"], min_length=1, max_length=7
    )


class NoteField(Strict):
    """Words that are shown and ask nothing; `help` is the text under the heading `label`."""

    type: Literal["note"]
    key: Key
    label: Text
    help: Text | None = None
    show_if: dict[str, Any] | None = None


Cell = Annotated[
    TextField
    | NumberField
    | DateField
    | ChoiceField
    | YesNoField
    | MobileField
    | CitizenNumberField,
    Keep(discriminator="type"),
]


class RepeatField(Question):
    """A table that people fill row by row."""

    type: Literal["repeat"]
    cells: list[Cell] = Keep(min_length=1, max_length=12)
    row_label: Text | None = None
    min_rows: int = Keep(default=0, ge=0, le=MAX_ROWS)
    max_rows: int = Keep(default=50, ge=1, le=MAX_ROWS)

    @property
    def is_sealed(self) -> bool:
        return self.sensitive or any(cell.is_sealed for cell in self.cells)


Field = Annotated[
    TextField
    | TextAreaField
    | NumberField
    | MoneyField
    | DateField
    | ChoiceField
    | MultiChoiceField
    | YesNoField
    | CitizenNumberField
    | CreditCodeField
    | MobileField
    | EmailField
    | RegionField
    | AttachmentField
    | RepeatField
    | NoteField,
    Keep(discriminator="type"),
]


class Page(Strict):
    """One topic with a few questions. A page whose `show_if` does not hold is left out."""

    key: Key
    title: Text
    help: Text | None = None
    show_if: dict[str, Any] | None = None
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
    """

    key: Key
    title: Text
    pages: list[Page] = Keep(min_length=1, max_length=30)
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


def bound_day(bound: str, today: date) -> date | None:
    """The day that a bound such as "today+3" means on `today`; None when it is no real day."""
    match = re.fullmatch(r"today(?:([+-][0-9]+))?", bound)
    try:
        return today + timedelta(days=int(match[1] or 0)) if match else date.fromisoformat(bound)
    except (ValueError, OverflowError):
        return None
