"""Meeting rooms: which ones, what is taken, what is free. Reads only."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from security.access import get_or_404, visible_to
from security.organs.selectors import headed_ids

from .duties import moment_at
from .models import Room, RoomBooking
from .selectors import posts_on

State = RoomBooking.State
MOST_LEFT = 100


def rooms(user) -> QuerySet[Room]:
    """The rooms that the person may book, by organ and name."""
    found = visible_to(user, "book", Room.objects.all()).select_related("department")
    return found.order_by("department__code", "name")


def room_for(user, room_id, verb: str = "view") -> Room:
    """The room on which the person may do `verb`; Http404 for any other."""
    return get_or_404(user, verb, Room.objects.select_related("department"), pk=room_id)


def booking_for(user, booking_id, verb: str = "read") -> RoomBooking:
    """The booking on which the person may do `verb`; Http404 for any other."""
    found = RoomBooking.objects.select_related("room__department", "person", "department")
    return get_or_404(user, verb, found, pk=booking_id)


def booked(starts_at: datetime, ends_at: datetime) -> QuerySet[RoomBooking]:
    """The bookings in force that touch a time, by beginning."""
    found = RoomBooking.objects.filter(
        state=State.BOOKED, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return found.select_related("room", "person", "department").order_by("starts_at", "pk")


def day_of(user, day, zone) -> list[dict]:
    """Every room of the person with what is booked on a day: {"room", "bookings"}. Two queries."""
    begins = moment_at(day, time.min, zone)
    ends = moment_at(day + timedelta(days=1), time.min, zone)
    found = list(rooms(user))
    taken = {}
    for one in booked(begins, ends).filter(room__in=found):
        taken.setdefault(one.room_id, []).append(one)
    return [{"room": room, "bookings": taken.get(room.pk, [])} for room in found]


def readable(user, bookings) -> set:
    """The ids of those bookings whose title the person may read; of others one sees who has the
    room.
    """
    ids = [one.pk for one in bookings]
    found = RoomBooking.objects.filter(pk__in=ids)
    return set(visible_to(user, "read", found).values_list("pk", flat=True)) if ids else set()


def next_free(room: Room, starts_at: datetime, ends_at: datetime, besides=None) -> list[datetime]:
    """The next moments from `starts_at` on, within two days, at which the room is free for as long;
    at most three.
    """
    length = ends_at - starts_at
    horizon = starts_at + timedelta(days=2)
    taken = booked(starts_at, horizon + length).filter(room=room)
    found, at = [], starts_at
    for one in [*taken.exclude(pk=besides), None]:
        if at > horizon or len(found) == 3:
            break
        if one is None or at + length <= one.starts_at:
            found.append(at)
        if one is not None:
            at = max(at, one.ends_at)
    return found


def taken_by(
    room: Room, starts_at: datetime, ends_at: datetime, besides=None
) -> RoomBooking | None:
    """The first booking that has the room at a time."""
    return booked(starts_at, ends_at).filter(room=room).exclude(pk=besides).first()


def taken_ids(rooms, starts_at: datetime, ends_at: datetime, besides=None) -> set[int]:
    """The ids of those rooms that are taken at a time."""
    found = booked(starts_at, ends_at).filter(room__in=list(rooms)).exclude(pk=besides)
    return set(found.values_list("room_id", flat=True))


def free_rooms(
    user, starts_at: datetime, ends_at: datetime, seats: int = 1, besides=None
) -> list[Room]:
    """The rooms with so many seats that the person may book and that are free at a time, the
    smallest first.
    """
    taken = booked(starts_at, ends_at).filter(room=OuterRef("pk")).exclude(pk=besides)
    found = rooms(user).filter(~Exists(taken), seats__gte=seats)
    return list(found.order_by("seats", "name", "pk"))


def meeting_of(booking: RoomBooking):
    """The meeting for which a room is booked, or None."""
    return getattr(booking, "meeting", None)


def called_to(user) -> QuerySet[RoomBooking]:
    """The bookings of meetings that stand in the person's calendar as meetings: to which they are
    called and do not stay away from.
    """
    return RoomBooking.objects.filter(
        meeting__notice__state="sent",
        meeting__notice__recipients__user=user,
        meeting__notice__recipients__reply__in=("", "comes", "sends"),
    )


def later_of(booking: RoomBooking) -> QuerySet[RoomBooking]:
    """The later bookings in force of the same repetition and person, in order."""
    found = RoomBooking.objects.filter(
        series=booking.series, state=State.BOOKED, person=booking.person_id
    )
    found = found.exclude(series=None).filter(starts_at__gt=booking.starts_at)
    found = found.select_related("room", "person", "department")
    return found.order_by("starts_at", "pk")


def of_who_left(user, now: datetime | None = None) -> QuerySet[RoomBooking]:
    """The bookings to come of people who have no post in the organ they booked for any more, for
    the heads of that organ and of the organ that keeps the room.
    """
    organs = headed_ids(user)
    if not organs:
        return RoomBooking.objects.none()
    there = posts_on().filter(user=OuterRef("person"), department=OuterRef("department"))
    found = RoomBooking.objects.filter(
        Q(department__in=organs) | Q(room__department__in=organs),
        ~Exists(there),
        state=State.BOOKED,
        ends_at__gt=now or timezone.now(),
    )
    return found.select_related("room", "person", "department").order_by("starts_at", "pk")


def bookings_ahead(user, now: datetime | None = None) -> QuerySet[RoomBooking]:
    """The person's own bookings that are not over."""
    found = RoomBooking.objects.filter(
        person=user, state=State.BOOKED, ends_at__gt=now or timezone.now()
    )
    return found.select_related("room__department", "department").order_by("starts_at")


def bookings_of(room: Room, starts_at: datetime, ends_at: datetime) -> list[RoomBooking]:
    """What is booked in a room."""
    return list(booked(starts_at, ends_at).filter(room=room))


def kept_rooms(user) -> QuerySet[Room]:
    """The rooms that the person keeps, also those that are not in use."""
    found = visible_to(user, "manage", Room.objects.all()).select_related("department")
    return found.order_by("department__code", "name")


def has_left(user, booking: RoomBooking) -> bool:
    """Whether it was booked by somebody who has left, and `user` is the head who sees to it."""
    return of_who_left(user).filter(pk=booking.pk).exists()
