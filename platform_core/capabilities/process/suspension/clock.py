"""A deadline that does not count the days of suspensions. Pure but for the calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.utils import timezone

Pause = tuple[date, date | None]


def paused(
    moment: Callable, start: datetime, days: int, pauses: Sequence[Pause]
) -> datetime | None:
    """`moment(start, days, pauses)` of the working calendar, or None while the clock stands.

    A pause without an end has no deadline behind it; one that had passed before stays as it is.
    """
    ended = [(first, last) for first, last in pauses if last is not None]
    found = moment(start, days, ended)
    standing = [first for first, last in pauses if last is None]
    if standing and timezone.localdate(found) >= min(standing):
        return None
    return found
