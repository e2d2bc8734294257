"""Days and times of day: from what was typed to what is stored. Pure."""

import re
import unicodedata
from datetime import date, time

from django.utils.translation import gettext as _

from .facts import Facts
from .schema import bound_day
from .texts import Wrong, as_text, checked, tidy_line

DAY = re.compile("([0-9]{4})[-/.\u5e74]([0-9]{1,2})[-/.\u6708]([0-9]{1,2})\u65e5?\\Z")
COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})\Z")
TIME = re.compile("([0-9]{1,2})[:\u65f6\u70b9.]([0-9]{2})(?::[0-9]{2})?\u5206?\\Z")
MOMENT = re.compile("(.*[0-9\u65e5])[T ]+([0-9]{1,2}[:\u65f6\u70b9.][0-9]{2}.*)\\Z", re.DOTALL)
WORKING = re.compile(r"today([+-][0-9]+)wd\Z")


def shown_day(day: date) -> str:
    return day.isoformat()


def read_day(text: str) -> date | None:
    """A day written 2026-11-25, 2026/11/25, 20261125 or with the Chinese signs."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = DAY.match(text) or COMPACT_DAY.match(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """A time of day written 9:30, 09:30:00, 9.30 or with the Chinese signs."""
    match = TIME.match(unicodedata.normalize("NFKC", text).replace(" ", ""))
    try:
        return time(int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def _typed(raw) -> str:
    return checked(tidy_line(as_text(raw))[:60])


def _day(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise Wrong(_("Write a date as year-month-day, for example 2026-11-25."))
    return day


def _within(field, day: date, earliest: date | None, latest: date | None) -> None:
    if latest and day > latest:
        if field.latest == "today":
            raise Wrong(_("The date must not be in the future."))
        raise Wrong(_("The date must be %(day)s or earlier.") % {"day": shown_day(latest)})
    if earliest and day < earliest:
        if field.earliest == "today":
            raise Wrong(_("The date must not be in the past."))
        raise Wrong(_("The date must be %(day)s or later.") % {"day": shown_day(earliest)})


def _bounds(field, today: date) -> tuple[date | None, date | None]:
    return tuple(
        bound_day(bound, today) if bound else None for bound in (field.earliest, field.latest)
    )


def clean_date(field, raw, facts: Facts) -> str | None:
    text = _typed(raw)
    if not text:
        return None
    day = _day(text)
    _within(field, day, *_bounds(field, facts.today))
    return day.isoformat()


def bound_working_day(bound: str, facts: Facts) -> date | None:
    """The day that a bound such as "today+5wd" means; None where the calendar does not reach."""
    match = WORKING.match(bound)
    if not match:
        return bound_day(bound, facts.today)
    calendar = facts.reference.calendar
    found = calendar.after(facts.today.toordinal(), int(match[1])) if calendar else None
    return date.fromordinal(found) if found else None


def clean_working_day(field, raw, facts: Facts) -> str | None:
    text = _typed(raw)
    if not text:
        return None
    day = _day(text)
    bounds = [
        bound_working_day(bound, facts) if bound else None
        for bound in (field.earliest, field.latest)
    ]
    _within(field, day, *bounds)
    calendar = facts.reference.calendar
    works = calendar.is_working(day.toordinal()) if calendar else None
    if works is None:
        raise Wrong(
            _("The working days of %(year)s are not published yet. Choose an earlier day.")
            % {"year": day.year}
        )
    if not works:
        raise Wrong(_("%(day)s is not a working day. %(next)s") % _next_working(day, calendar))
    return day.isoformat()


def _next_working(day: date, calendar) -> dict[str, str]:
    found = calendar.after(day.toordinal(), 1)
    after = date.fromordinal(found) if found else None
    said = _("The next one is %(day)s.") % {"day": shown_day(after)} if after else ""
    return {"day": shown_day(day), "next": said}


def clean_time(field, raw, facts: Facts) -> str | None:
    text = _typed(raw)
    if not text:
        return None
    found = read_time(text)
    if found is None:
        raise Wrong(_("Write a time as hours and minutes, for example 09:30."))
    written = f"{found:%H:%M}"
    if field.earliest and written < field.earliest:
        raise Wrong(_("The time must be %(time)s or later.") % {"time": field.earliest})
    if field.latest and written > field.latest:
        raise Wrong(_("The time must be %(time)s or earlier.") % {"time": field.latest})
    return written


def clean_datetime(field, raw, facts: Facts) -> str | None:
    text = unicodedata.normalize("NFKC", _typed(raw))
    if not text:
        return None
    match = MOMENT.match(text)
    day, at = (read_day(match[1]), read_time(match[2])) if match else (None, None)
    if day is None or at is None:
        raise Wrong(_("Write a date and a time, for example 2026-11-25 09:30."))
    _within(field, day, *_bounds(field, facts.today))
    return f"{day.isoformat()}T{at:%H:%M}"


def is_real_bound(bound: str) -> bool:
    """Whether a bound of an author is a day at all."""
    today = date(2026, 1, 1)
    return bool(WORKING.match(bound)) or bound_day(bound, today) is not None


def default_day(default: str, today: date) -> str:
    """A default such as "today+3" as the day that it means now."""
    day = bound_day(default, today) if default.startswith("today") else None
    return day.isoformat() if day else default
