"""The clock of a case: it starts on the day of acceptance, which is not counted (Licensing Law
art. 82).
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from platform_core.common import workcalendar

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Clock:
    """Moments by which a case is due; None where the calendar of a year is not published yet."""

    promise_due_at: datetime | None
    promise_warn_at: datetime | None
    legal_due_at: datetime | None


def clock_from(accepted_at: datetime, promise_days: int, legal_days: int) -> Clock:
    """The clock of a case accepted at `accepted_at`; days are working days, the promise never
    exceeds the law.
    """
    promise = min(promise_days, legal_days)
    return Clock(
        promise_due_at=_known(workcalendar.due_at, accepted_at, promise),
        promise_warn_at=_known(workcalendar.warn_at, accepted_at, promise),
        legal_due_at=_known(workcalendar.due_at, accepted_at, legal_days),
    )


def _known(moment, start: datetime, days: int) -> datetime | None:
    """A missing date is better than a wrong one: next year's holidays may not be announced yet."""
    try:
        return moment(start, days)
    except workcalendar.CalendarUnknown:
        log.warning("case.calendar_unknown", start=start.isoformat(), days=days)
        return None


def light(case, now: datetime) -> dict | None:
    """The deadline light of a running case for `due_light`, None when no clock runs."""
    if case.is_ended or case.promise_due_at is None:
        return None
    return workcalendar.deadline_light(case.promise_due_at, case.promise_warn_at, now)
