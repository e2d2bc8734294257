"""Steps that no official does: they ask the applicant, a table, code, a clock, another process."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from platform_core.common.i18n import Text

from .parts import Key, Part, StepKey

WORK = ("call", "subprocess", "timer")
# What these could not do is looked at by people, who try again or go on without.
FALLIBLE = ("call", "decision")
MAX_TERM_DAYS = 3650


class Correct(Part):
    """The applicant is asked to correct `fields`; the process waits for the answer."""

    kind: Literal["correct"]
    key: StepKey = ""
    title: Text
    fields: Annotated[tuple[Key, ...], Field(min_length=1, max_length=300)]
    note: Text


class Decide(Part):
    """A decision table of the same manifest answers; its outputs become the facts
    `<step>_<output>`. Where no row fits, the heads of the department look at it."""

    kind: Literal["decision"]
    key: Key
    title: Text
    decision: Key


class Returned(Part):
    """One value that a hook gives back; it becomes the fact `<step>_<key>`."""

    key: Key
    type: Literal["text", "number", "yes_no", "date"]


class Call(Part):
    """A hook of the N-app's code does something once; the process waits until it has.

    `asks` are the answers that the hook is given. When it keeps failing, the heads of the
    department get a task: try again, or go on because it was done by hand.
    """

    kind: Literal["call"]
    key: Key
    title: Text
    hook: Annotated[str, Field(min_length=1, max_length=60)]
    asks: Annotated[tuple[Key, ...], Field(max_length=100)] = ()
    returns: Annotated[tuple[Returned, ...], Field(max_length=20)] = ()


class SubProcess(Part):
    """Another process of the manifest runs for the same subject; this one waits for its close."""

    kind: Literal["subprocess"]
    key: Key
    title: Text
    process: Key
    on_rejected: Literal["reject", "go_on", "return"] = "reject"


class Timer(Part):
    """The process waits for some working days, calendar days, or until a day that was answered.

    A term of working days ends with the office hours of its last day, one of calendar days after so
    many times 24 hours, and a day begins at midnight; a day that is empty or past waits no more.
    """

    kind: Literal["timer"]
    key: StepKey = ""
    title: Text
    working_days: Annotated[int, Field(ge=1, le=250)] | None = None
    days: Annotated[int, Field(ge=1, le=MAX_TERM_DAYS)] | None = None
    until: Key | None = None

    @model_validator(mode="after")
    def _one_term(self):
        if sum(term is not None for term in (self.working_days, self.days, self.until)) != 1:
            raise ValueError("needs exactly one of working_days, days and until")
        return self
