"""Meetings in calendars: one's own, and, as busy times, those of whole departments."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from platform_core.common.calendars import (
    Asked,
    CalendarEntry,
    CalendarSource,
    register_calendar_source,
)
from platform_core.common.i18n import pick
from security.access import visible_to

from .models import Meeting, Notice, Recipient

MOST = 500
NAMED = 3


def uid_of(notice) -> str:
    """What a meeting is called in every calendar file."""
    return f"{notice.pk}@govplatform"


def meetings(asked: Asked) -> list[CalendarEntry]:
    """The meetings to which the person, or people of the departments, were called and do not stay
    away from. Of what the person may not read only the time is said.
    """
    rows = Recipient.objects.filter(
        notice__state=Notice.State.SENT,
        notice__meeting__starts_at__lt=asked.ends_at,
        notice__meeting__ends_at__gt=asked.starts_at,
    ).exclude(reply=Recipient.Reply.STAYS)
    if asked.departments:
        rows = rows.filter(department__in=asked.departments)
    else:
        rows = rows.filter(user=asked.user)
    found = Meeting.objects.filter(notice__in=rows.values("notice")).select_related("notice")
    found = list(found.order_by("starts_at")[:MOST])
    called = rows.filter(notice__in=[one.pk for one in found]).order_by("pk")
    names: dict = {}
    for notice, name in called.values_list("notice", "name"):
        names.setdefault(notice, []).append(name)
    titled = _readable(asked, names)
    return [_entry(asked, one, names[one.pk], one.pk in titled) for one in found]


def _readable(asked: Asked, notices) -> set:
    found = Notice.objects.filter(pk__in=list(notices))
    return set(visible_to(asked.user, "read", found).values_list("pk", flat=True))


def _entry(asked: Asked, meeting: Meeting, names: list[str], is_titled: bool) -> CalendarEntry:
    who = ""
    if asked.departments:
        who = ", ".join(names[:NAMED])
        if len(names) > NAMED:
            who = _("%(names)s and %(n)s more") % {"names": who, "n": len(names) - NAMED}
    return CalendarEntry(
        uid_of(meeting.notice),
        pick(meeting.notice.title) if is_titled else _("In a meeting"),
        meeting.starts_at,
        meeting.ends_at,
        place=meeting.place if is_titled else "",
        who=who,
        url=reverse("notices:notice", args=[meeting.pk]) if is_titled else "",
        sequence=meeting.changes,
    )


register_calendar_source(
    CalendarSource("meeting", pgettext_lazy("calendar", "Meetings"), "users", meetings, order=10)
)
