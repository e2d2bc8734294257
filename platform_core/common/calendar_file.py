"""An appointment or a meeting as a calendar file (iCalendar, RFC 5545). Pure.

The time zone is written out, because a reader may not know its name: China has had one offset and
no summer time since 1991.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
LONGEST_LINE = 75
ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19910915T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


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
    """One event. `uid` stays the same when the appointment is moved, `sequence` counts the moves,
    so that a calendar replaces the earlier one.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Govplatform//Calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *ZONE,
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;TZID=Asia/Shanghai:{_local(starts_at)}",
        f"DTEND;TZID=Asia/Shanghai:{_local(ends_at)}",
        f"SUMMARY:{escaped(title)}",
        f"LOCATION:{escaped(place)}",
        f"DESCRIPTION:{escaped(note)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(title)}",
        "TRIGGER:-PT2H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y%m%dT%H%M%S}"


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
