"""What holds for every booking of a room, however it is made: the words, the times, the wall."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.actors import Actor
from security.organs.models import Department
from security.organs.selectors import own_organs

from . import room_selectors
from .models import Room, RoomBooking

LONGEST = timedelta(days=3)
AHEAD = timedelta(days=366)
LONGEST_TITLE = 120
OVERLAP = "rooms_are_taken_once"


def held(actor: Actor, room: Room, other: Room | None = None) -> Room:
    """The room for whoever may book it. It stays open, and its bookings are written one by one,
    until the transaction ends; so do those of `other`, the room that a booking leaves. Raises
    NotAllowed.
    """
    # In one order, so that two who exchange their rooms wait for one another and go on.
    keys = {room.pk, other.pk if other else room.pk}
    locked = Room.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys)
    found = next(one for one in locked.order_by("pk") if one.pk == room.pk)
    if room != other and not may(actor.user, "book", found):
        raise NotAllowed(_("This room is for other organs, or no longer in use."))
    return found


def own_organ(actor: Actor, department: Department | None) -> Department:
    """The organ for which the actor books: `department`, or that of their first post. Raises
    NotAllowed for one in which they have none.
    """
    mine = {organ.pk: organ for organ in own_organs(actor.user)}
    if department is None:
        return next(iter(mine.values()))
    if department.pk not in mine:
        raise NotAllowed(_("Book for an organ in which you have a post."))
    return mine[department.pk]


def time_faults(starts_at: datetime, ends_at: datetime, at: datetime | None) -> dict:
    """What is wrong with these times: {"starts_at" or "ends_at": [words]}."""
    at, wrong = at or timezone.now(), {}
    if starts_at < at - timedelta(minutes=15):
        wrong["starts_at"] = [_("This time has passed.")]
    elif starts_at > at + AHEAD:
        wrong["starts_at"] = [_("A room can be booked a year ahead.")]
    if ends_at <= starts_at:
        wrong["ends_at"] = [_("The end comes after the beginning.")]
    elif ends_at - starts_at > LONGEST:
        wrong["ends_at"] = [_("At most three days at once.")]
    return wrong


def checked(title: str, starts_at: datetime, ends_at: datetime, at: datetime | None) -> str:
    """The title as it is kept. Raises Unusable at "title", "starts_at" or "ends_at"."""
    title, wrong = " ".join(title.split()), time_faults(starts_at, ends_at, at)
    if not title or len(title) > LONGEST_TITLE or not is_storable(title):
        wrong["title"] = [_("Say in at most 120 characters what it is for.")]
    if wrong:
        raise Unusable(wrong)
    return title


def write(booking: RoomBooking) -> None:
    """Write it; the database refuses what overlaps, whoever was faster. Raises Conflict with who
    has the room (facts: `free`, the next free moments).
    """
    try:
        with transaction.atomic():
            booking.save()
    except IntegrityError as error:
        if OVERLAP not in str(error):
            raise
        raise _taken(booking) from None


def _taken(booking: RoomBooking) -> Conflict:
    times = (booking.room, booking.starts_at, booking.ends_at)
    free = room_selectors.next_free(*times, besides=booking.pk)
    return Conflict(taken_words(room_selectors.taken_by(*times, besides=booking.pk)), free=free)


def taken_words(other: RoomBooking | None) -> str:
    """Who has the room."""
    return _("%(who)s has the room at this time.") % {"who": other.person if other else ""}


def times_of(booking: RoomBooking) -> dict:
    """Where and when, for the trail."""
    return {"room": booking.room_id, "starts_at": booking.starts_at.isoformat(),
            "ends_at": booking.ends_at.isoformat()}  # fmt: skip
