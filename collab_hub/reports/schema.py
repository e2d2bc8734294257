"""The manifest section "reports": fields and templates that an N-app brings into the dictionary."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Strict

Unit = Annotated[str, StringConstraints(max_length=20)]


class Records(Strict):
    """Counted, or summed up over one of its answers, from the N-app's own records."""

    kind: Literal["records"]
    form: Key
    what: Literal["count", "sum"]
    question: Key | None = None


class Dataset(Strict):
    """A column of a registered data set, by the code of the organ or of its region."""

    kind: Literal["dataset"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    column: Key
    by: Literal["organ", "region"]


class Manual(Strict):
    """Asked of people."""

    kind: Literal["manual"]


class FieldEntry(Strict):
    key: Key
    title: Text
    meaning: Text
    kind: Literal["number", "money", "text", "choice", "date"]
    unit: Unit = ""
    unit_en: Unit = ""
    choices: list[Text] = Field(default=[], max_length=30)
    validity_days: int = Field(ge=1, le=3650)
    is_of_period: bool = True
    aggregation: Literal["sum", "avg", "max", "latest", "none"]
    source: Records | Dataset | Manual = Field(discriminator="kind")


class CheckEntry(Strict):
    formula: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    says: Text


class TemplateEntry(Strict):
    key: Key
    title: Text
    fields: list[Key] = Field(min_length=1, max_length=100)
    checks: list[CheckEntry] = Field(default=[], max_length=20)
    needs_sign_off: bool = False


class Reports(Strict):
    fields: list[FieldEntry] = Field(min_length=1, max_length=100)
    templates: list[TemplateEntry] = Field(default=[], max_length=30)
