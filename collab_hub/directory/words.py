"""Times and organs as messages and pages say them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .duties import AWAY, CLASH, LEFT, NOBODY, UNPLANNED

GAPS = {
    NOBODY: _("Nobody is named"),
    LEFT: _("No longer works here"),
    AWAY: _("Is away"),
    CLASH: _("Has another duty at this time"),
    UNPLANNED: _("No shift is planned"),
}
WEEKDAYS = [
    pgettext_lazy("day of the week", "Monday"),
    pgettext_lazy("day of the week", "Tuesday"),
    pgettext_lazy("day of the week", "Wednesday"),
    pgettext_lazy("day of the week", "Thursday"),
    pgettext_lazy("day of the week", "Friday"),
    pgettext_lazy("day of the week", "Saturday"),
    pgettext_lazy("day of the week", "Sunday"),
]


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when by the clock here: 20:00–08:00. The reader is told the day beside it; what
    ends a day or more later says so.
    """
    first, last = timezone.localtime(starts_at), timezone.localtime(ends_at)
    days = (last.date() - first.date()).days
    return f"{first:%H:%M}–{last:%H:%M}" + (f" (+{days})" if days else "")
