"""Where a meeting is: one of the directory's rooms, or a place in words. Reads only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from collab_hub.directory import room_selectors
from collab_hub.directory.bookings import taken_words, time_faults
from collab_hub.directory.models import Room
from platform_core.common.errors import Unusable
from platform_core.common.organs import organ_words
from security.access import may

from .checks import check_meeting
from .models import Meeting

OFFERED = 4


def place_words(room: Room) -> str:
    """The room and where it is, as invitations and calendars say it."""
    return " ".join(filter(None, [room.name, room.place]))


def seats_words(room: Room) -> str:
    return ngettext("%(n)d seat", "%(n)d seats", room.seats) % {"n": room.seats}


def rooms_for(user, kept: Room | None) -> dict[str, Room]:
    """The rooms that the person may book, and the one that is `kept`, by their ids as texts."""
    found = {str(one.pk): one for one in room_selectors.rooms(user)}
    return found if kept is None else {str(kept.pk): kept} | found


def room_choices(rooms: dict[str, Room], times: tuple | None, besides=None) -> list:
    """The rooms as choices of a form; when the time is known, the free ones before those that are
    taken by others.
    """
    named = [(key, _named(one)) for key, one in rooms.items()]
    other = ("", _("None of these rooms"))
    if times is None:
        return [other, *named]
    found = room_selectors.taken_ids(rooms.values(), *times, besides=besides)
    taken = {str(key) for key in found}
    free = [one for one in named if one[0] not in taken]
    rest = [one for one in named if one[0] in taken]
    groups = [(_("Free at this time"), free), (_("Taken at this time"), rest)]
    return [other, *(group for group in groups if group[1])]


def _named(room: Room) -> str:
    parts = (room.name, seats_words(room), room.place, organ_words(room.department))
    return " · ".join(filter(None, parts))


def room_of(user, room_id) -> Room | None:
    """The room that was named by its id, None for none. Raises Unusable at "room"."""
    if room_id is None:
        return None
    found = room_selectors.rooms(user).filter(pk=room_id).first()
    if found is None:
        raise Unusable({"room": [_("Choose a room that you may book.")]})
    return found


def settled(user, meeting: dict, people: int, held: Meeting | None = None) -> dict:
    """The fields of a Meeting for so many people, its place in words; `held` is the meeting as it
    is. Raises Unusable as `check_meeting`, and at "room" when it is taken or not for the person.
    """
    meeting = {"room": None, **meeting}
    check_meeting(meeting)
    room = meeting["room"]
    if room is None:
        return meeting
    if meeting.get("place") not in ("", None, place_words(room)):
        words = _("Choose a room or write a place, not both.")
        raise Unusable({"place": [words]})
    faults = room_faults(user, room, (meeting["starts_at"], meeting["ends_at"]), people, held)
    if faults:
        raise Unusable(faults)
    return meeting | {"place": place_words(room)}


def room_faults(
    user, room: Room, times: tuple, people: int, held: Meeting | None = None
) -> dict[str, list[str]]:
    """Why the room cannot be booked from when to when: at "room" who has it and which others are
    free, or that it is not for the person; at "starts_at" or "ends_at" what no room is booked for.
    Empty when it can.
    """
    has_it = held is not None and held.booking_id is not None and held.room_id == room.pk
    if not has_it and not may(user, "book", room):
        return {"room": [_("Choose a room that you may book.")]}
    # What has begun may be made longer or shorter.
    has_begun = has_it and held.starts_at == times[0]
    if wrong := time_faults(*times, times[0] if has_begun else None):
        return wrong
    other = room_selectors.taken_by(room, *times, besides=held.booking_id if held else None)
    if other is None:
        return {}
    own = held.booking_id if held else None
    return {"room": [f"{taken_words(other)} {offered(user, room, times, people, own)}"]}


def offered(
    user, room: Room, times: tuple[datetime, datetime], people: int, own: UUID | None = None
) -> str:
    """The free rooms with seats for `people`, or with as many as the room that was chosen; what the
    booking `own` takes counts as free.
    """
    seats = max(1, min(people, room.seats))
    found = room_selectors.free_rooms(user, *times, seats=seats, besides=own)[:OFFERED]
    if not found:
        words = ngettext("No other room with %(n)d seat or more is free then.",
                         "No other room with %(n)d seats or more is free then.", seats)  # fmt: skip
        return words % {"n": seats}
    named = [f"{one.name} ({seats_words(one)})" for one in found]
    listed = pgettext("list", ", ").join(named)
    words = ngettext("Free then, with %(n)d seat or more: %(rooms)s.",
                     "Free then, with %(n)d seats or more: %(rooms)s.", seats)  # fmt: skip
    return words % {"n": seats, "rooms": listed}


def is_lost(meeting: Meeting) -> bool:
    """Whether the room of a meeting to come is not booked for it any more."""
    is_booked = meeting.booking is not None and meeting.booking.is_ahead
    return meeting.room_id is not None and meeting.is_ahead and not is_booked
