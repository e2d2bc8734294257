"""A booking that repeats: the clock is kept, taken days are seen, days end alone or together."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from collab_hub.directory import feeds, room_services, series_services
from collab_hub.directory.models import RoomBooking
from collab_hub.directory.weekly import MOST_TIMES, weekly
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, Unusable
from tests.factories import actor_of

from .makers import DAY, MONDAY, at, book, clerk, head, room
from .test_duties import DATES, TIMES, ZONES
from .test_rooms import at_once

WEEK = timedelta(days=7)


@given(DATES, TIMES, TIMES, st.integers(1, MOST_TIMES), ZONES)
def test_the_clock_shows_the_same_on_every_day(on, begins, ends, times, zone):
    found = weekly(on, begins, ends, times, zone)
    assert [one.on for one in found] == [on + n * WEEK for n in range(times)]
    for one in found:
        for moment, clock in ((one.starts_at, begins), (one.ends_at, ends)):
            local = datetime.combine(one.on, clock, tzinfo=zone)
            # But for the hour that a change of the clocks leaves out, which no clock shows.
            is_shown = local.astimezone(UTC).astimezone(zone).time() == clock
            assert moment.astimezone(zone).time() == clock or not is_shown


def repeat(person, made, times: int = 4, **more):
    facts = {"on": MONDAY, "begins": time(9), "ends": time(10), "title": "周例会"} | more
    return series_services.book_weekly(actor=actor_of(person), room=made, times=times, **facts)


@pytest.mark.django_db
def test_every_day_is_a_booking_and_an_event_of_its_own():
    alice = clerk("alice")
    made = room(head())
    found = repeat(alice, made)
    assert [one.starts_at for one in found] == [at(9, days=7 * n) for n in range(4)]
    file = feeds.file_of(alice, room=made).decode()
    assert file.count("BEGIN:VEVENT") == 4 and "RRULE" not in file
    assert {f"UID:room-{one.pk}@govplatform" for one in found} <= set(file.splitlines())
    # One is cancelled alone, one with all later ones; what was before stays.
    room_services.cancel_booking(actor=actor_of(alice), booking=found[2])
    ended = room_services.cancel_booking(actor=actor_of(alice), booking=found[1], with_later=True)
    assert ended == [found[1], found[3]]
    assert list(RoomBooking.objects.filter(state="booked")) == [found[0]]


@pytest.mark.django_db
def test_a_head_who_ends_many_says_why_and_one_message_goes_out():
    keeper, alice = head(), clerk("alice")
    found = repeat(alice, room(keeper))
    with pytest.raises(Unusable):
        room_services.cancel_booking(actor=actor_of(keeper), booking=found[0], with_later=True)
    room_services.cancel_booking(
        actor=actor_of(keeper), booking=found[0], with_later=True, reason="装修"
    )
    (told,) = Message.objects.filter(recipient=alice)
    assert told.template == "room_series_cancelled" and "4次" in str(told.body)


@pytest.mark.django_db
def test_taken_days_are_left_out_only_when_they_were_seen():
    alice, bob = clerk("alice"), clerk("bob")
    made = room(head())
    book(bob, made, 8, 11)
    with pytest.raises(Conflict) as refused:
        repeat(alice, made)
    days = refused.value.facts["days"]
    assert [(one.on, other and other.person) for one, other in days] == [
        (MONDAY, bob), *((MONDAY + n * WEEK, None) for n in (1, 2, 3))
    ]  # fmt: skip
    # Somebody takes another day meanwhile: that one was not seen.
    later = room_services.book_room(
        actor=actor_of(bob), room=made, title="x", starts_at=at(9, days=7), ends_at=at(10, days=7)
    )
    with pytest.raises(Conflict):
        repeat(alice, made, without=frozenset({MONDAY}))
    assert RoomBooking.objects.filter(person=alice).count() == 0
    seen = frozenset({MONDAY, MONDAY + WEEK})
    assert len(repeat(alice, made, without=seen)) == 2
    room_services.cancel_booking(actor=actor_of(bob), booking=later)
    with pytest.raises(Conflict):  # nothing but taken days is no booking
        repeat(alice, made, times=1, without=seen)
    for facts, field in (({"times": 27}, "times"), ({"times": 0}, "times"),
                         ({"on": MONDAY + 340 * DAY, "times": 8}, "times"),
                         ({"on": date(9999, 12, 31)}, "starts_at"),
                         ({"ends": time(9)}, "ends_at")):  # fmt: skip
        with pytest.raises(Unusable) as wrong:
            repeat(alice, made, **facts)
        assert set(wrong.value.errors) == {field}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_repeat_at_once_one_gets_all_days():
    made, people = room(head()), [clerk("alice"), clerk("bob")]
    told = at_once([lambda n=n: repeat(people[n], made, on=MONDAY + n * WEEK) for n in range(2)])
    assert told == [Conflict, None]
    assert RoomBooking.objects.count() == 4


@pytest.mark.django_db
def test_the_page_lists_free_and_taken_days_and_books_the_free_ones(office):
    alice, bob = clerk("alice", "Alice"), clerk("bob", "Bob")
    made = room(head())
    book(bob, made, 8, 11)
    client, page = office(alice), reverse("directory:room", args=[made.pk])
    asked = {"title": "Jour fixe", "on": MONDAY.isoformat(), "begins": "09:00", "ends": "10:00",
             "times": "3"}  # fmt: skip
    refused = client.post(page, asked)
    shown = refused.content.decode()
    assert refused.status_code == 409 and "The room is taken on 1 of 3 days." in shown
    assert "Book the 2 free days" in shown and "Bob" in shown and 'value="Jour fixe"' in shown
    assert not RoomBooking.objects.filter(person=alice).exists()
    seen = re.search(r'name="seen" value="([^"]+)"', shown)[1]
    without = {"free": "1", "without": [MONDAY.isoformat()], "seen": seen}
    # The list was about other times: what is taken now was not seen.
    other = client.post(page, asked | without | {"begins": "08:30"})
    assert other.status_code == 409 and not RoomBooking.objects.filter(person=alice).exists()
    done = client.post(page, asked | without, follow=True)
    assert "The room is yours on 2 days." in done.content.decode()
    first = RoomBooking.objects.filter(person=alice).order_by("starts_at").first()
    own = reverse("directory:booking", args=[first.pk])
    assert "Cancel this and the 1 later day" in client.get(own).content.decode()
    ended = client.post(f"{own}cancel/", {"later": "1"}, follow=True).content.decode()
    assert "The room is free again on 2 days." in ended
    assert client.post(page, asked | {"times": "27"}).status_code == 422
