"""The manifest section "services": what a service item must say before people can use it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Kind, Strict

from .themes import THEMES

# The order in which the ways to have a material are tried.
LADDER = ("certificate", "shared", "organ", "pledge", "upload")


class CertificateWay(Strict):
    """A valid certificate of the service `napp`/`service` in the applicant's wallet."""

    way: Literal["certificate"]
    napp: Key
    service: Key


class SharedWay(Strict):
    """A fact of the kind `data` that an organ has shared."""

    way: Literal["shared"]
    data: Key


class OrganWay(Strict):
    """Another organ is asked to confirm it, while the case goes on."""

    way: Literal["organ"]
    department_kind: Kind
    working_days: int = Field(default=3, ge=1, le=20)
    question: Text


class PledgeWay(Strict):
    """The applicant pledges it (告知承诺) in the yes/no field `field` of the form."""

    way: Literal["pledge"]
    field: Key


class UploadWay(Strict):
    """The applicant adds it in the attachment field `field` of the form."""

    way: Literal["upload"]
    field: Key


Way = Annotated[
    CertificateWay | SharedWay | OrganWay | PledgeWay | UploadWay, Field(discriminator="way")
]


class Material(Strict):
    """One document. `source`: who brings it: "shared" (we hold it), "upload", "promise"
    (告知承诺).

    `code` names the same paper in every service; `ways` say how it can be had, the best is taken.
    """

    name: Text
    source: Literal["shared", "upload", "promise"]
    how: Text
    code: Key | None = None
    ways: list[Way] = Field(default_factory=list, max_length=5)


class Guide(Strict):
    """What people need to know before they begin. `visits` is how often they must come in
    person.
    """

    who: Text
    get: Text
    conditions: list[Text] = Field(default_factory=list, max_length=20)
    materials: list[Material] = Field(default_factory=list, max_length=30)
    fees: Text
    legal_basis: list[Text] = Field(min_length=1, max_length=20)
    flow: list[Text] = Field(min_length=1, max_length=12)
    visits: int = Field(default=0, ge=0, le=9)
    minutes: int = Field(default=5, ge=1, le=120)


class Answer(Strict):
    """The field of a step's form whose words the applicant gets as the answer."""

    form: Key
    field: Key


class Notice(Strict):
    """A document that is issued on the way: `document` names a template."""

    when: Literal[
        "accepted", "not_accepted", "returned", "passed_on", "correction", "extended",
        "approved", "refused",
    ]  # fmt: skip
    document: Key


class Result(Strict):
    """What an approved case ends with. `statements` are form fields printed on a certificate;
    `document` names the template of the certificate instead of title, statements and wording.
    `delivery` says how a paper reaches the applicant; without it the result is electronic only,
    and with "electronic" among the ways the applicant may do without the paper.
    """

    kind: Literal["certificate", "decision", "answer"]
    title: Text
    type_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{3}$")] = "001"
    valid_days: int | None = Field(default=None, ge=1, le=36500)
    statements: list[Key] = Field(default_factory=list, max_length=12)
    wording: Text | None = None
    answer: Answer | None = None
    document: Key | None = None
    delivery: list[Literal["window", "post", "electronic"]] = Field(
        default_factory=list, max_length=3
    )


class Service(Strict):
    """A service item (事项). Days are working days; `promise_days` 0 means: done the same day."""

    key: Key
    title: Text
    summary: Text
    keywords: list[Annotated[str, StringConstraints(min_length=1, max_length=40)]] = Field(
        default_factory=list, max_length=40
    )
    icon: Kind
    theme: str
    audience: list[Literal["person", "firm"]] = Field(min_length=1, max_length=2)
    basic_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}[0-9A-Z]{8}$")]
    code_digit: Annotated[str, StringConstraints(pattern=r"^[1-9]$")] = "4"
    item_type: Literal["01", "05", "07", "08", "09", "10", "20"]
    department_kind: Kind
    region_field: Key | None = None
    contact_field: Key | None = None
    form: Key
    process: Key
    guide: Guide
    promise_days: int = Field(ge=0, le=90)
    legal_days: int = Field(ge=0, le=180)
    # Licensing Law art. 42: at most ten working days, fifteen where several organs act together.
    extension_days: int = Field(default=10, ge=0, le=15)
    # The same where several organs act together: 45 working days, and fifteen more.
    joint_days: int = Field(default=45, ge=1, le=45)
    joint_extension_days: int = Field(default=15, ge=0, le=15)
    anonymous_allowed: bool = False
    result: Result | None = None
    notices: list[Notice] = Field(default_factory=list, max_length=8)

    @model_validator(mode="after")
    def _days_and_codes(self):
        if self.promise_days > self.legal_days:
            raise ValueError("promise_days may not be longer than legal_days")
        if self.basic_code[2:4] != self.item_type:
            raise ValueError("characters 3 and 4 of basic_code are the item type")
        if self.theme not in THEMES:
            raise ValueError(f"unknown theme {self.theme!r}; known: {', '.join(sorted(THEMES))}")
        return self
