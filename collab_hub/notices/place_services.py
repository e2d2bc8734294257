"""Writes of a meeting's room: booked when the notice is sent, it goes where the meeting goes."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from collab_hub.directory import room_services
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor

from .checks import LONGEST_TITLE
from .models import Meeting, Notice
from .places import offered


@transaction.atomic
def book_place(*, actor: Actor, notice: Notice, people: int) -> None:
    """Book the room of the notice's meeting, when it has one, in the actor's name; `people` are
    called. Raises Unusable at "room" when somebody else has it by now, at "starts_at" or "ends_at".
    """
    found = Meeting.objects.select_related("room__department").filter(notice=notice).first()
    if found is not None and found.room is not None:
        _book(actor, notice, found, people)


def _book(actor: Actor, notice: Notice, meeting: Meeting, people: int) -> None:
    with _at_the_room(actor, meeting, people):
        meeting.booking = room_services.book_room(
            actor=actor, room=meeting.room, department=notice.department, **_what(notice, meeting)
        )
    meeting.save(update_fields=["booking"])


@transaction.atomic
def move_place(*, actor: Actor, notice: Notice, meeting: Meeting, people: int) -> None:
    """The room of a meeting that was moved, kept at its new place and time: its booking follows,
    ends, or is made. Raises Unusable as `book_place`.
    """
    booking = meeting.booking
    if meeting.room is None:
        free_place(actor=actor, meeting=meeting, reason=_("The meeting is held elsewhere."))
    elif not meeting.is_ahead:
        # What is over needs no room any more, and may still be put right.
        return
    elif booking is None or not booking.is_ahead:
        _book(actor, notice, meeting, people)
    elif (booking.room_id, booking.starts_at, booking.ends_at) != (
        meeting.room_id, meeting.starts_at, meeting.ends_at,
    ):  # fmt: skip
        with _at_the_room(actor, meeting, people):
            room_services.follow_meeting(
                actor=actor, booking=booking, room=meeting.room, **_what(notice, meeting)
            )


@transaction.atomic
def free_place(*, actor: Actor, meeting: Meeting | None, reason: str) -> None:
    """The meeting needs its room no longer."""
    if meeting is None or meeting.booking is None:
        return
    room_services.end_with_meeting(actor=actor, booking=meeting.booking, reason=reason[:200])
    meeting.booking = None
    meeting.save(update_fields=["booking"])


def _what(notice: Notice, meeting: Meeting) -> dict:
    return {
        "title": notice.title["zh"][:LONGEST_TITLE], "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
    }  # fmt: skip


@contextmanager
def _at_the_room(actor: Actor, meeting: Meeting, people: int):
    """What stands against booking is said at the field of the room, with what is free instead."""
    try:
        yield
    except Conflict as error:
        times = (meeting.starts_at, meeting.ends_at)
        free = offered(actor.user, meeting.room, times, people, meeting.booking_id)
        raise Unusable({"room": [f"{error} {free}"]}) from None
    except NotAllowed as error:
        raise Unusable({"room": [str(error)]}) from None
