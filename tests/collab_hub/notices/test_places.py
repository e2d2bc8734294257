"""Meetings in rooms of the directory: booked on sending, taken once, moved and freed with them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from collab_hub.directory import room_selectors, room_services
from collab_hub.directory.models import RoomBooking
from collab_hub.notices import meeting_services, services
from collab_hub.notices.models import Meeting, Notice
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, Unusable
from tests.collab_hub.directory.makers import at, book, clerk, head, room
from tests.collab_hub.directory.test_rooms import at_once
from tests.factories import actor_of

from .makers import make_notice, send, work

HELD = {"video_link": "", "asks_reply": True}


def at_nine(hall, start: int = 9, **more) -> dict:
    """A meeting in `hall` from `start` on for two hours."""
    return {"starts_at": at(start), "ends_at": at(start + 2), "place": "", "room": hall, **HELD,
            **more}  # fmt: skip


def go(sender, notice):
    return services.send_notice(actor=actor_of(sender), notice=notice)


@pytest.fixture
def keeper(db):
    return head()


@pytest.fixture
def hall(keeper):
    return room(keeper, "301", place="Main building")


def booked(notice) -> RoomBooking | None:
    return Meeting.objects.select_related("booking").get(notice=notice).booking


def move(person, notice, meeting):
    return meeting_services.change_meeting(actor=actor_of(person), notice=notice, meeting=meeting)


def test_sending_books_the_room_and_every_calendar_names_it(office, keeper, hall):
    alice, bob = clerk("alice", "Alice"), clerk("bob", "Bob")
    draft = make_notice(alice, meeting=at_nine(hall))
    assert booked(draft) is None and not RoomBooking.objects.exists()
    go(alice, draft)
    found = booked(draft)
    assert (found.person, found.department) == (alice, draft.department)
    assert (found.starts_at, found.ends_at, found.title) == (at(9), at(11), "防汛值班")
    client = office(bob)
    file = client.get(reverse("notices:calendar", args=[draft.pk])).content
    assert b"LOCATION:301 Main building" in file
    page = client.get(reverse("directory:booking", args=[found.pk])).content.decode()
    assert reverse("notices:notice", args=[draft.pk]) in page
    # Whose meeting it is changes it there; in one's own calendar it does not stand twice.
    with pytest.raises(Conflict, match="Move the meeting"):
        room_services.change_booking(actor=actor_of(alice), booking=found, title="x",
                                     starts_at=at(14), ends_at=at(15))  # fmt: skip
    mine = office(alice).get(reverse("directory:calendar_file")).content.decode()
    assert mine.count("BEGIN:VEVENT") == 1 and "LOCATION:301 Main building" in mine
    # Who stays away from the meeting still has the room.
    meeting_services.reply(actor=actor_of(alice), notice=draft, answer="stays", note="Abroad")
    mine = office(alice).get(reverse("directory:calendar_file")).content.decode()
    assert mine.count("BEGIN:VEVENT") == 1 and f"UID:room-{found.pk}" in mine


@pytest.mark.django_db(transaction=True)
def test_of_four_meetings_sent_at_once_one_gets_the_room():
    hall = room(head())
    people = [clerk(f"clerk{n}", f"C{n}") for n in range(4)]
    drafts = [make_notice(one, meeting=at_nine(hall, 9 + n % 2)) for n, one in enumerate(people)]
    told = at_once([lambda n=n: go(people[n], drafts[n]) for n in range(4)])
    assert told == [Unusable, Unusable, Unusable, None]
    (one,) = Notice.objects.filter(state="sent")
    assert booked(one) == RoomBooking.objects.get() and booked(one).person == one.sender


def test_a_room_taken_meanwhile_is_said_at_its_field_with_what_is_free(office, keeper, hall):
    alice, bob = clerk("alice", "Alice"), clerk("bob", "Bob")
    # Three people are called: two seats are not offered.
    room(keeper, "Broom cupboard", 3), room(keeper, "Closet", 2)
    draft = make_notice(alice, meeting=at_nine(hall))
    book(bob, hall, 10, 11)
    client = office(alice)
    refused = client.post(reverse("notices:send", args=[draft.pk]), follow=True)
    form = refused.context["meeting"]
    (words,) = form.errors["room"]
    assert words.startswith("Bob has the room at this time.")
    free = dict(form.fields["room"].choices[1:])["Free at this time"]
    assert [name.split(" · ")[0] for _key, name in free] == ["Broom cupboard", "Closet"]
    assert words.endswith("Free then, with 3 seats or more: Broom cupboard (3 seats).")
    assert "防汛值班" in refused.content.decode()
    assert form["starts_at"].value() == timezone.make_naive(at(9))
    draft.refresh_from_db()
    assert draft.state == "draft" and booked(draft) is None
    # What is typed with a taken room is not kept, and not lost.
    answers = {
        "department": alice.posts.first().department_id, "title": "New words", "body": "x",
        "meeting-wanted": "on", "meeting-starts_at": f"{timezone.localtime(at(9)):%Y-%m-%dT%H:%M}",
        "meeting-ends_at": f"{timezone.localtime(at(11)):%Y-%m-%dT%H:%M}",
        "meeting-room": hall.pk,
    }  # fmt: skip
    edit = reverse("notices:edit", args=[draft.pk])
    again = client.post(edit, answers)
    assert again.status_code == 422 and "New words" in again.content.decode()
    assert "room" in again.context["meeting"].errors
    for far in ("0001-01-01T00:00", "9999-12-31T23:59"):
        odd = client.post(edit, answers | {"meeting-starts_at": far, "meeting-ends_at": far})
        assert odd.status_code == 422
    both = client.post(edit, answers | {"meeting-place": "Elsewhere"})
    assert "place" in both.context["meeting"].errors
    free = room_selectors.rooms(alice).get(name="Broom cupboard")
    assert client.post(edit, answers | {"meeting-room": free.pk}).status_code == 302
    assert Meeting.objects.get(notice=draft).place == "Broom cupboard"


def test_the_room_goes_where_the_meeting_goes_and_is_free_when_it_is_called_off(keeper, hall):
    alice, other = clerk("alice", "Alice"), room(keeper, "302")
    notice = send(alice, meeting=at_nine(hall))
    first = booked(notice)
    move(keeper, notice, at_nine(hall, 14))
    first.refresh_from_db()
    assert (first.room, first.starts_at) == (hall, at(14)) and first.person == alice
    assert Message.objects.filter(recipient=alice, template="room_moved").count() == 1
    book(keeper, other, 14, 15)
    with pytest.raises(Unusable) as refused:
        move(alice, notice, at_nine(other, 14))
    assert set(refused.value.errors) == {"room"}
    assert Meeting.objects.get().starts_at == at(14) and booked(notice).room == hall
    move(alice, notice, at_nine(other, 16))
    assert booked(notice) == first and booked(notice).room == other
    # Elsewhere; back again; called off.
    move(alice, notice, at_nine(None, 16, place="Town hall"))
    first.refresh_from_db()
    assert first.state == "cancelled" and booked(notice) is None
    move(alice, notice, at_nine(hall, 16))
    second = booked(notice)
    services.recall_notice(actor=actor_of(alice), notice=notice, reason="Rain")
    second.refresh_from_db()
    assert (second.state, second.ended_why) == ("cancelled", "Rain")
    work()
    # One message for each move, one for the end: nobody is told of what stayed.
    assert Message.objects.filter(recipient=alice, template="notice_changed").count() == 4


def test_a_room_that_its_keeper_takes_away_is_booked_again_by_moving(office, keeper, hall):
    alice = clerk("alice")
    notice = send(alice, meeting=at_nine(hall))
    room_services.cancel_booking(actor=actor_of(keeper), booking=booked(notice), reason="Repairs")
    roll = reverse("notices:roll", args=[notice.pk])
    client = office(alice)
    assert "no longer booked" in client.get(roll).content.decode()
    move(alice, notice, at_nine(hall))
    assert booked(notice).is_ahead and Meeting.objects.get().changes == 0
    assert "no longer booked" not in client.get(roll).content.decode()


def test_a_meeting_that_is_over_may_still_be_put_right(keeper, hall):
    alice = clerk("alice")
    notice = send(alice, meeting=at_nine(hall))
    gone = {"starts_at": timezone.now() - timedelta(hours=3),
            "ends_at": timezone.now() - timedelta(hours=1)}  # fmt: skip
    RoomBooking.objects.update(**gone)
    Meeting.objects.update(**gone)
    move(alice, notice, at_nine(hall) | gone | {"video_link": "https://meet.example/7"})
    held = Meeting.objects.get()
    assert held.video_link and held.booking.state == "booked"


def test_the_room_is_held_while_a_second_person_thinks_it_over(office, settings, keeper, hall):
    settings.NOTICE_ALONE_MOST = 1
    alice, bob = clerk("alice"), clerk("bob")
    draft = make_notice(alice, meeting=at_nine(hall))
    go(alice, draft)
    with pytest.raises(Conflict):
        book(bob, hall)
    check = reverse("notices:check", args=[draft.pk])
    assert "no longer booked" not in office(keeper).get(check).content.decode()
    room_services.cancel_booking(actor=actor_of(keeper), booking=booked(draft), reason="Repairs")
    # Whoever decides reads that the room was taken back meanwhile.
    assert "no longer booked" in office(keeper).get(check).content.decode()
    services.decide_release(actor=actor_of(keeper), notice=draft, agrees=False, reason="Too many")
    assert booked(draft) is None
    book(bob, hall)
    with pytest.raises(Unusable) as refused:
        go(alice, draft)
    assert set(refused.value.errors) == {"room"}


def test_only_rooms_one_may_book_and_times_a_room_is_booked_for(api, keeper, hall):
    alice = clerk("alice")
    far = room(head("wu", "health"), "Far")
    past = timezone.now() - timedelta(hours=2)
    for meeting, field in [
        (at_nine(far), "room"),
        (at_nine(hall, starts_at=past, ends_at=at(9)), "starts_at"),
        (at_nine(hall, ends_at=at(9) + timedelta(days=4)), "ends_at"),
    ]:
        with pytest.raises(Unusable) as refused:
            make_notice(alice, meeting=meeting)
        assert set(refused.value.errors) == {field}
    client, organ = api(alice), alice.posts.first().department_id
    given = {
        "organ": organ, "title": {"zh": "会"}, "body": {"zh": "会"},
        "audience": {"any": [{"organ": [organ]}]},
        "meeting": {"starts_at": at(9), "ends_at": at(10), "room": hall.pk},
    }  # fmt: skip
    made = client.post("/api/v1/notices/", given, format="json")
    assert made.data["meeting"]["room"] == hall.pk
    assert made.data["meeting"]["place"] == "301 Main building"
    given["meeting"]["room"] = far.pk
    assert "room" in str(client.post("/api/v1/notices/", given, format="json").data)
