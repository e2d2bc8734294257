"""The days of a booking that repeats: same day of the week, same time by the clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .duties import moment_at

WEEK = timedelta(days=7)
MOST_TIMES = 26


@dataclass(frozen=True)
class Occasion:
    """One day of a repetition, with its moments in UTC."""

    on: date
    starts_at: datetime
    ends_at: datetime


def weekly(on: date, begins: time, ends: time, times: int, zone: ZoneInfo) -> list[Occasion]:
    """`times` days from `on`, a week apart, each from `begins` to `ends` as the clock of `zone`
    shows them: a change of the clocks moves the moment, never the hour.
    """
    days = [on + number * WEEK for number in range(times)]
    return [Occasion(day, moment_at(day, begins, zone), moment_at(day, ends, zone)) for day in days]


def overlapping(occasions: list[Occasion], bookings) -> dict[date, object]:
    """{day: the first booking in its way}; `bookings` are in order of their beginning."""
    found = {}
    for one in occasions:
        for other in bookings:
            if other.starts_at < one.ends_at and other.ends_at > one.starts_at:
                found[one.on] = other
                break
    return found
