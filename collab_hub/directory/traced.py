"""How the histories of duty rosters and of booked rooms are read (see
platform_core/common/trace.py).
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.trace import (
    MOST_FOUND,
    Ref,
    Traceable,
    one_of,
    readable,
    register_deeds,
    register_traceable,
)

from .models import DutyChange, DutySwap, RoomBooking, Roster

ROSTER, BOOKING = "collab_hub.roster", "collab_hub.roombooking"


def rosters(user) -> QuerySet[Roster]:
    """Who keeps a roster reads its history, and auditors do."""
    found = Roster.objects.select_related("department")
    return readable(user, "manage", found)


def bookings(user) -> QuerySet[RoomBooking]:
    found = RoomBooking.objects.select_related("room")
    return readable(user, "read", found)


def find_rosters(user, text: str) -> list[Ref]:
    return [name_roster(one) for one in rosters(user).filter(name__icontains=text)[:MOST_FOUND]]


def name_roster(roster: Roster) -> Ref:
    url = reverse("directory:roster", args=[roster.pk])
    return Ref(str(roster.pk), f"{roster.name} {roster.department}", url=url)


def parts_of(roster: Roster) -> list[tuple[str, str]]:
    """The roster, its exceptions and the wishes to swap."""
    changes = DutyChange.objects.filter(shift__roster=roster).values_list("pk", flat=True)
    swaps = DutySwap.objects.filter(roster=roster).values_list("pk", flat=True)
    return [
        (ROSTER, str(roster.pk)),
        *(("collab_hub.dutychange", str(pk)) for pk in changes),
        *(("collab_hub.dutyswap", str(pk)) for pk in swaps),
    ]


def find_bookings(user, text: str) -> list[Ref]:
    found = bookings(user).filter(title__icontains=text).order_by("-starts_at")
    return [name_booking(one) for one in found[:MOST_FOUND]]


def name_booking(booking: RoomBooking) -> Ref:
    url = reverse("directory:booking", args=[booking.pk])
    return Ref(str(booking.pk), booking.title, booking.room.name, url)


register_traceable(
    Traceable(
        "roster", _("Duty roster"), "calendar-days", (ROSTER,), find=find_rosters,
        load=lambda user, object_id: one_of(rosters(user), object_id),
        name=name_roster, objects=parts_of,
    )
)  # fmt: skip
register_traceable(
    Traceable(
        "booking", _("Booking of a room"), "calendar-clock", (BOOKING,), find=find_bookings,
        load=lambda user, object_id: one_of(bookings(user), object_id),
        name=name_booking,
    )
)  # fmt: skip
register_deeds({
    "roster.create": _("Duty roster begun"),
    "roster.change": _("Duty roster changed"),
    "roster.shifts": _("Shifts planned"),
    "roster.shift_end": _("Shift ended"),
    "roster.exception": _("Somebody else put on duty"),
    "duty_swap.ask": _("Swap of duty asked for"),
    "duty_swap.approved": _("Swap of duty agreed"),
    "duty_swap.refused": _("Swap of duty refused"),
    "duty_swap.withdrawn": _("Wish to swap taken back"),
    "room.create": _("Room added"),
    "room.change": _("Room changed"),
    "room.book": _("Room booked"),
    "room.change_booking": _("Booking changed"),
    "room.cancel": _("Booking cancelled"),
    "room.take_over": _("Booking taken over"),
    "calendar_link.make": _("Secret address of a calendar made"),
    "calendar_link.end": _("Secret address of a calendar ended"),
    "card.change": _("Entry in the address book changed"),
    "directory.export": _("List or calendar taken out as a file"),
})  # fmt: skip
