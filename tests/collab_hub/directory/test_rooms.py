"""Rooms: taken once, whoever is faster; changed, given back, and seen to when somebody leaves."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from collab_hub.directory import room_selectors, room_services
from collab_hub.directory.models import RoomBooking
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from tests.factories import actor_of

from .makers import at, book, clerk, head, leave, room, roster


def at_once(deeds) -> list:
    """What became of deeds done at the same moment: the sort of refusal, or None."""
    start, told = threading.Barrier(len(deeds)), []

    def race(deed) -> None:
        try:
            start.wait(10)
            deed()
            told.append(None)
        except Exception as error:
            told.append(type(error))
        finally:
            connection.close()

    racers = [threading.Thread(target=race, args=[deed]) for deed in deeds]
    for one in racers:
        one.start()
    for one in racers:
        one.join(30)
    return sorted(told, key=str)


@pytest.mark.django_db(transaction=True)
def test_a_name_is_given_once_and_whoever_is_second_is_told_at_the_field():
    keeper = head()
    assert at_once([lambda: room(keeper), lambda: room(keeper)]) == [Unusable, None]
    people = [keeper]
    assert at_once([lambda: roster(keeper, people) for _n in range(2)]) == [Unusable, None]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_at_once_one_gets_the_room():
    """The wall is the database's: what overlaps cannot be written, however it comes."""
    keeper, people = head(), [clerk(f"clerk{n}") for n in range(4)]
    made = room(keeper)
    told = at_once(
        [lambda n=n, who=who: book(who, made, 9 + n % 2, 11) for n, who in enumerate(people)]
    )
    assert told == [Conflict, Conflict, Conflict, None]
    with transaction.atomic(), pytest.raises(IntegrityError, match="rooms_are_taken_once"):
        first = RoomBooking.objects.get()
        RoomBooking.objects.create(
            room=made, title="x", starts_at=first.ends_at - timedelta(minutes=1),
            ends_at=first.ends_at + timedelta(hours=1), person=people[0],
            department=first.department,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_who_exchange_their_rooms_at_once_are_refused_and_nobody_is_stuck():
    """Each stands in the other's way; neither waits for ever."""
    keeper, people = head(), [clerk("alice"), clerk("bob")]
    rooms = [room(keeper), room(keeper, "302")]
    bookings = [book(who, made) for who, made in zip(people, rooms, strict=True)]
    told = at_once([
        lambda n=n: room_services.follow_meeting(
            actor=actor_of(people[n]), booking=bookings[n], room=rooms[1 - n], title="x",
            starts_at=at(9), ends_at=at(10),
        )
        for n in range(2)
    ])  # fmt: skip
    assert told == [Conflict, Conflict]


@pytest.mark.django_db
def test_bookings_touch_but_do_not_overlap_and_free_times_are_offered():
    keeper, alice, bob = head(), clerk("alice", "Alice"), clerk("bob", "Bob")
    made, other = room(keeper), room(keeper, "302")
    first = book(alice, made, 9, 10)
    book(bob, made, 10, 11)
    book(bob, other, 9, 10)
    with pytest.raises(Conflict, match="Alice has the room") as refused:
        book(bob, made, 9, 10)
    assert refused.value.facts["free"][0] == at(11)
    # Moved, the old time is free at once; refused, the booking stays as it was.
    with pytest.raises(Conflict):
        room_services.change_booking(actor=actor_of(alice), booking=first, title="x",
                                     starts_at=at(10), ends_at=at(11))  # fmt: skip
    first.refresh_from_db()
    assert first.starts_at == at(9) and first.title == "周例会"
    room_services.change_booking(actor=actor_of(alice), booking=first, title="周例会",
                                 starts_at=at(14), ends_at=at(15))  # fmt: skip
    book(bob, made, 9, 10)
    room_services.cancel_booking(actor=actor_of(alice), booking=first)
    book(bob, made, 14, 15)
    with pytest.raises(Conflict):
        room_services.cancel_booking(actor=actor_of(alice), booking=first)


@pytest.mark.django_db
def test_faults_stand_at_their_fields_and_strangers_book_nothing():
    keeper, alice = head(), clerk("alice")
    made = room(keeper)
    for given, field in [((10, 9), "ends_at"), ((9, 9), "ends_at")]:
        with pytest.raises(Unusable) as refused:
            book(alice, made, *given)
        assert set(refused.value.errors) == {field}
    with pytest.raises(Unusable) as refused:
        book(alice, made, title=" ")
    assert set(refused.value.errors) == {"title"}
    stranger = clerk("mallory", kind="health")
    far = clerk("far", kind="health", region="330302")
    with pytest.raises(NotAllowed):
        book(stranger, made)
    shared = room(keeper, "大厅", is_shared=True)
    book(stranger, shared)
    with pytest.raises(NotAllowed):
        book(far, shared, 15, 16)
    assert list(room_selectors.rooms(stranger)) == [shared]
    with pytest.raises(NotAllowed):
        room(head("wu", "health"), "x", room=made)


@pytest.mark.django_db
def test_what_somebody_booked_who_left_is_shown_to_the_head_who_takes_it_over():
    keeper, alice, bob = head(), clerk("alice"), clerk("bob")
    made = room(keeper)
    booking = book(alice, made)
    assert not room_selectors.of_who_left(keeper).exists()
    leave(alice)
    assert list(room_selectors.of_who_left(keeper)) == [booking]
    assert not room_selectors.of_who_left(bob).exists()
    assert not room_selectors.of_who_left(head("wu", "health")).exists()
    with pytest.raises(NotAllowed):
        room_services.take_over(actor=actor_of(bob), booking=booking)
    room_services.take_over(actor=actor_of(keeper), booking=booking)
    booking.refresh_from_db()
    assert booking.person == keeper and not room_selectors.of_who_left(keeper).exists()
    # A head who cancels a colleague's booking says why, and the colleague is told.
    other = book(bob, made, 15, 16)
    with pytest.raises(Unusable):
        room_services.cancel_booking(actor=actor_of(keeper), booking=other)
    room_services.cancel_booking(actor=actor_of(keeper), booking=other, reason="装修")
    assert "装修" in str(Message.objects.get(recipient=bob, template="room_cancelled").body)


@pytest.mark.django_db
def test_a_day_of_rooms_asks_as_often_for_three_as_for_one():
    keeper, alice = head(), clerk("alice")
    book(alice, room(keeper))

    def asked() -> int:
        from django.utils import timezone

        with CaptureQueriesContext(connection) as queries:
            day = at(9).date()
            assert room_selectors.day_of(alice, day, timezone.get_default_timezone())
        return len(queries)

    first = asked()
    for name in ("b", "c"):
        book(alice, room(keeper, name))
    assert asked() == first
