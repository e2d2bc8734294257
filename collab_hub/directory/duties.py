"""Who is on duty when: weekly pattern, people who take turns, exceptions, gaps. Pure.

A shift is written in the clock time of its place. Its moments are worked out day by day, so a night
shift is an hour longer or shorter when the clocks change, and one shift still begins where the
other ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from platform_core.common.calendar_file import change_within

WEEK = 7
# Why nobody is there.
NOBODY, LEFT, AWAY, CLASH, UNPLANNED = "nobody", "left", "away", "clash", "unplanned"


@dataclass(frozen=True)
class Shift:
    """One shift of the week (`weekday` 0 is Monday) from `first_on` to `last_on` (None: on and on).

    It ends the next day when `ends` is not later than `begins`. `people` take turns, each for a
    week, or for a day when `is_daily`.
    """

    key: int
    weekday: int
    begins: time
    ends: time
    first_on: date
    last_on: date | None = None
    people: tuple[int, ...] = ()
    is_daily: bool = False

    def falls_on(self, day: date) -> bool:
        is_in_force = self.first_on <= day and (self.last_on is None or day <= self.last_on)
        return is_in_force and day.weekday() == self.weekday

    def person_on(self, day: date) -> int | None:
        """Whose turn it is; turns are counted from the Monday of the first week."""
        if not self.people:
            return None
        days = (day - monday(self.first_on)).days
        return self.people[(days if self.is_daily else days // WEEK) % len(self.people)]


@dataclass(frozen=True)
class Duty:
    """One shift on one day: who has it, or why nobody does. `planned` is who would have it."""

    shift: int | None
    on: date
    starts_at: datetime
    ends_at: datetime
    person: int | None = None
    planned: int | None = None
    gap: str = ""

    @property
    def uid(self) -> str:
        return f"duty-{self.shift}-{self.on:%Y%m%d}@govplatform"


def monday(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def moment_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment at which the clock of `zone` shows `at`, in UTC. A time that a change of the
    clocks leaves out is the moment of the change, of one that comes twice the first is meant: so
    what is earlier by the clock is never later.
    """
    local = datetime.combine(day, at, tzinfo=zone)
    moment, other = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    return change_within(zone, other, moment) if other < moment else moment


def span(shift: Shift, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the shift of `day` begins and ends."""
    last = day if shift.ends > shift.begins else day + timedelta(days=1)
    return moment_at(day, shift.begins, zone), moment_at(last, shift.ends, zone)


def planned(
    shifts: Iterable[Shift],
    changes: dict[tuple[int, date], int | None],
    first: date,
    last: date,
    zone: ZoneInfo,
) -> list[Duty]:
    """Every duty that begins from `first` to before `last`, in order, whether or not its person can
    come. `changes` says who has a shift on a day instead (None: nobody).
    """
    found = []
    for shift in shifts:
        day = first + timedelta(days=(shift.weekday - first.weekday()) % WEEK)
        while day < last:
            if shift.falls_on(day):
                starts_at, ends_at = span(shift, day, zone)
                turn = shift.person_on(day)
                person = changes.get((shift.key, day), turn)
                found.append(
                    Duty(shift.key, day, starts_at, ends_at, person, person,
                         "" if person else NOBODY)
                )  # fmt: skip
            day += timedelta(days=WEEK)
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.shift))


def said(duties: Iterable[Duty], why_not: Callable[[int, Duty], str]) -> list[Duty]:
    """The same duties with a gap wherever `why_not(person, duty)` gives a reason, and where the
    person has another duty at the same time.
    """
    found = []
    for duty in duties:
        reason = why_not(duty.person, duty) if duty.person else duty.gap
        found.append(replace(duty, person=None, gap=reason) if reason else duty)
    double = clashes(found)
    return [replace(one, person=None, gap=CLASH) if one in double else one for one in found]


def clashes(duties: Iterable[Duty]) -> set[Duty]:
    """The duties that begin while the same person still has an earlier one."""
    found, busy = set(), {}
    for duty in sorted(duties, key=lambda one: (one.starts_at, one.ends_at, one.shift or 0)):
        if not duty.person:
            continue
        if duty.starts_at < busy.get(duty.person, duty.starts_at):
            found.add(duty)
        else:
            busy[duty.person] = duty.ends_at
    return found


def beside(duties: Iterable[Duty], others: Iterable[Duty]) -> dict[Duty, list[Duty]]:
    """{duty: those of `others` that its person has at the same time}, of whoever has any."""
    by_person: dict[int, list[Duty]] = {}
    for one in others:
        if one.person:
            by_person.setdefault(one.person, []).append(one)
    found = {}
    for duty in duties:
        same = [
            one
            for one in by_person.get(duty.person, ())
            if one.starts_at < duty.ends_at and duty.starts_at < one.ends_at
        ]
        if same:
            found[duty] = same
    return found


def holes(duties: Iterable[Duty], starts_at: datetime, ends_at: datetime) -> list[Duty]:
    """The times of the period for which no shift is planned at all."""
    found, at = [], starts_at
    for duty in sorted(duties, key=lambda one: one.starts_at):
        begins = min(duty.starts_at, ends_at)
        if begins > at:
            found.append(Duty(None, at.date(), at, begins, gap=UNPLANNED))
        at = max(at, duty.ends_at)
    if at < ends_at:
        found.append(Duty(None, at.date(), at, ends_at, gap=UNPLANNED))
    return found


def now_on(duties: Iterable[Duty], at: datetime) -> Iterator[Duty]:
    """The duties under way at the moment `at`."""
    return (one for one in duties if one.starts_at <= at < one.ends_at)


def swapped(duties: Iterable[Duty], one: tuple[int, date], other: tuple[int, date]) -> list[Duty]:
    """The duties after two of them have changed their people."""
    duties = list(duties)
    people = {(duty.shift, duty.on): duty.person for duty in duties}
    new = {one: people[other], other: people[one]}
    return [replace(duty, person=new.get((duty.shift, duty.on), duty.person)) for duty in duties]
