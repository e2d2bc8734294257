"""The clock of a case: it starts on the day of acceptance, which is not counted (Licensing Law
art. 82).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from platform_core.capabilities.process.suspension.clock import Pause, paused
from platform_core.common import workcalendar

# Licensing Law art. 32: at once or within five days; days of law are working days (art. 82).
ACCEPTANCE_DAYS = 5


@dataclass(frozen=True)
class Clock:
    """Moments by which a case is due; None where the calendar of a year is not published yet."""

    promise_due_at: datetime | None
    promise_warn_at: datetime | None
    legal_due_at: datetime | None


def clock_from(
    accepted_at: datetime, promise_days: int, legal_days: int, pauses: Sequence[Pause] = ()
) -> Clock:
    """The clock of a case accepted at `accepted_at`; days are working days, the promise never
    exceeds the law. Days of `pauses` do not count; while one has no end, the clock stands.
    """
    promise = min(promise_days, legal_days)
    known = workcalendar.if_known
    due = known(paused, workcalendar.due_at, accepted_at, promise, pauses)
    warn = known(paused, workcalendar.warn_at, accepted_at, promise, pauses)
    return Clock(
        promise_due_at=due,
        promise_warn_at=warn if due is not None else None,
        legal_due_at=known(paused, workcalendar.due_at, accepted_at, legal_days, pauses),
    )


def acceptance_due(received_at: datetime) -> datetime | None:
    """Until when an organ has to accept an application, or to ask for its correction; after that it
    counts as accepted from the day it was received (Licensing Law art. 32).
    """
    return workcalendar.if_known(workcalendar.due_at, received_at, ACCEPTANCE_DAYS)


def level(case, now: datetime) -> str:
    """The light of the promise at `now`: "g", "y" from 80 % of the time or one working day before
    the end, "r" after it; "" while no clock runs.
    """
    due = light(case, now)
    return due["level"] if due else ""


def light(case, now: datetime) -> dict | None:
    """The deadline light of a running case for `due_light`, None when no clock runs."""
    if case.decided_at or case.is_ended or case.promise_due_at is None:
        return None
    return workcalendar.deadline_light(case.promise_due_at, case.promise_warn_at, now)
