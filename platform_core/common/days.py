"""Where days begin, and times in words. Days are those of the office: the project's time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import pgettext

HOUR, DAY = 3600, 86400


def midnight(day: date) -> datetime:
    """The moment at which `day` begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def duration(span: timedelta | None) -> str:
    """A time in its two largest units: 3 d 4 h, 2 h 10 min, 40 s; "" for None."""
    if span is None:
        return ""
    seconds = max(round(span.total_seconds()), 0)
    if seconds < 60:
        return pgettext("time", "%(n)d s") % {"n": seconds}
    if seconds < HOUR:
        return pgettext("time", "%(n)d min") % {"n": seconds // 60}
    if seconds < DAY:
        values = {"h": seconds // HOUR, "min": seconds % HOUR // 60}
        return pgettext("time", "%(h)d h %(min)d min") % values
    values = {"d": seconds // DAY, "h": seconds % DAY // HOUR}
    return pgettext("time", "%(d)d d %(h)d h") % values
