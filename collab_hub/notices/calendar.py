"""Meetings in calendars: one's own, and, as busy times, those of whole departments."""

from __future__ import annotations

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
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
    titled = _readable(asked, [one.pk for one in found])
    called = _called(rows, found) if asked.departments else {}
    return [_entry(one, called.get(one.pk, ""), one.pk in titled) for one in found]


def _called(rows: QuerySet[Recipient], found: list[Meeting]) -> dict:
    """{notice: the first who are called, and how many more}."""
    same = [F("notice")]
    first = rows.filter(notice__in=[one.pk for one in found]).annotate(
        place=Window(RowNumber(), partition_by=same, order_by="pk"),
        many=Window(Count("pk"), partition_by=same),
    )
    names: dict = {}
    for notice, name, many in (
        first.filter(place__lte=NAMED).order_by("pk").values_list("notice", "name", "many")
    ):
        names.setdefault(notice, (many, []))[1].append(name)
    return {notice: _names(*both) for notice, both in names.items()}


def _names(many: int, first: list[str]) -> str:
    names = ", ".join(first)
    if many <= NAMED:
        return names
    return _("%(names)s and %(n)s more") % {"names": names, "n": many - NAMED}


def _readable(asked: Asked, notices) -> set:
    found = Notice.objects.filter(pk__in=list(notices))
    return set(visible_to(asked.user, "read", found).values_list("pk", flat=True))


def _entry(meeting: Meeting, who: str, is_titled: bool) -> CalendarEntry:
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
