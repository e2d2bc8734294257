"""The types of fields: what an author may say about each, as data."""

from typing import Annotated, Any, Literal

from pydantic import Field as Keep
from pydantic import StringConstraints, field_validator

from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Kind, Strict

MAX_ROWS = 200
MAX_TEXT = 20_000
Amount = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$")]
Day = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today([+-][0-9]{1,5})?)$")
]
WorkingDay = Annotated[
    str,
    StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today([+-][0-9]{1,3}(wd)?)?)$"),
]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Value = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
Within = Annotated[str, StringConstraints(pattern=r"^([0-9]{2}){1,3}$")]
Extension = Literal["jpg", "jpeg", "png", "webp", "pdf", "docx", "xlsx"]
Autocomplete = Literal[
    "off", "name", "tel", "email", "organization", "street-address", "postal-code", "bday"
]
# "source.path", such as "profile.name": see sources.py for who answers.
Prefill = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]+(\.[A-Za-z0-9_-]+){1,4}$", max_length=200)
]
# The grounds of the Personal Information Protection Law, art. 13 (1) to (7).
Ground = Literal[
    "consent",
    "contract",
    "statutory_duty",
    "public_emergency",
    "public_interest",
    "already_public",
    "other_law",
]
Rule = dict[str, Any]


class Option(Strict):
    """One answer of a choice. `value` is stored and never changes its meaning."""

    value: Value
    label: Text
    help: Text | None = None


class Declaration(Strict):
    """Why sensitive data are asked and how long they are kept (Personal Information Protection
    Law art. 17 and 30). `basis` names the article of law or the regulation.
    """

    purpose: Text
    ground: Ground
    basis: Text | None = None
    retention_days: int = Keep(ge=1, le=36_500)


class Question(Strict):
    """What every field has. `sensitive` answers are sealed at rest and masked on display; the
    declaration may stand at the field or, for `true`, once at the form.
    """

    key: Key
    label: Text
    help: Text | None = None
    required: bool = False
    required_if: Rule | None = None
    show_if: Rule | None = None
    sensitive: bool | Declaration = False
    prefill: Prefill | None = None
    # What the source filled in stays unless the person contests it.
    locked: bool = False
    default: Any = None
    read_only: bool = False
    autocomplete: Autocomplete | None = None

    @property
    def is_sealed(self) -> bool:
        return bool(self.sensitive)


class TextField(Question):
    """One line. `pattern` is an RE2 expression for the whole answer, `pattern_message` what it
    asks for in words.
    """

    type: Literal["text"]
    min_length: int = Keep(default=0, ge=0, le=400)
    max_length: int = Keep(default=100, ge=1, le=400)
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    pattern_message: Text | None = None


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


class WorkingDayField(Question):
    """A day on which offices work. Bounds may count working days: "today+5wd"."""

    type: Literal["working_day"]
    earliest: WorkingDay | None = None
    latest: WorkingDay | None = None


class TimeField(Question):
    """A time of day HH:MM, Beijing time."""

    type: Literal["time"]
    earliest: Clock | None = None
    latest: Clock | None = None


class DateTimeField(Question):
    """A moment YYYY-MM-DDTHH:MM, Beijing time. Bounds are days, both included."""

    type: Literal["datetime"]
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


class QRField(Question):
    """What a code says, read by camera or typed. `prefix` is how every right code begins."""

    type: Literal["qr"]
    prefix: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    max_length: int = Keep(default=200, ge=1, le=400)


class RegionField(Question):
    """An administrative division of `level` below `within` (code of a province or city)."""

    type: Literal["region"]
    level: Literal["city", "county", "town"] = "county"
    within: Within | None = None

    @property
    def root(self) -> str:
        """The six-digit code of the division to stay in ("33" is the province 330000), or ""."""
        return self.within.ljust(6, "0") if self.within else ""


class AddressField(Question):
    """A division and the street in it, stored as {"region", "street"}."""

    type: Literal["address"]
    level: Literal["county", "town"] = "county"
    within: Within | None = None
    max_length: int = Keep(default=120, ge=10, le=400)

    root = RegionField.root


class DepartmentField(Question):
    """An organ, stored by its code; narrowed by function and by a division with all below it."""

    type: Literal["department"]
    kind: Kind | None = None
    within: Within | None = None

    root = RegionField.root


class PersonField(Question):
    """A civil servant, stored by id: a colleague of one's own departments or, with "directory",
    of every department of the function `kind`. Nobody else may look into the directory.
    """

    type: Literal["person"]
    among: Literal["colleagues", "directory"] = "colleagues"
    kind: Kind | None = None


class LocationField(Question):
    """A place on the map in WGS-84, stored as {"lng", "lat", "text"}; words alone will do."""

    type: Literal["location"]
    max_length: int = Keep(default=200, ge=10, le=400)


class SignatureField(Question):
    """A typed name with a drawing or a ticked declaration: {"name", "agreed", "file"}."""

    type: Literal["signature"]


class ComputedField(Strict):
    """A value that nobody types: `rule` over earlier answers, worked out on the server."""

    type: Literal["computed"]
    key: Key
    label: Text
    help: Text | None = None
    show_if: Rule | None = None
    rule: Any
    result: Literal["number", "money", "date", "text", "yes_no"] = "number"
    decimals: int = Keep(default=2, ge=0, le=6)
    unit: Text | None = None
    sensitive: bool | Declaration = False
    required: Literal[False] = False
    required_if: None = None
    prefill: None = None
    default: None = None
    locked: Literal[False] = False
    read_only: Literal[True] = True

    @property
    def is_sealed(self) -> bool:
        return bool(self.sensitive)


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
    show_if: Rule | None = None


Cell = Annotated[
    TextField
    | NumberField
    | MoneyField
    | DateField
    | WorkingDayField
    | TimeField
    | ChoiceField
    | MultiChoiceField
    | YesNoField
    | MobileField
    | CitizenNumberField
    | CreditCodeField
    | EmailField
    | RegionField
    | ComputedField,
    Keep(discriminator="type"),
]


class Check(Strict):
    """What must hold between answers. `message` is shown at `field`.

    It is asked where `when` holds; without `when` as soon as every answer is there that `that`
    compares. In a table the rules read cells with {"row": key} and `field` is a cell.
    """

    that: Rule
    when: Rule | None = None
    message: Text
    field: Key


class RepeatField(Question):
    """A table that people fill row by row. `totals` are the cells summed under their column."""

    type: Literal["repeat"]
    cells: list[Cell] = Keep(min_length=1, max_length=12)
    checks: list[Check] = Keep(default=[], max_length=20)
    totals: list[Key] = Keep(default=[], max_length=12)
    row_label: Text | None = None
    min_rows: int = Keep(default=0, ge=0, le=MAX_ROWS)
    max_rows: int = Keep(default=50, ge=1, le=MAX_ROWS)

    @property
    def is_sealed(self) -> bool:
        return bool(self.sensitive) or any(cell.is_sealed for cell in self.cells)


Field = Annotated[
    TextField
    | TextAreaField
    | NumberField
    | MoneyField
    | DateField
    | WorkingDayField
    | TimeField
    | DateTimeField
    | ChoiceField
    | MultiChoiceField
    | YesNoField
    | CitizenNumberField
    | CreditCodeField
    | MobileField
    | EmailField
    | QRField
    | RegionField
    | AddressField
    | DepartmentField
    | PersonField
    | LocationField
    | SignatureField
    | ComputedField
    | AttachmentField
    | RepeatField
    | NoteField,
    Keep(discriminator="type"),
]
