"""Writes of bookings that repeat: every day a booking of its own."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Department

from . import room_selectors
from .bookings import checked, held, own_organ, time_faults, times_of, write
from .duty_selectors import here
from .models import Room, RoomBooking
from .weekly import MOST_TIMES, Occasion, overlapping, weekly


@transaction.atomic
def book_weekly(
    *,
    actor: Actor,
    room: Room,
    title: str,
    on: date,
    begins: time,
    ends: time,
    times: int,
    without: frozenset[date] = frozenset(),
    department: Department | None = None,
    at: datetime | None = None,
) -> list[RoomBooking]:
    """Take a room `times` times from `on`, a week apart, from `begins` to `ends` by the clock here,
    for `department` (default: the actor's first post); returns the bookings, in order.

    `without` are the days that the actor saw taken and does without. Raises Unusable at "title",
    "starts_at", "ends_at" or "times", NotAllowed; Conflict, with every day in `days` as (occasion,
    the booking in its way or None), when a day is taken that is not among them, or no day is free.
    """
    found = held(actor, room)
    if not 1 <= times <= MOST_TIMES:
        raise Unusable({"times": [_("Choose from 1 to %(n)d weeks.") % {"n": MOST_TIMES}]})
    (first,) = weekly(on, begins, ends, 1, here())
    title = checked(title, first.starts_at, first.ends_at, at)
    occasions = weekly(on, begins, ends, times, here())
    _check_later(occasions, at)
    taken = _taken(found, occasions)
    if set(taken) - without or len(taken) == times:
        words = _("The room is taken on %(taken)d of %(n)d days.")
        days = [(one, taken.get(one.on)) for one in occasions]
        raise Conflict(words % {"taken": len(taken), "n": times}, days=days)
    organ, series = own_organ(actor, department), uuid.uuid4() if times > 1 else None
    made = [
        RoomBooking(
            room=found, title=title, starts_at=one.starts_at, ends_at=one.ends_at,
            person=actor.user, department=organ, series=series,
        )
        for one in occasions
        if one.on not in taken
    ]  # fmt: skip
    for booking in made:
        write(booking)
        record_audit(actor=actor, verb="room.book", obj=booking, after=times_of(booking))
    return made


def _check_later(occasions: list[Occasion], at: datetime | None) -> None:
    """What is wrong with a later day only is the fault of so many times."""
    for one in occasions[1:]:
        for words in time_faults(one.starts_at, one.ends_at, at).values():
            raise Unusable({"times": words})


def _taken(room: Room, occasions: list[Occasion]) -> dict:
    first, last = occasions[0].starts_at, max(one.ends_at for one in occasions)
    return overlapping(occasions, room_selectors.bookings_of(room, first, last))
