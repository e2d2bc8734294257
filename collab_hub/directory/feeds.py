"""Calendars as files, to be taken away or subscribed to. Reads only.

A subscription is read by programs of others, so it holds no more than a calendar needs: nothing
that names citizens or cases, no numbers, no address behind the wall.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from platform_core.common.calendar_file import calendar
from platform_core.common.calendars import Asked, CalendarEntry, calendar_sources, entries_of
from platform_core.common.organs import organ_words
from security.access import may
from security.crypto import blind_index

from . import duty_selectors, room_selectors
from .duties import moment_at
from .models import CalendarLink, Room, Roster
from .policies import is_inside
from .sources import booking_entry, duty_entry

BACK, AHEAD = timedelta(days=31), timedelta(days=184)


def link_of(user, roster=None, room=None) -> CalendarLink | None:
    """The person's secret address of a calendar, or None."""
    return CalendarLink.objects.filter(user=user, roster=roster, room=room, ended_at=None).first()


def file_of(user, roster: Roster | None = None, room: Room | None = None) -> bytes:
    """The calendar of a person, a roster or a room as a file: a month back, half a year ahead."""
    today = timezone.localdate()
    first, last = today - BACK, today + AHEAD
    if roster is not None:
        name = f"{organ_words(roster.department)} {roster.name}"
        entries = _roster(roster, first, last)
    elif room is not None:
        name, entries = room.name, _room(user, room, first, last)
    else:
        name = _("Office: %(name)s") % {"name": user}
        keys = {source.key for source in calendar_sources() if source.leaves}
        asked = Asked(user, first, last, duty_selectors.here())
        entries = [entry for _source, entry in entries_of(asked, keys)]
    events = [_titled(one).event() for one in entries]
    return calendar(events, made_at=timezone.now(), name=name, zone=duty_selectors.here())


def _titled(entry: CalendarEntry) -> CalendarEntry:
    """With the people in the title: that is what a calendar on a telephone shows."""
    if not entry.who:
        return entry
    return replace(entry, title=f"{entry.title}: {entry.who}")


def _roster(roster: Roster, first: date, last: date) -> list[CalendarEntry]:
    plan = duty_selectors.plan_of(roster, first, last)
    return [duty_entry(roster, duty, plan) for duty in plan.duties]


def _room(user, room: Room, first: date, last: date) -> list[CalendarEntry]:
    zone = duty_selectors.here()
    found = room_selectors.bookings_of(
        room, moment_at(first, time.min, zone), moment_at(last, time.min, zone)
    )
    titled = room_selectors.readable(user, found)
    return [booking_entry(one, is_titled=one.pk in titled) for one in found]


def file_behind(secret: str) -> bytes:
    """The calendar behind a secret address, in its owner's language. Http404 when the secret was
    renewed or ended, when the owner left, or may no longer see the roster or the room.
    """
    if not secret.isascii() or not 20 <= len(secret) <= 100:
        raise Http404
    links = CalendarLink.objects.select_related("user", "roster__department", "room")
    index = blind_index(secret, "calendar link")
    link = links.filter(token_index=index, ended_at=None).first()
    if link is None or not is_inside(link.user):
        raise Http404
    for what, verb in ((link.roster, "view"), (link.room, "view")):
        if what is not None and not may(link.user, verb, what):
            raise Http404
    with translation.override(link.user.language or translation.get_language()):
        return file_of(link.user, link.roster, link.room)
