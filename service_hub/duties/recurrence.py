"""On which days a duty is due. Pure: a predicate says what a working day is, if it is known."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from platform_core.common.workcalendar import CalendarUnknown

from .schema import Monthly, Once, Quarterly, Recurrence, Yearly

MONTHS_OF_QUARTER = 3
# Longer than any run of days off; the calendar has no working day left beyond it.
LONGEST_SHIFT = 31
STEPS = {"next": timedelta(days=1), "previous": timedelta(days=-1)}


@dataclass(frozen=True)
class Occurrence:
    """One time that a duty is due. `nominal` is the day as declared, `on` the day after the shift:
    None when the working days of that year are not published.
    """

    period: str
    nominal: date
    on: date | None
    opens: date

    @property
    def day(self) -> date:
        """The day to go by: the shifted one, else the declared one."""
        return self.on or self.nominal


def clamped(year: int, month: int, day: int) -> date:
    """That day, or the last one of the month."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def days_between(when: Recurrence, first: date, last: date) -> Iterator[tuple[str, date]]:
    """(period, declared day) from `first` to `last`, both in, the earliest first."""
    for period, day in _days(when, first.year, last.year):
        if first <= day <= last:
            yield period, day


def _days(when: Recurrence, first: int, last: int) -> Iterator[tuple[str, date]]:
    years = range(first, last + 1)
    if isinstance(when, Once):
        yield when.on.isoformat(), when.on
    elif isinstance(when, Yearly):
        yield from ((str(year), clamped(year, when.month, when.day)) for year in years)
    elif isinstance(when, Monthly):
        for year in years:
            for month in range(1, 13):
                yield f"{year}-{month:02d}", clamped(year, month, when.day)
    elif isinstance(when, Quarterly):
        for year in years:
            for quarter in range(4):
                month = quarter * MONTHS_OF_QUARTER + when.month
                yield f"{year}-Q{quarter + 1}", clamped(year, month, when.day)


def shifted(day: date, shift: str, is_workday: Callable[[date], bool]) -> date | None:
    """The working day that counts; None when the calendar does not reach."""
    if shift == "none":
        return day
    try:
        for number in range(LONGEST_SHIFT):
            moved = day + number * STEPS[shift]
            if is_workday(moved):
                return moved
    except CalendarUnknown:
        pass
    return None


def working_days_before(day: date, count: int, is_workday: Callable[[date], bool]) -> date | None:
    """The `count`-th working day before `day`; None when the calendar does not reach."""
    try:
        for _number in range(1, 4 * count + LONGEST_SHIFT):
            if count == 0:
                break
            day -= timedelta(days=1)
            count -= is_workday(day)
    except CalendarUnknown:
        return None
    return day


def occurrences(
    when: Recurrence, shift: str, opens_days: int, first: date, last: date,
    is_workday: Callable[[date], bool],
) -> list[Occurrence]:  # fmt: skip
    """Every time that a duty is due, by its declared day, from `first` to `last`."""
    return [
        Occurrence(period, day, shifted(day, shift, is_workday), day - timedelta(days=opens_days))
        for period, day in days_between(when, first, last)
    ]


def of_certificate(
    document_id, ends: date, working_days: int, opens_days: int, is_workday
) -> Occurrence:
    """The one time that a certificate which ends on `ends` has to be renewed."""
    on = working_days_before(ends, working_days, is_workday)
    return Occurrence(str(document_id), ends, on, (on or ends) - timedelta(days=opens_days))


def waiting(found: Iterable[Occurrence], done: set[str], today: date) -> list[Occurrence]:
    """What is late, what can be done now, and the next one after that."""
    shown = []
    for one in sorted(found, key=lambda one: (one.day, one.period)):
        if one.period in done:
            continue
        shown.append(one)
        if one.opens > today:
            break
    return shown


def fulfilled_by(found: Iterable[Occurrence], done: set[str], on: date) -> Occurrence | None:
    """What a case of the day `on` fulfils: the oldest that was open and not done."""
    return next((one for one in waiting(found, done, on) if one.opens <= on), None)
