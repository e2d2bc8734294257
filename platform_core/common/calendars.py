"""What stands in the calendars of the office, without the office knowing whose it is.

A module that has meetings, duties, bookings or due dates registers one *source*. It is asked for a
person's own entries, or for those of whole departments, and decides itself what that person may
read; the calendar draws them and writes them into calendar files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .calendar_file import Event


@dataclass(frozen=True)
class Asked:
    """Whose entries of which days are wanted: from midnight of `first` to before that of `last`, in
    `zone`. Without `departments` those of `user`; with them those of everybody there, as far as
    `user` may read them.
    """

    user: object
    first: date
    last: date
    zone: ZoneInfo
    departments: frozenset[int] = frozenset()

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.first, datetime.min.time(), tzinfo=self.zone)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.last, datetime.min.time(), tzinfo=self.zone)


@dataclass(frozen=True)
class CalendarEntry:
    """One thing in a calendar; `starts` and `ends` as in a calendar file's Event.

    `who` names the people, `is_gap` marks what somebody has to mend. `uid` is that of the entry in
    any other calendar file of the platform, so that nothing stands there twice.
    """

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date
    place: str = ""
    who: str = ""
    url: str = ""
    sequence: int = 0
    is_gap: bool = False

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.starts, datetime)

    def days(self, zone: ZoneInfo) -> list[date]:
        """The days on which it stands, by the clocks of `zone`; what ends at midnight does not
        reach into the next day.
        """
        if self.is_all_day:
            first, last = self.starts, max(self.starts, self.ends - timedelta(days=1))
        else:
            first = self.starts.astimezone(zone).date()
            ends = max(self.starts, self.ends - timedelta(microseconds=1))
            last = ends.astimezone(zone).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def event(self, note: str = "") -> Event:
        """The entry as calendar files write it."""
        return Event(self.uid, self.title, self.starts, self.ends, self.place, note, self.sequence)


@dataclass(frozen=True)
class CalendarSource:
    """Where entries come from: `entries(asked)` gives them in a constant number of queries.

    `leaves` says whether they go into calendars outside; what names citizens or cases does not.
    """

    key: str
    title: object
    icon: str
    entries: Callable[[Asked], list[CalendarEntry]]
    leaves: bool = True
    order: int = 100


_sources: dict[str, CalendarSource] = {}


def register_calendar_source(source: CalendarSource) -> CalendarSource:
    """Make a source known; registered again under the same key, the last one counts."""
    if not source.key.isidentifier():
        raise ValueError(f"not a key: {source.key}")
    _sources[source.key] = source
    return source


def calendar_sources() -> list[CalendarSource]:
    """Every source, in order."""
    return sorted(_sources.values(), key=lambda one: (one.order, one.key))


def entries_of(asked: Asked, keys=None) -> list[tuple[CalendarSource, CalendarEntry]]:
    """All entries, of the sources `keys` only when they are given, in order of beginning."""
    found = [
        (source, entry)
        for source in calendar_sources()
        if keys is None or source.key in keys
        for entry in source.entries(asked)
    ]

    def begins(pair) -> tuple:
        entry = pair[1]
        if entry.is_all_day:
            at = datetime.combine(entry.starts, datetime.min.time(), tzinfo=asked.zone)
        else:
            at = entry.starts
        return at, not entry.is_all_day, entry.title

    return sorted(found, key=begins)
