"""How people rated the work of an organ, for whoever shows it without knowing who collects it.

    register_ratings(RatingSource(grades=…, counted=…, listed=…))      the module that keeps ratings
    source = rating_source()                                            whoever shows them, or None

Of fewer than `numbers.SMALLEST_GROUP` ratings somebody might be guessed: shares, grades and lists
are left out there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Grade:
    """One grade of the scale; `is_good` says whether it counts as satisfied."""

    value: int
    title: object
    is_good: bool


@dataclass(frozen=True)
class Counted:
    """How many ratings of one grade there are for services of the month beginning with `month`."""

    month: date
    grade: int
    count: int


@dataclass(frozen=True)
class Rated:
    """One rating: when the service was, what it was about, and the page of its case, "" when the
    reader may not open it.
    """

    at: datetime
    title: str
    number: str
    grade: int
    url: str = ""


@dataclass(frozen=True)
class RatingSource:
    """`grades()` is the scale, the best first. `counted(departments, first, until)` counts by month
    and grade what was rated about the services of those organs in these days (`until` is outside).
    `listed(user, departments, first, until, grade, start, size)` is (a slice of these ratings, the
    newest first; how many there are; how many of them `user` may not see one by one); the slice and
    the first number leave those out. Constant queries each.
    """

    grades: Callable
    counted: Callable
    listed: Callable


_sources: list[RatingSource] = []


def register_ratings(source: RatingSource) -> None:
    """Make ratings known; registered again, the last one counts."""
    _sources[:] = [source]


def rating_source() -> RatingSource | None:
    """Where ratings come from; None where nobody collects any."""
    return _sources[0] if _sources else None
