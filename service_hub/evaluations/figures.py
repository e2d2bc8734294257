"""The published figures of the good-and-bad review (好差评): what each means, and hiding small
groups. Pure.

A rating counts in the month of the service that it is about, so that the active rate compares like
with like. Excluded ratings are counted by themselves and nowhere else (GB/T 39734 app. B).
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from platform_core.common.numbers import SMALLEST_GROUP


@dataclass(frozen=True)
class Counts:
    """What is counted for one group; everything else is a share of these."""

    cases: int = 0
    services: int = 0
    ratings: int = 0
    good: int = 0
    bad: int = 0
    excluded: int = 0
    due: int = 0
    in_time: int = 0
    named: int = 0
    called_back: int = 0
    rectified: int = 0
    microseconds: int = 0


@dataclass(frozen=True)
class Figures:
    """The figures of one group as they are published; None where there is nothing to say, or where
    a small group is hidden (`is_hidden`).
    """

    cases: int | None
    services: int | None
    ratings: int | None
    active_rate: float | None
    good_rate: float | None
    bad: int | None
    in_time_rate: float | None
    called_back_rate: float | None
    hours: float | None
    excluded: int | None
    is_hidden: bool = False


OF_RATINGS = (
    "ratings",
    "active_rate",
    "good_rate",
    "bad",
    "in_time_rate",
    "called_back_rate",
    "hours",
    "excluded",
)


def share(part: int, whole: int) -> float | None:
    """`part` of `whole` in per cent with one decimal; None of nothing."""
    return _rounded(Decimal(100 * part) / whole) if whole else None


def _rounded(value: Decimal) -> float:
    """One decimal, halves upwards, as people and databases round."""
    return float(value.quantize(Decimal("0.1"), ROUND_HALF_UP))


def figures_of(counts: Counts) -> Figures:
    """The published figures of a group, nothing hidden yet."""
    hours = Decimal(counts.microseconds) / 3_600_000_000
    return Figures(
        cases=counts.cases,
        services=counts.services,
        ratings=counts.ratings,
        active_rate=share(counts.ratings, counts.services),
        good_rate=share(counts.good, counts.ratings),
        bad=counts.bad,
        in_time_rate=share(counts.in_time, counts.due),
        called_back_rate=share(counts.called_back, counts.named),
        hours=_rounded(hours / counts.rectified) if counts.rectified else None,
        excluded=counts.excluded,
    )


def hidden(figures: Figures) -> Figures:
    """The figures without whatever tells of single ratings."""
    return replace(figures, **dict.fromkeys(OF_RATINGS), is_hidden=True)


def is_small(counts: Counts) -> bool:
    """Whether the group has so few ratings that somebody might be guessed; none at all says
    nothing of anybody.
    """
    return counts.ratings < SMALLEST_GROUP and counts.ratings + counts.excluded > 0


def published(groups: list[Counts]) -> list[Figures]:
    """The figures of the groups of one table, small ones hidden. When only one is hidden, the next
    smallest is too: else the total less the others would tell it.
    """
    small = {number for number, counts in enumerate(groups) if is_small(counts)}
    if len(small) == 1:
        rest = [
            (counts.ratings + counts.excluded, number)
            for number, counts in enumerate(groups)
            if number not in small and counts.ratings + counts.excluded
        ]
        small |= {min(rest)[1]} if rest else set()
    shown = [figures_of(counts) for counts in groups]
    return [hidden(one) if number in small else one for number, one in enumerate(shown)]
