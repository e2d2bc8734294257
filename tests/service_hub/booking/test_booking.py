"""Appointments: one place each, moved, cancelled, reminded, called off."""

from datetime import time, timedelta

import pytest
import time_machine

from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.outbox.models import OutboxMessage
from security.actors import Actor
from security.audit.models import AuditEntry
from service_hub.booking import hall_services, queue_services, selectors, services
from service_hub.booking.models import Appointment, Slot
from service_hub.booking.queue_selectors import label
from service_hub.booking.todos import appointments_near
from tests.factories import MAKER, actor_of, make_citizen, make_official, sign_in

from .makers import NOW, at, first_line, make_hall

pytestmark = pytest.mark.django_db
State = Appointment.State
OWN_LIST, HALL_DAY, HALL_NUMBERS = 8, 30, 25


@pytest.fixture
def line(db):
    return first_line(make_hall())


def book(line, user=None, when=None, **more) -> Appointment:
    actor = actor_of(user) if user else Actor.anonymous(ip="10.0.0.1")
    return services.book_appointment(
        actor=actor, line=line, starts_at=when or at(9), at=more.pop("now", NOW), **more
    )


def left(line, when) -> int:
    return selectors.slot_at(line, when, NOW).left


def test_a_place_is_taken_and_the_last_one_refused_with_what_is_free(line, alice, bob):
    book(line, alice)
    assert left(line, at(9)) == 1
    book(line, bob)
    with pytest.raises(Conflict) as refused:
        book(line, make_citizen("carl"))
    assert [one.starts_at for one in refused.value.facts["free"]] == [
        at(9, 30), at(10), at(10, 30),
    ]  # fmt: skip
    assert Slot.objects.get().taken == 2


def test_without_an_account_name_and_mobile_are_asked(line):
    with pytest.raises(Unusable) as refused:
        book(line)
    assert set(refused.value.errors) == {"name", "mobile"}
    made = book(line, name="王秀英", mobile="13800007788")
    assert made.person is None and len(made.code) == 10
    with pytest.raises(Conflict, match="already"):
        book(line, name="王秀英", mobile="138 0000 7788", when=at(10))


@pytest.mark.parametrize("when", [at(7), at(12), at(9, 10), at(9, days=4), at(9, days=40)])
def test_only_slots_that_are_there_can_be_booked(line, alice, when):
    with pytest.raises(Conflict, match="cannot be booked"):
        book(line, alice, when=when)


def test_what_has_begun_is_over(line, alice):
    with pytest.raises(Conflict):
        book(line, alice, now=at(9, 1))


def test_a_person_has_at_most_three(line, alice):
    hall = line.hall
    lines = [
        hall_services.add_line(actor=Actor.system("t"), hall=hall, letter=x, title=line.title)
        for x in "BCD"
    ]
    for one in lines:
        one.hall = hall
        book(one, alice)
    with pytest.raises(Conflict, match="Cancel one"):
        book(line, alice)


def test_moving_gives_the_old_place_back(line, alice):
    made = book(line, alice)
    moved = services.move_appointment(
        actor=actor_of(alice), appointment=made, starts_at=at(14), at=NOW
    )
    assert (left(line, at(9)), left(line, at(14)), moved.moved) == (2, 1, 1)


def test_a_full_slot_keeps_the_old_place(line, alice, bob):
    book(line, bob, when=at(14))
    book(line, make_citizen("carl"), when=at(14))
    made = book(line, alice)
    with pytest.raises(Conflict):
        services.move_appointment(actor=actor_of(alice), appointment=made, starts_at=at(14), at=NOW)
    made.refresh_from_db()
    assert made.starts_at == at(9) and left(line, at(9)) == 1


def test_cancelled_is_free_again_once(line, alice):
    made = book(line, alice)
    services.cancel_appointment(actor=actor_of(alice), appointment=made, at=NOW)
    with pytest.raises(Conflict):
        services.cancel_appointment(actor=actor_of(alice), appointment=made, at=NOW)
    assert left(line, at(9)) == 2
    assert book(line, alice)


def timers(made) -> dict:
    found = OutboxMessage.objects.filter(topic=services.TIMER, payload__appointment=str(made.pk))
    return {(one.payload["kind"], one.payload["starts_at"]): one.due_at for one in found}


def test_reminders_are_set_a_day_and_two_hours_before(line, alice):
    made = book(line, alice, when=at(14, days=2))
    due = {kind: moment for (kind, _at), moment in timers(made).items()}
    assert due == {
        "day": at(14, days=1), "hours": at(12, days=2), "missed": at(15, days=2),
    }  # fmt: skip
    near = book(line, make_citizen("carl"), when=at(9))
    assert {kind for kind, _at in timers(near)} == {"missed"}


def ring(made, kind, starts_at=None):
    services.ring(
        actor=Actor.system("t"), appointment_id=made.pk, kind=kind,
        starts_at=(starts_at or made.starts_at).isoformat(),
    )  # fmt: skip


def test_a_timer_of_a_moved_or_ended_appointment_says_nothing(line, alice):
    made = book(line, alice, when=at(14, days=2))
    before = Message.objects.count()
    ring(made, "day", at(9))
    assert Message.objects.count() == before
    ring(made, "day")
    ring(made, "day")
    assert Message.objects.count() == before + 1
    ring(made, "missed")
    made.refresh_from_db()
    assert made.state == State.NO_SHOW


def test_three_misses_bar_from_booking_online(line, alice):
    for days in (1, 2, 3):
        made = book(line, alice, when=at(9, days=days))
        ring(made, "missed")
    with pytest.raises(Conflict, match="three times"):
        book(line, alice, when=at(9, days=6), now=at(10, days=3))


def test_closing_a_day_tells_everybody_what_is_free(line, alice):
    made = book(line, alice, when=at(9, days=1))
    afternoon = book(line, make_citizen("carl"), when=at(14, days=1))
    count = hall_services.close_day(
        actor=Actor.system("t"), hall=line.hall, on=at(0, days=1).date(), reason="停电检修。",
        opens=time(13, 30), closes=time(17), at=NOW,
    )  # fmt: skip
    made.refresh_from_db()
    afternoon.refresh_from_db()
    assert (count, made.state, afternoon.state) == (1, State.CALLED_OFF, State.BOOKED)
    letter = Message.objects.filter(recipient=alice).latest("created_at")
    assert "停电检修" in letter.body["zh"] and "09:00" in letter.body["en"]
    with pytest.raises(Conflict):
        book(line, alice, when=at(9, days=1))


def test_only_the_head_of_the_hall_changes_it(line):
    clerk = make_official("clerk", kind="service_bureau")
    with pytest.raises(NotAllowed):
        hall_services.set_terms(actor=actor_of(clerk), line=line, capacity=9, days_ahead=3)
    head = make_official("head", kind="service_bureau", duties=["head"])
    hall_services.set_terms(actor=actor_of(head), line=line, capacity=9, days_ahead=3)
    with pytest.raises(Unusable):
        hall_services.set_terms(actor=actor_of(head), line=line, capacity=999, days_ahead=3)
    with pytest.raises(Unusable):
        hall_services.set_hours(
            actor=actor_of(head), hall=line.hall, weekday=0,
            hours=[(time(9), time(12)), (time(11), time(13))],
        )  # fmt: skip


def test_arriving_on_another_day_is_refused(line, alice):
    made = book(line, alice, when=at(9, days=1))
    with pytest.raises(Conflict, match="not today"):
        services.note_arrival(actor=Actor.system("t"), appointment=made, at=NOW)
    here = services.note_arrival(
        actor=Actor.system("t"), appointment=made, at=made.starts_at - timedelta(minutes=5)
    )
    assert here.state == State.ARRIVED


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_and_three(line, rows, client, django_assert_num_queries):
    hall = line.hall
    clerk = make_official("clerk", kind="service_bureau")
    carl = make_citizen("carl")
    lines = [line, *_more_lines(hall)][:rows]
    for one in lines:
        book(one, carl)
    sign_in(client, carl)
    client.get("/appointments/")
    with django_assert_num_queries(OWN_LIST):
        shown = client.get("/appointments/").content.decode()
    assert shown.count("/appointments/") > rows
    for who, queries in (
        (clerk, HALL_DAY),
        (make_official("guest", kind="education"), HALL_NUMBERS),
    ):
        sign_in(client, who)
        client.get("/office/halls/xihu/?on=2026-03-03")
        with django_assert_num_queries(queries):
            shown = client.get("/office/halls/xihu/?on=2026-03-03").content.decode()
        assert shown.count("09:00") == rows


def test_names_are_for_those_who_work_at_the_hall_and_every_look_is_audited(line, client, alice):
    hall, here = line.hall, "/office/halls/xihu/?on=2026-03-03"
    made = book(line, alice)
    ticket = queue_services.check_in(actor=MAKER, appointment=made, at=at(9))
    number = label(ticket)

    def page(user) -> str:
        sign_in(client, user)
        return client.get(here).content.decode()

    def looks() -> list:
        found = AuditEntry.objects.filter(verb="hall.names", object_id=str(hall.pk))
        return list(found.order_by("pk").values_list("actor__username", "after__people"))

    outside = make_official("outside", kind="education")
    shown = page(outside)
    assert number in shown and made.name not in shown and "duty:hall-xihu" in shown
    with pytest.raises(NotAllowed):
        hall_services.read_names(
            actor=actor_of(outside), hall=hall, on=made.starts_at.date(), count=1
        )
    assert looks() == []
    # The duty of another hall is none of this one.
    other = make_official("other", kind="education", duties=["clerk", "hall-yueqing"])
    assert made.name not in page(other)
    inside = make_official("inside", kind="service_bureau")
    window = make_official("window", kind="police", duties=["hall-xihu"])
    assert made.name in page(inside) and made.name in page(window)
    assert looks() == [("inside", 1), ("window", 1)]
    # A duty held elsewhere opens no hall of a division where one has no post.
    far = make_official("far", kind="police", region="330302", duties=["hall-xihu"])
    sign_in(client, far)
    assert client.get(here).status_code == 404
    # A day without appointments names nobody.
    sign_in(client, inside)
    client.get("/office/halls/xihu/?on=2026-03-04")
    assert len(looks()) == 2


def _more_lines(hall) -> list:
    found = []
    for letter in "BC":
        one = hall_services.add_line(
            actor=Actor.system("t"), hall=hall, letter=letter, title=hall.name
        )
        one.hall = hall
        found.append(one)
    return found


def test_an_appointment_of_tomorrow_is_among_what_is_to_do(line, alice):
    made = book(line, alice, when=at(14, days=1))
    with time_machine.travel(at(9, days=1), tick=False):
        (found,) = appointments_near(actor_of(alice))
    assert found.due_at == made.starts_at and "14:00" in found.title
    with time_machine.travel(at(9, days=-1), tick=False):
        assert appointments_near(actor_of(alice)) == []


def test_days_out_of_reach_and_odd_numbers_are_no_errors_of_ours(line, client):
    head = make_official("hall-head", kind="service_bureau", duties=["clerk", "head"])
    sign_in(client, head)
    for on in ("9999-12-31", "0001-01-01", "2026-02-30", "x"):
        assert client.get(f"/office/halls/xihu/?on={on}").status_code == 200
    plan = "/office/halls/xihu/plan/"
    far = client.post(plan, {"do": "day", "on": "9999-12-31", "reason": "停电"})
    assert far.status_code == 422 and "too far away" in far.content.decode()
    assert client.get("/appointments/new/?item=²").status_code == 200
    assert client.post("/halls/xihu/", {"line": "²"}).status_code in {404, 422}


def test_wrong_terms_are_said_at_their_field_with_what_was_typed(line, client):
    head = make_official("hall-head", kind="service_bureau", duties=["clerk", "head"])
    sign_in(client, head)
    sent = {"do": "terms", "line": line.pk, "capacity": "999", "days_ahead": "7"}
    page = client.post("/office/halls/xihu/plan/", sent)
    said = page.content.decode()
    assert page.status_code == 422 and "from 0 to 200" in said
    assert f'id="id_{line.pk}_capacity"' in said and 'value="999"' in said
    client.post("/office/halls/xihu/plan/", sent | {"capacity": "4"})
    line.refresh_from_db()
    assert (line.capacity, line.days_ahead) == (4, 7)
