"""Writes of meeting rooms: the room, taking it, moving and giving back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from security.access import may, visible_to
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import headed_ids, organs_of

from . import room_selectors
from .bookings import checked, held, own_organ, times_of, write
from .models import Room, RoomBooking
from .telling import tell_booked

State = RoomBooking.State


@transaction.atomic
def save_room(
    *,
    actor: Actor,
    department: Department,
    name: str,
    seats: int,
    place: str = "",
    equipment: str = "",
    is_shared: bool = False,
    is_active: bool = True,
    room: Room | None = None,
) -> Room:
    """Add a room that `department` keeps, or change one. Raises Unusable, NotAllowed; Conflict when
    a room is closed that is still booked.
    """
    keeper = room.department_id if room else department.pk
    if keeper not in headed_ids(actor.user) or department.pk not in headed_ids(actor.user):
        raise NotAllowed(_("The heads of the organ keep its rooms."))
    facts = {
        "name": " ".join(name.split()), "place": place.strip(), "equipment": equipment.strip(),
        "seats": seats, "is_shared": is_shared, "is_active": is_active,
    }  # fmt: skip
    _check_room(facts, department, room)
    if room is None:
        found = Room.objects.create(department=department, **facts)
        record_audit(actor=actor, verb="room.create", obj=found, after=facts)
        return found
    found = Room.objects.select_for_update().get(pk=room.pk)
    if found.is_active and not is_active and _is_booked(found):
        raise Conflict(_("This room is still booked. Cancel the bookings first."))
    before = {key: getattr(found, key) for key in facts}
    for key, value in facts.items():
        setattr(found, key, value)
    found.save(update_fields=list(facts))
    record_audit(actor=actor, verb="room.change", obj=found, before=before, after=facts)
    return found


def _check_room(facts: dict, department: Department, room: Room | None) -> None:
    wrong = {}
    for key, limit in (("name", 60), ("place", 120), ("equipment", 120)):
        if not is_storable(facts[key]) or len(facts[key]) > limit:
            wrong[key] = [_("Shorten this to %(limit)d characters.") % {"limit": limit}]
    if not facts["name"]:
        wrong["name"] = [_("Give the room a name.")]
    one_at_a_time(f"room names {department.pk}")
    same = Room.objects.filter(department=department, name=facts["name"])
    if same.exclude(pk=room.pk if room else None).exists():
        wrong["name"] = [_("The organ has a room of this name already.")]
    if not 1 <= facts["seats"] <= 2000:
        wrong["seats"] = [_("Give a number from 1 to 2000.")]
    if wrong:
        raise Unusable(wrong)


def _is_booked(room: Room) -> bool:
    ahead = RoomBooking.objects.filter(room=room, state=State.BOOKED)
    return ahead.filter(ends_at__gt=timezone.now()).exists()


@transaction.atomic
def book_room(
    *,
    actor: Actor,
    room: Room,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    department: Department | None = None,
    at: datetime | None = None,
) -> RoomBooking:
    """Take a room from `starts_at` to before `ends_at` for `department` (default: the actor's
    first post).

    Raises Unusable at "title", "starts_at" or "ends_at", NotAllowed; Conflict with who has it
    (facts: `free`, the next free moments) when it is taken, also by whoever was a moment faster.
    """
    found = held(actor, room)
    title = checked(title, starts_at, ends_at, at)
    booking = RoomBooking(
        room=found, title=title, starts_at=starts_at, ends_at=ends_at, person=actor.user,
        department=own_organ(actor, department),
    )  # fmt: skip
    write(booking)
    record_audit(actor=actor, verb="room.book", obj=booking, after=times_of(booking))
    return booking


def _held(booking: RoomBooking) -> RoomBooking:
    found = RoomBooking.objects.select_for_update(of=("self",))
    found = found.select_related("room__department", "person", "department").get(pk=booking.pk)
    if found.state != State.BOOKED:
        raise Conflict(_("This booking was cancelled."))
    return found


@transaction.atomic
def change_booking(
    *,
    actor: Actor,
    booking: RoomBooking,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    at: datetime | None = None,
) -> RoomBooking:
    """Other times or words for a booking that is not over; the old time is free at once. Raises as
    `book_room`; refused, the booking stays as it was. Conflict for the room of a meeting.
    """
    found = _held(booking)
    if room_selectors.meeting_of(found) is not None:
        raise Conflict(_("This room is booked for a meeting. Move the meeting; its room follows."))
    if not may(actor.user, "change", found):
        raise NotAllowed(_("Who booked, and the heads of their organ, change a booking."))
    return _changed(actor, found, found.room, title, (starts_at, ends_at), at)


@transaction.atomic
def follow_meeting(
    *,
    actor: Actor,
    booking: RoomBooking,
    room: Room,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
) -> RoomBooking:
    """The booking of a meeting goes where and when the meeting goes; the caller has asked who may
    move that. Raises as `change_booking`.
    """
    found = _held(booking)
    return _changed(actor, found, room, title, (starts_at, ends_at), None)


def _changed(actor: Actor, found, room: Room, title: str, times: tuple, at) -> RoomBooking:
    starts_at, ends_at = times
    if found.ends_at <= (at or timezone.now()):
        raise Conflict(_("This booking is over."))
    # What has begun may be made longer or shorter.
    same_start = starts_at == found.starts_at
    title = checked(title, starts_at, ends_at, starts_at if same_start else at)
    before, room = times_of(found), held(actor, room, other=found.room)
    found.room, found.title, found.starts_at, found.ends_at = room, title, starts_at, ends_at
    found.changes += 1
    write(found)
    record_audit(
        actor=actor, verb="room.change_booking", obj=found, before=before, after=times_of(found)
    )
    tell_booked(actor=actor, booking=found, template="room_moved",
                dedupe=f"room_moved:{found.pk}:{found.changes}")  # fmt: skip
    return found


@transaction.atomic
def cancel_booking(
    *,
    actor: Actor,
    booking: RoomBooking,
    reason: str = "",
    with_later: bool = False,
    at: datetime | None = None,
) -> list[RoomBooking]:
    """Give the room back, `with_later` also on all later days of the same repetition; returns what
    was cancelled, in order. Whoever cancels another person's booking says why; that person is told.

    Raises Unusable at "reason", NotAllowed, Conflict when it is over or cancelled already.
    """
    found, at = _held(booking), at or timezone.now()
    if not may(actor.user, "cancel", found):
        raise NotAllowed(_("Who booked, the heads of their organ and of the room's cancel it."))
    if found.ends_at <= at:
        raise Conflict(_("This booking is over."))
    reason = reason.strip()
    needs_reason = found.person_id != actor.user.pk and not reason
    if needs_reason or len(reason) > 200 or not is_storable(reason):
        raise Unusable({"reason": [_("Give the reason in at most 200 characters.")]})
    ended = [found]
    if with_later:
        later = room_selectors.later_of(found).select_for_update(of=("self",))
        # One that went to another organ is theirs to give back.
        ended += visible_to(actor.user, "cancel", later)
    _end(actor, ended, reason)
    return ended


def _end(actor: Actor, bookings: list[RoomBooking], reason: str) -> None:
    """Cancel them; whoever booked is told once, at the first."""
    for one in bookings:
        one.state, one.ended_by, one.ended_why = State.CANCELLED, actor.user, reason
        one.changes += 1
        one.save(update_fields=["state", "ended_by", "ended_why", "changes"])
        record_audit(actor=actor, verb="room.cancel", obj=one, after={"reason": reason})
    first, many = bookings[0], len(bookings)
    template = "room_series_cancelled" if many > 1 else "room_cancelled"
    tell_booked(actor=actor, booking=first, template=template, reason=reason, n=many,
                dedupe=f"room_cancelled:{first.pk}")  # fmt: skip


@transaction.atomic
def end_with_meeting(*, actor: Actor, booking: RoomBooking, reason: str) -> None:
    """The room of a meeting that is called off, or goes elsewhere, is free again; what is over or
    cancelled stays as it is. The caller has asked who may do so.
    """
    found = RoomBooking.objects.select_for_update(of=("self",))
    found = found.select_related("room", "person").get(pk=booking.pk)
    if found.is_ahead:
        _end(actor, [found], reason)


@transaction.atomic
def take_over(*, actor: Actor, booking: RoomBooking) -> RoomBooking:
    """A head takes over what somebody booked who has left. Raises NotAllowed, Conflict."""
    found = _held(booking)
    if not room_selectors.of_who_left(actor.user).filter(pk=found.pk).exists():
        raise NotAllowed(_("This is for bookings of people who have left, and for their head."))
    before = {"person": found.person_id}
    found.person = actor.user
    if found.department_id not in organs_of(actor.user):
        found.department = found.room.department
    found.save(update_fields=["person", "department"])
    record_audit(
        actor=actor, verb="room.take_over", obj=found, before=before,
        after={"person": actor.user.pk},
    )  # fmt: skip
    return found
