"""Numbers in a hall: fair, never called twice, never lost."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.errors import Conflict, NotAllowed
from security.actors import Actor
from service_hub.booking import hall_services, queue_services, services
from service_hub.booking import queue_selectors as queue
from service_hub.booking.fairness import (
    HOLDER,
    HOLDERS_IN_A_ROW,
    WALK_IN,
    minutes_to_wait,
    place_of,
    turns,
)
from service_hub.booking.models import Ticket
from service_hub.evaluations.models import Visit
from tests.factories import actor_of, make_citizen, make_official

from .makers import NOW, at, first_line, make_hall
from .test_at_once import together

State = Ticket.State
NOBODY = Actor.anonymous(ip="10.0.0.1")


@pytest.fixture
def line(db):
    return first_line(make_hall(capacity=9))


@pytest.fixture
def window(line):
    return queue.window_of(line.hall, 3)


@pytest.fixture
def clerk(line):
    return make_official("caller", kind="health")


def take(line, hour=9, minute=0, actor=NOBODY):
    return queue_services.take_ticket(actor=actor, line=line, at=at(hour, minute))


def call(clerk, window, when=None, current=""):
    return queue_services.call_next(
        actor=actor_of(clerk), window=window, current=str(getattr(current, "pk", current)),
        at=when or at(10),
    )  # fmt: skip


@pytest.mark.django_db
def test_numbers_are_called_in_the_order_in_which_they_were_taken(line, window, clerk):
    first, second = take(line, 9), take(line, 9, 1)
    assert [queue.label(first), queue.label(second)] == ["A001", "A002"]
    assert queue.wait_of(second, at(9, 2)).ahead == 1
    here = call(clerk, window)
    assert here == first
    assert call(clerk, window, current=here) == second
    first.refresh_from_db()
    assert first.state == State.SERVED
    assert Visit.objects.filter(clerk=clerk).count() == 1
    assert call(clerk, window, current=second) is None
    second.refresh_from_db()
    assert second.state == State.SERVED


@pytest.mark.django_db
def test_a_second_press_calls_nobody(line, window, clerk):
    first, second = take(line), take(line, 9, 1)
    call(clerk, window)
    with pytest.raises(Conflict, match="A001"):
        call(clerk, window)
    second.refresh_from_db()
    assert second.state == State.WAITING
    assert first.pk != second.pk


@pytest.mark.django_db
def test_appointments_come_at_their_time_and_two_in_a_row_at_most(line, window, clerk):
    walk_ins = [take(line, 9, minute) for minute in range(3)]
    holders = []
    for number in range(3):
        user = make_citizen(f"holder{number}")
        made = services.book_appointment(actor=actor_of(user), line=line, starts_at=at(10), at=NOW)
        holders.append(
            queue_services.check_in(actor=NOBODY, appointment=made, at=at(9, 50 + number))
        )
    order, current = [], ""
    for _round in range(6):
        current = call(clerk, window, at(10, 1) + timedelta(seconds=len(order)), current)
        order.append(current)
    assert order == [*holders[:2], walk_ins[0], holders[2], *walk_ins[1:]]


@pytest.mark.django_db
def test_before_its_time_an_appointment_is_called_when_nobody_else_waits(line, window, clerk):
    made = services.book_appointment(
        actor=actor_of(make_citizen("early")), line=line, starts_at=at(10), at=NOW
    )
    ticket = queue_services.check_in(actor=NOBODY, appointment=made, at=at(9))
    walk_in = take(line, 9, 5)
    assert call(clerk, window, at(9, 10)) == walk_in
    assert call(clerk, window, at(9, 20), walk_in) == ticket
    assert queue_services.check_in(actor=NOBODY, appointment=made, at=at(9, 30)) == ticket


@pytest.mark.django_db
def test_recalled_missed_transferred_and_given_back(line, window, clerk):
    other = hall_services.add_line(
        actor=Actor.system("t"), hall=line.hall, letter="B", title=line.title
    )
    one, two = take(line), take(line, 9, 1)
    here = call(clerk, window)
    assert queue_services.recall_ticket(actor=actor_of(clerk), ticket=here).recalls == 1
    moved = queue_services.transfer_ticket(actor=actor_of(clerk), ticket=here, line=other)
    assert (moved.line, moved.state, queue.label(moved)) == (other, State.WAITING, "A001")
    here = call(clerk, window)
    assert here == two
    queue_services.miss_ticket(actor=actor_of(clerk), ticket=here)
    with pytest.raises(Conflict):
        queue_services.recall_ticket(actor=actor_of(clerk), ticket=here)
    queue_services.leave_queue(actor=NOBODY, ticket=one)
    with pytest.raises(Conflict):
        queue_services.leave_queue(actor=NOBODY, ticket=one)


@pytest.mark.django_db
def test_who_may_and_when(line, window):
    with pytest.raises(Conflict, match="opening hours"):
        take(line, 8)
    with pytest.raises(Conflict):
        take(line, 20)
    stranger = make_official("far", kind="health", region="330302")
    take(line)
    with pytest.raises(NotAllowed):
        call(stranger, window)


@pytest.mark.django_db
def test_a_person_has_one_number_in_a_queue(line):
    carl = make_citizen("carl")
    assert take(line, actor=actor_of(carl)) == take(line, 9, 5, actor=actor_of(carl))
    assert take(line) != take(line)


@pytest.mark.django_db(transaction=True)
def test_no_number_is_given_or_called_twice():
    line = first_line(make_hall())
    windows = [queue.window_of(line.hall, 3)] + [
        hall_services.add_window(actor=Actor.system("t"), hall=line.hall, number=n, lines=[line])
        for n in (4, 5, 6)
    ]
    clerk = make_official("caller", kind="health")
    tickets = together([lambda: take(line)] * 8)
    assert sorted(one.number for one in tickets) == list(range(1, 9))
    called = together([lambda w=w: call(clerk, w) for w in windows for _twice in range(2)])
    there = [one for one in called if isinstance(one, Ticket)]
    assert len(there) == len({one.pk for one in there}) == 4
    assert sorted(one.number for one in there) == [1, 2, 3, 4]


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 30))
def test_everybody_is_called_and_no_walk_in_waits_for_more_than_two(kinds, _seed):
    holders, walk_ins, called = kinds.count(True), kinds.count(False), []
    while holders or walk_ins:
        for turn in turns(holders > 0, walk_ins > 0, called[::-1]):
            if turn == HOLDER and holders:
                holders -= 1
                called.append(True)
                break
            if turn == WALK_IN and walk_ins:
                walk_ins -= 1
                called.append(False)
                break
    assert len(called) == len(kinds)
    last = len(called) - called[::-1].index(False) if False in called else 0
    row = 0
    for is_holder in called[:last]:
        row = row + 1 if is_holder else 0
        assert row <= HOLDERS_IN_A_ROW


def test_who_comes_too_late_waits_like_a_walk_in():
    assert place_of(at(9), at(10)) == (True, at(10))
    assert place_of(at(10, 10), at(10)) == (True, at(10))
    assert place_of(at(10, 11), at(10)) == (False, at(10, 11))
    assert place_of(at(9), None) == (False, at(9))


def test_the_wait_is_told_once_it_is_known():
    assert minutes_to_wait(4, [300, 300], 1) is None
    assert minutes_to_wait(4, [300, 300, 300], 2) == 10
    assert minutes_to_wait(0, [300, 300, 300], 0) == 0
    assert minutes_to_wait(1, [5, 5, 5], 3) == 1
