"""When a hall is open and which slots a day has. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

Hours = list[tuple[time, time]]
MONDAY = 0


def hours_on(
    day: date,
    weekly: dict[int, Hours],
    exceptions: dict[date, Hours],
    is_workday: Callable[[date], bool],
) -> Hours:
    """The opening hours of `day`, in order; none when the hall is closed.

    An exception counts before everything. On a public holiday the hall is closed; a Saturday or
    Sunday on which offices work instead has the hours of a Monday when it has none of its own.
    """
    if day in exceptions:
        return sorted(exceptions[day])
    usual = sorted(weekly.get(day.weekday(), []))
    if day.weekday() < 5:
        return usual if is_workday(day) else []
    if usual or not is_workday(day):
        return usual
    return sorted(weekly.get(MONDAY, []))


def slots_of(hours: Hours, minutes: int) -> list[tuple[time, time]]:
    """The slots that fit whole into the opening hours, one after the other."""
    found = []
    for opens, closes in hours:
        at, end = _minutes(opens), _minutes(closes)
        while at + minutes <= end:
            found.append((_time(at), _time(at + minutes)))
            at += minutes
    return found


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def days_from(today: date, ahead: int) -> Iterable[date]:
    """The days on which one can book: today and `ahead` more."""
    return (today + timedelta(days=number) for number in range(ahead + 1))


def barred_until(no_shows: Iterable[datetime], today: date) -> date | None:
    """The day until which somebody who often did not come books no appointments online.

    Three times within 90 days bar for 30 days after the last of them.
    """
    recent = sorted(one.date() for one in no_shows if today - one.date() <= timedelta(days=90))
    if len(recent) < 3:
        return None
    until = recent[-1] + timedelta(days=30)
    return until if until >= today else None
