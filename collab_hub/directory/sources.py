"""What the directory puts into calendars: duties, bookings of rooms, who is away."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.capabilities.process.delegation.models import Delegation
from platform_core.common.calendars import (
    Asked,
    CalendarEntry,
    CalendarSource,
    register_calendar_source,
)

from . import duty_selectors, room_selectors
from .duties import Duty
from .models import Roster
from .selectors import posts_on
from .words import GAPS

DAY = timedelta(days=1)


def duty_entry(roster: Roster, duty: Duty, plan=None) -> CalendarEntry:
    """A duty, or what is missing, as calendars show it."""
    person = plan.people.get(duty.person) if plan and duty.person else None
    who = str(person) if person else ""
    title = roster.name
    if duty.gap:
        title = _("%(roster)s: gap") % {"roster": roster.name}
        missing = plan.people.get(duty.planned) if plan and duty.planned else None
        who = f"{missing}: {GAPS[duty.gap]}" if missing else str(GAPS[duty.gap])
    uid = duty.uid if duty.shift else f"gap-{roster.pk}-{duty.starts_at:%Y%m%dT%H%M}@govplatform"
    return CalendarEntry(
        uid, title, duty.starts_at, duty.ends_at, who=who, is_gap=bool(duty.gap),
        url=reverse("directory:roster", args=[roster.pk]),
    )  # fmt: skip


def duty_entries(asked: Asked) -> list[CalendarEntry]:
    """Own duties, or those of the rosters of departments with their gaps."""
    # A night shift of the day before reaches into the first day.
    first = asked.first - DAY
    if not asked.departments:
        found = duty_selectors.duties_of(asked.user, first, asked.last)
        return [
            duty_entry(roster, duty) for roster, duty in found if duty.ends_at > asked.starts_at
        ]
    rosters = duty_selectors.rosters(asked.user).filter(department__in=asked.departments)
    plans = duty_selectors.plans(rosters[: duty_selectors.MOST_ROSTERS], first, asked.last)
    return [
        duty_entry(plan.roster, duty, plan)
        for plan in plans
        for duty in plan.duties
        if duty.ends_at > asked.starts_at
    ]


def room_entries(asked: Asked) -> list[CalendarEntry]:
    """Own bookings, or those of departments; in a department its people read the titles."""
    found = room_selectors.booked(asked.starts_at, asked.ends_at)
    if asked.departments:
        found = list(found.filter(department__in=asked.departments))
        titled = room_selectors.readable(asked.user, found)
    else:
        # A meeting to which one is called oneself stands there as such, with its room.
        found = found.exclude(pk__in=room_selectors.called_to(asked.user).values("pk"))
        found = list(found.filter(person=asked.user))
        titled = {one.pk for one in found}
    names = bool(asked.departments)
    return [booking_entry(one, is_titled=one.pk in titled, names=names) for one in found]


def booking_entry(booking, *, is_titled: bool, names: bool = True) -> CalendarEntry:
    """A booking as calendars show it; without its title to whoever may not read that."""
    return CalendarEntry(
        f"room-{booking.pk}@govplatform",
        booking.title if is_titled else _("Booked"),
        booking.starts_at,
        booking.ends_at,
        place=" ".join(filter(None, [booking.room.name, booking.room.place])),
        who=str(booking.person) if names else "",
        url=reverse("directory:room", args=[booking.room_id]),
        sequence=booking.changes,
    )


def absence_entries(asked: Asked) -> list[CalendarEntry]:
    """Who is away and who stands in; of one's own also whom one stands in for."""
    found = Delegation.objects.filter(
        ended_at=None, valid_from__lt=asked.last, valid_until__gte=asked.first
    ).select_related("principal", "deputy")
    if asked.departments:
        people = posts_on().filter(department__in=asked.departments).values("user")
        found = found.filter(principal__in=people)
    else:
        found = found.filter(Q(principal=asked.user) | Q(deputy=asked.user))
    return [_absence(asked, one) for one in found.order_by("pk")]


def _absence(asked: Asked, one: Delegation) -> CalendarEntry:
    words = {"who": one.principal, "deputy": one.deputy}
    if not asked.departments and one.deputy_id == asked.user.pk:
        title = _("You stand in for %(who)s") % words
    elif one.napps:
        title = _("%(deputy)s stands in for %(who)s in some services") % words
    else:
        title = _("%(who)s is away, %(deputy)s stands in") % words
    return CalendarEntry(
        f"away-{one.pk}@govplatform", title, one.valid_from, one.valid_until + DAY,
        url=reverse("office:absence"),
    )  # fmt: skip


register_calendar_source(
    CalendarSource("duty", pgettext_lazy("calendar", "Duty"), "siren", duty_entries, order=20)
)
register_calendar_source(
    CalendarSource("room", gettext_lazy("Meeting rooms"), "map-pin", room_entries, order=30)
)
register_calendar_source(
    CalendarSource(
        "absence", pgettext_lazy("calendar", "Away"), "user-check", absence_entries, order=40
    )
)
