"""The days of a calendar page: which ones, and what stands on each. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from .duties import monday

VIEWS = ("month", "week", "list")
LIST_DAYS = 31
DAY = timedelta(days=1)


@dataclass
class Day:
    """One day of the page; `entries` are (source, entry)."""

    on: date
    is_inside: bool = True
    is_today: bool = False
    entries: list = field(default_factory=list)


@dataclass(frozen=True)
class Pages:
    """The days of a view around `on`: from `first` to before `last`, and the days that the view
    before and the one after begin with.
    """

    view: str
    on: date
    first: date
    last: date
    before: date
    after: date


def pages(view: str, on: date) -> Pages:
    """The period of a view. A month is shown in whole weeks."""
    if view == "week":
        first = monday(on)
        return Pages(view, on, first, first + 7 * DAY, first - 7 * DAY, first + 7 * DAY)
    if view == "list":
        return Pages(view, on, on, on + LIST_DAYS * DAY, on - LIST_DAYS * DAY, on + LIST_DAYS * DAY)
    begins = on.replace(day=1)
    ends = begins.replace(day=monthrange(on.year, on.month)[1])
    first, last = monday(begins), monday(ends) + 7 * DAY
    return Pages(view, on, first, last, (begins - DAY).replace(day=1), ends + DAY)


def days(shown: Pages, entries, zone: ZoneInfo, today: date) -> list[Day]:
    """Every day of the period with what stands on it. What lasts a day or longer stands on each of
    its days; a night stands where it begins, or on the first day that is shown.
    """
    found = {}
    day = shown.first
    while day < shown.last:
        is_inside = shown.view != "month" or day.month == shown.on.month
        found[day] = Day(day, is_inside, day == today)
        day += DAY
    for source, entry in entries:
        on_days = [on for on in entry.days(zone) if on in found]
        is_short = not entry.is_all_day and entry.ends - entry.starts < DAY
        for on in on_days[:1] if is_short else on_days:
            found[on].entries.append((source, entry))
    return list(found.values())


def weeks(shown: list[Day]) -> list[list[Day]]:
    """The days in rows of seven."""
    return [shown[number : number + 7] for number in range(0, len(shown), 7)]
