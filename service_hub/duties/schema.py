"""The manifest section "duties": what firms have to do by when, which firms, and how it is done."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from platform_core.capabilities.forms.fields import Rule
from platform_core.common.i18n import Text
from platform_core.napps.manifest import Key, Strict
from service_hub.bundles.schema import Item

Day = Annotated[int, Field(ge=1, le=31)]
Law = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Once(Strict):
    """On one day."""

    kind: Literal["once"]
    on: date


class Monthly(Strict):
    """Every month; a day that the month does not have is its last one."""

    kind: Literal["monthly"]
    day: Day


class Quarterly(Strict):
    """In the first, second or third month of every quarter."""

    kind: Literal["quarterly"]
    month: int = Field(ge=1, le=3)
    day: Day


class Yearly(Strict):
    """Every year; 29 February is the 28th where there is none."""

    kind: Literal["yearly"]
    month: int = Field(ge=1, le=12)
    day: Day


class Validity(Strict):
    """So many working days before a certificate of the duty's `service` ends."""

    kind: Literal["validity"]
    working_days: int = Field(ge=0, le=120)


Recurrence = Annotated[Once | Monthly | Quarterly | Yearly | Validity, Field(discriminator="kind")]


class Duty(Strict):
    """`firms` is a rule over what the business register says, none for every firm. `shift` moves a
    day on which no office works. It can be done from `opens_days` before. `done_by` says which
    moment of a case of `service` fulfils it; without a service, members say that it is done.
    """

    key: Key
    title: Text
    explanation: Text
    basis: Law
    firms: Rule | None = None
    when: Recurrence
    since: date
    shift: Literal["none", "next", "previous"] = "next"
    opens_days: int = Field(default=30, ge=0, le=366)
    service: Item | None = None
    done_by: Literal["filed", "approved"] = "filed"
    may_mark: bool = True
