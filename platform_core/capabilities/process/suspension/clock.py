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
    return unless_standing(moment(start, days, ended(pauses)), pauses)


def ended(pauses: Sequence[Pause]) -> list[tuple[date, date]]:
    """The pauses that are over."""
    return [(first, last) for first, last in pauses if last is not None]


def unless_standing(found: datetime, pauses: Sequence[Pause]) -> datetime | None:
    """`found`, or None when a pause without an end began before it."""
    standing = [first for first, last in pauses if last is None]
    return None if standing and timezone.localdate(found) >= min(standing) else found
