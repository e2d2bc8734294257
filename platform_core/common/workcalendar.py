"""Working days: statutory holidays and make-up working days of China, with the organ's own
overrides.

Terms of law run in working days (Administrative Licensing Law art. 82). The day on which something
begins is day 0 and is not counted; the term ends with the office hours of the n-th following
working day. `CalendarDay` rows win over the published calendar; a year that nobody has
published yet is refused rather than guessed. The functions that count take a day predicate, so
they know no database.
"""

import threading
import time as clock
from calendar import isleap
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import chinese_calendar
import structlog
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext

from .models import CalendarDay

log = structlog.get_logger(__name__)
OFFICE_ENDS = time(18, 0)
OVERRIDES_LIVE_SECONDS = 30
# No term of law comes near this; a longer walk means that the calendar has no working day left.
LONGEST_WALK_DAYS = 4000

Pauses = Iterable[tuple[date, date]]
IsWorkday = Callable[[date], bool]


class CalendarUnknown(Exception):
    """No calendar is published for the day, so no term can be computed over it."""

    def __init__(self, day: date):
        self.day = day
        super().__init__(
            gettext(
                "The working days of %(year)d are not known yet. An administrator has to enter them"
                " in the calendar before a deadline can be set."
            )
            % {"year": day.year}
        )


class _Overrides:
    """The organ's own days, re-read after a short life so that a change acts in every process."""

    def __init__(self):
        self._lock = threading.Lock()
        self._days: dict[date, bool] = {}
        self._until = 0.0

    def get(self) -> dict[date, bool]:
        if clock.monotonic() >= self._until:
            days = dict(CalendarDay.objects.values_list("on", "is_workday"))
            with self._lock:
                self._days, self._until = days, clock.monotonic() + OVERRIDES_LIVE_SECONDS
        return self._days

    def forget(self) -> None:
        with self._lock:
            self._until = 0.0


_overrides = _Overrides()


def forget_overrides() -> None:
    """Read the calendar table afresh at the next question; for whoever has just changed it."""
    _overrides.forget()


def statutory_workday(day: date) -> bool:
    """Whether `day` is a working day by the State Council's notices; CalendarUnknown past them."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:  # the library's answer for a year without a notice
        raise CalendarUnknown(day) from None


def is_workday(day: date) -> bool:
    """Whether offices work on `day`: the organ's own table first, then the statutory calendar."""
    own = _overrides.get().get(day)
    return statutory_workday(day) if own is None else own


def days_that_differ(year: int) -> frozenset[date] | None:
    """The days of `year` that are not what Monday to Friday would say; None for a year in which
    some day is not known.
    """
    own = {day: works for day, works in _overrides.get().items() if day.year == year}
    statutory = _statutory_differences(year)
    if statutory is None:
        if len(own) < 365 + isleap(year):
            return None
        statutory = frozenset()
    changed = {day for day, works in own.items() if works != (day.weekday() < 5)}
    return (statutory - own.keys()) | changed


@lru_cache(maxsize=64)
def _statutory_differences(year: int) -> frozenset[date] | None:
    if not date.min.year <= year <= date.max.year:
        return None
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range(365 + isleap(year))]
    try:
        return frozenset(day for day in days if statutory_workday(day) != (day.weekday() < 5))
    except CalendarUnknown:
        return None


# -- counting: pure ------------------------------------------------------------------------------


def count_forward(start_on: date, days: int, is_workday: IsWorkday, pauses: Pauses = ()) -> date:
    """The `days`-th working day after `start_on`; days inside a pause (both ends in) do not
    count."""
    if days < 0:
        raise ValueError("a term cannot be negative")
    held = list(pauses)
    day = start_on
    for _step in range(LONGEST_WALK_DAYS):
        if days == 0:
            return day
        day += timedelta(days=1)
        if is_workday(day) and not any(first <= day <= last for first, last in held):
            days -= 1
    raise CalendarUnknown(day)


def count_between(start_on: date, end_on: date, is_workday: IsWorkday) -> int:
    """How many working days lie after `start_on` up to and including `end_on`; negative
    backwards."""
    if end_on < start_on:
        return -count_between(end_on, start_on, is_workday)
    span = (end_on - start_on).days
    return sum(is_workday(start_on + timedelta(days=n)) for n in range(1, span + 1))


# -- with the calendar in force --------------------------------------------------------------------


def add_working_days(start_on: date, days: int, pauses: Pauses = ()) -> date:
    """The `days`-th working day after `start_on` in the calendar in force."""
    return count_forward(start_on, days, is_workday, pauses)


def working_days_between(start_on: date, end_on: date) -> int:
    """Working days after `start_on` up to and including `end_on`; negative when it lies before."""
    return count_between(start_on, end_on, is_workday)


def if_known(compute: Callable, *args):
    """What `compute(*args)` of this module gives, or None when it runs past the known calendar: a
    missing date is better than a wrong one, and is computed once the calendar is entered.
    """
    try:
        return compute(*args)
    except CalendarUnknown as error:
        log.warning("calendar.unknown", year=error.day.year)
        return None


def due_at(start_at: datetime, working_days: int, pauses: Pauses = ()) -> datetime:
    """The moment a term of `working_days` that begins at `start_at` ends: 18:00 of its last day.

    A term of 0 days is a same-day matter: it ends with today's office hours, or with those of the
    next working day when the office is already closed.
    """
    local = timezone.localtime(start_at)
    if working_days == 0 and (not is_workday(local.date()) or local.time() >= OFFICE_ENDS):
        working_days = 1
    return _office_end(add_working_days(local.date(), working_days, pauses))


def warn_at(start_at: datetime, working_days: int, pauses: Pauses = ()) -> datetime:
    """The moment the light turns yellow: 80 % of the term used, or one working day left.

    Both come to the same day: after ⌊0.8 n⌋ working days at most one of five days is left, and for
    n up to five that is the last one.
    """
    if working_days == 0:
        return start_at
    used = working_days * 4 // 5
    day = add_working_days(timezone.localtime(start_at).date(), used, pauses)
    return max(start_at, _office_end(day))


def _office_end(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, OFFICE_ENDS))


# -- the light -------------------------------------------------------------------------------------


def deadline_light(due_at: datetime | None, warn_at: datetime | None, now=None) -> dict | None:
    """{"level": "g" | "y" | "r", "words"} for a deadline; None when there is none. Always with
    words."""
    if due_at is None:
        return None
    now = now or timezone.now()
    if now > due_at:
        return {"level": "r", "words": _late_words(due_at, now)}
    level = "y" if warn_at is not None and now >= warn_at else "g"
    return {"level": level, "words": _due_words(due_at, now)}


def days_light(left: int, warn: int) -> dict:
    """{"level", "words"} of something that ends with a day, `left` days from today: yellow from
    `warn` days before, red afterwards.
    """
    if left < 0:
        words = ngettext("Overdue by %(days)d day", "Overdue by %(days)d days", -left)
        return {"level": "r", "words": words % {"days": -left}}
    if left == 0:
        return {"level": "y", "words": gettext("Ends today")}
    words = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return {"level": "y" if left <= warn else "g", "words": words}


def _late_words(due_at: datetime, now: datetime) -> str:
    days = (timezone.localtime(now).date() - timezone.localtime(due_at).date()).days
    if days == 0:
        return gettext("Overdue since today %(time)s") % {
            "time": f"{timezone.localtime(due_at):%H:%M}"
        }
    return ngettext("Overdue by %(days)d day", "Overdue by %(days)d days", days) % {"days": days}


def _due_words(due_at: datetime, now: datetime) -> str:
    local = timezone.localtime(due_at)
    today = timezone.localtime(now).date()
    words = {"time": f"{local:%H:%M}"}
    days = (local.date() - today).days
    if days == 0:
        return gettext("Today %(time)s") % words
    if days == 1:
        return gettext("Tomorrow %(time)s") % words
    return f"{_day_words(local.date(), today)} {words['time']}"


def _day_words(day: date, today: date) -> str:
    if day.year == today.year:
        return date_format(day, pgettext("date format", "j F"))
    return date_format(day, pgettext("date format", "j F Y"))
