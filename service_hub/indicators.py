"""Public figures of other modules: each registers how it is computed, the public board shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Filters:
    """What the figures are about: the days from `first` until before `until`, and whatever of
    area, organ, item and channel is chosen; None means all. `region` covers everything below it.
    """

    first: date
    until: date
    region: object | None = None
    department: object | None = None
    item: object | None = None
    channel: str = ""


@dataclass(frozen=True)
class Indicator:
    """A public figure: `compute(filters)` gives the number, or None when there is nothing to say
    under these filters; it costs at most one query.
    """

    key: str
    title: object
    unit: object
    compute: Callable[[Filters], int | float | None]


_indicators: dict[str, Indicator] = {}


def register_indicator(key: str, title, unit, compute: Callable) -> None:
    """Add a figure to the public board, or replace the one with the same key."""
    _indicators[key] = Indicator(key, title, unit, compute)


def indicators() -> list[Indicator]:
    """All registered figures, by key."""
    return [_indicators[key] for key in sorted(_indicators)]
