"""The days of a case: what its organ had published when it was filed, else what the N-app says."""

from datetime import datetime, timedelta

from django.utils import timezone

from platform_core.common.workcalendar import CalendarUnknown, working_days_between
from service_hub.items.definitions import definition_of


def days_of(case, accepted_at: datetime) -> tuple[int, int]:
    """(promised, by law) in working days. A newer version of either changes nothing.

    Where several organs act together the law gives more (Licensing Law art. 42); what was promised
    is not lengthened by it.
    """
    promised, by_law = _own_days(case, accepted_at)
    if case.is_joint:
        by_law = max(by_law, definition_of(case.item, case.napp_version).joint_days)
    return promised, by_law


def _own_days(case, accepted_at: datetime) -> tuple[int, int]:
    version = case.implementing_version
    if version is None:
        definition = definition_of(case.item, case.napp_version)
        return definition.promise_days, definition.legal_days
    days = (version.promise_days, version.legal_days)
    if not version.counts_calendar_days:
        return days
    return tuple(working_days_within(accepted_at, count) for count in days)


def working_days_within(start: datetime, calendar_days: int) -> int:
    """How many working days lie in so many calendar days: a term never ends later than they do.

    Where the calendar is not published, weekends are taken to be free and nothing else.
    """
    first = timezone.localdate(start)
    last = first + timedelta(days=calendar_days)
    try:
        return working_days_between(first, last)
    except CalendarUnknown:
        days = (first + timedelta(days=n) for n in range(1, calendar_days + 1))
        return sum(1 for day in days if day.weekday() < 5)
