"""Appointments, meetings and days as a calendar file (iCalendar, RFC 5545). Pure.

The time zone is written out, with every change of the clocks in the years that matter, because a
reader may not know its name. What falls into the hour that a change of the clocks repeats is
written in UTC, because the local time would mean both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
LONGEST_LINE = 75
LONG_AGO = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Event:
    """One event. `starts` and `ends` are two moments with their zone, or two days for whole days;
    the end itself no longer belongs to it (None: one day). `uid` stays the same when it is moved,
    `sequence` counts the moves, so that a calendar replaces the earlier one. `alarm` is how long
    before a reader is reminded.
    """

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date | None = None
    place: str = ""
    note: str = ""
    sequence: int = 0
    alarm: timedelta | None = None

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.starts, datetime)


def calendar_file(
    *,
    uid: str,
    made_at: datetime,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    place: str,
    note: str,
    sequence: int = 0,
) -> bytes:
    """One event, of which a reader is reminded two hours before."""
    event = Event(uid, title, starts_at, ends_at, place, note, sequence, timedelta(hours=2))
    return calendar([event], made_at=made_at)


def calendar(
    events: Iterable[Event], *, made_at: datetime, name: str = "", zone: ZoneInfo = CHINA
) -> bytes:
    """All `events` as one file, times written in `zone`. With `name` it can be subscribed to."""
    events = list(events)
    timed = [one for one in events if not one.is_all_day]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Govplatform//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    if name:
        lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"]
        lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]
    if timed:
        first, last = min(one.starts for one in timed), max(one.starts for one in timed)
        lines += zone_lines(zone, first, last)
    for one in events:
        lines += _event_lines(one, made_at, zone)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _event_lines(event: Event, made_at: datetime, zone: ZoneInfo) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_utc(made_at)}"
    if event.is_all_day:
        ends = event.ends or event.starts + timedelta(days=1)
        yield f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{ends:%Y%m%d}"
    else:
        yield f"DTSTART{_moment(event.starts, zone)}"
        yield f"DTEND{_moment(event.ends or event.starts, zone)}"
    yield f"SUMMARY:{escaped(event.title)}"
    if event.place:
        yield f"LOCATION:{escaped(event.place)}"
    if event.note:
        yield f"DESCRIPTION:{escaped(event.note)}"
    if event.alarm is not None:
        minutes = int(event.alarm.total_seconds()) // 60
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(event.title)}")
        yield from (f"TRIGGER:-PT{minutes}M", "END:VALARM")
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        return f":{_utc(moment)}"
    return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"


def zone_lines(zone: ZoneInfo, first: datetime, last: datetime) -> list[str]:
    """The zone with its changes of the clocks from the year before `first` to that after `last`."""
    start = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    end = datetime(last.year + 2, 1, 1, tzinfo=UTC)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone.key}"]
    lines += _observance(start.astimezone(zone), LONG_AGO, start.astimezone(zone).utcoffset())
    for change in _changes(zone, start, end):
        before = (change - timedelta(seconds=1)).astimezone(zone).utcoffset()
        begins = (change + before).replace(tzinfo=None)
        lines += _observance(change.astimezone(zone), begins, before)
    return [*lines, "END:VTIMEZONE"]


def _observance(local: datetime, begins: datetime, before: timedelta) -> list[str]:
    kind = "DAYLIGHT" if local.dst() else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{begins:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(local.utcoffset())}",
        f"TZNAME:{local.tzname()}",
        f"END:{kind}",
    ]


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments between `start` and `end` at which the clocks of `zone` change."""
    day = start
    while day < end:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield change_within(zone, day, following)
        day = following


def change_within(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The moment between `low` and `high` (both UTC) at which the clocks change, which they do
    once there; changes lie on whole minutes.
    """
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def escaped(text: str) -> str:
    """Text with backslash, comma, semicolon and line break written as the format wants them."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line of at most 75 octets; the rest stands on further lines that begin with a blank.
    No character is cut in two.
    """
    parts, current, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > LONGEST_LINE:
            parts.append(current)
            current, size = "", 1  # the blank at the beginning counts
        current += char
        size += width
    return "\r\n ".join([*parts, current])
