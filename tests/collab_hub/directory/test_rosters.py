"""Rosters in the database: gaps that are said, exceptions, swaps agreed by two people, rights."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from collab_hub.directory import duty_selectors, duty_services, swap_services
from collab_hub.directory.models import DutyChange, DutyShift, DutySwap
from collab_hub.inbox.models import WorkItem
from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from tests.factories import actor_of

from .makers import DAY, MONDAY, away, clerk, duty_of, head, leave, plan, roster

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    """The head and two people who take turns by the day."""
    keeper = head()
    return keeper, [clerk("alice", "Alice"), clerk("bob", "Bob")]


def whys(made, **more) -> set[str]:
    return {one.gap for one in plan(made, **more).duties if one.gap}


def test_whoever_leaves_or_is_away_leaves_a_gap_that_the_head_is_told_of(team):
    keeper, (alice, bob) = team
    made = roster(keeper, [alice, bob])
    assert whys(made) == set()
    away(bob, alice, MONDAY, MONDAY + 3 * DAY)
    found = [one for one in plan(made).duties if one.gap]
    assert {one.gap for one in found} == {"away"} and {one.planned for one in found} == {bob.pk}
    assert all(MONDAY <= one.on <= MONDAY + 3 * DAY for one in found)
    leave(alice)
    assert whys(made) == {"away", "left"}
    mine = [one.planned for _roster, one in duty_selectors.gaps_ahead(keeper)]
    assert alice.pk in mine and bob.pk in mine
    assert duty_selectors.gaps_ahead(bob) == []
    # A head who puts somebody there mends it.
    shift, on = next((one.shift, one.on) for one in plan(made).duties if one.gap == "left")
    duty_services.put_on_duty(actor=actor_of(keeper), roster=made, shift_id=shift, on=on,
                              person=bob, reason="Alice left")  # fmt: skip
    now = next(one for one in plan(made).duties if (one.shift, one.on) == (shift, on))
    assert now.person == bob.pk or now.gap == "away"
    assert Message.objects.filter(recipient=bob, template="duty_changed").exists()
    assert not Message.objects.filter(recipient=alice, template="duty_changed").exists()


def test_hours_without_a_shift_are_gaps_where_somebody_has_to_be_there(team):
    keeper, people = team
    made = roster(keeper, people, weekdays=range(5), always=True)
    told = [one for one in plan(made, days=7).duties if one.gap == "unplanned"]
    # Five nights, and the weekend from Friday evening on, which runs into the night before Monday.
    assert sum((one.ends_at - one.starts_at for one in told), timedelta()) == timedelta(
        hours=7 * 24 - 5 * 12
    )
    assert whys(roster(keeper, people, weekdays=range(5), name="日间")) == set()
    # Before there was a roster nothing was missing.
    assert plan(made, first=MONDAY - timedelta(days=60)).gaps == []


def test_a_pattern_that_ended_stays_as_it_was(team):
    keeper, people = team
    made = roster(keeper, people)
    shift = DutyShift.objects.filter(roster=made).first()
    last = MONDAY + 7 * DAY
    duty_services.end_shift(actor=actor_of(keeper), shift=shift, last_on=last)
    days = {one.on for one in plan(made, days=28).duties if one.shift == shift.pk}
    assert days and max(days) <= last
    with pytest.raises(Unusable):
        duty_services.end_shift(actor=actor_of(keeper), shift=shift, last_on=date(2020, 1, 1))
    with pytest.raises(Unusable) as refused:
        duty_services.add_shifts(actor=actor_of(keeper), roster=made, weekdays=[0],
                                 people=people, begins=time(8), ends=time(9),
                                 first_on=date(2020, 1, 1))  # fmt: skip
    assert set(refused.value.errors) == {"first_on"}


def test_a_roster_for_a_holiday_ends_and_one_out_of_use_says_no_gaps(team):
    keeper, people = team
    made = roster(keeper, people, weekdays=[MONDAY.weekday()], always=True, last_on=MONDAY)
    assert {one.on for one in plan(made).duties if one.shift} == {MONDAY}
    assert duty_selectors.gaps_ahead(keeper)
    duty_services.save_roster(actor=actor_of(keeper), department=made.department, name=made.name,
                              is_always=True, is_active=False, roster=made)  # fmt: skip
    assert duty_selectors.gaps_ahead(keeper) == []
    assert duty_selectors.unused(keeper) == [made] and duty_selectors.unused(people[0]) == []


def test_a_swap_takes_two_people_and_holds_for_both(team):
    keeper, (alice, bob) = team
    made = roster(keeper, [alice, bob])
    mine, theirs = duty_of(made, alice), duty_of(made, bob)
    before = [one.person for one in plan(made).duties]
    swap = swap_services.ask_swap(actor=actor_of(alice), roster=made, mine=mine, theirs=theirs)
    item = WorkItem.objects.get(kind="duty_swap")
    assert item.assignee == bob and item.state == "open"
    for person in (alice, keeper):  # neither who asked nor the head agrees for Bob
        with pytest.raises(NotAllowed):
            swap_services.agree_swap(actor=actor_of(person), swap=swap)
    with transaction.atomic(), pytest.raises(IntegrityError):
        DutySwap.objects.filter(pk=swap.pk).update(state="approved", decided_by=alice)
    assert [one.person for one in plan(made).duties] == before
    with pytest.raises(Conflict):  # asked for already
        swap_services.ask_swap(actor=actor_of(alice), roster=made, mine=mine, theirs=theirs)
    swap_services.agree_swap(actor=actor_of(bob), swap=swap)
    after = {(one.shift, one.on): one.person for one in plan(made).duties}
    assert (after[mine], after[theirs]) == (bob.pk, alice.pk)
    assert sorted(after.values()) == sorted(before)
    item.refresh_from_db()
    assert item.state == "done" and item.closed_by == bob
    with pytest.raises(Conflict):
        swap_services.refuse_swap(actor=actor_of(bob), swap=swap)


def test_a_swap_of_what_changed_meanwhile_or_would_double_is_refused(team):
    keeper, (alice, bob) = team
    made = roster(keeper, [alice, bob])
    mine, theirs = duty_of(made, alice), duty_of(made, bob)
    with pytest.raises(Conflict):  # not his duty
        swap_services.ask_swap(actor=actor_of(bob), roster=made, mine=mine, theirs=theirs)
    swap = swap_services.ask_swap(actor=actor_of(alice), roster=made, mine=mine, theirs=theirs)
    # The head gives the duty to somebody else: the wish ends and waits for nobody.
    duty_services.put_on_duty(actor=actor_of(keeper), roster=made, shift_id=theirs[0],
                              on=theirs[1], person=keeper, reason="x")  # fmt: skip
    swap.refresh_from_db()
    assert swap.state == "withdrawn"
    assert not WorkItem.objects.filter(kind="duty_swap", state="open").exists()
    # Alice has the day of Bob's night too, once they have swapped.
    duty_services.add_shifts(
        actor=actor_of(keeper), roster=made, weekdays=[mine[1].weekday()], people=[bob],
        begins=time(19), ends=time(7), first_on=date.today(),
    )  # fmt: skip
    night = next(one for one in plan(made).duties if one.on == mine[1] and one.starts_at.hour == 11)
    other = duty_of(made, alice, skip=1)
    with pytest.raises(Unusable) as refused:
        swap_services.ask_swap(actor=actor_of(alice), roster=made, mine=other,
                               theirs=(night.shift, night.on))  # fmt: skip
    assert set(refused.value.errors) == {"theirs"}


def test_a_wish_that_nobody_answered_in_time_waits_no_longer(team):
    keeper, (alice, bob) = team
    made = roster(keeper, [alice, bob])
    mine, theirs = duty_of(made, alice), duty_of(made, bob)
    swap_services.ask_swap(actor=actor_of(alice), roster=made, mine=mine, theirs=theirs)
    system = Actor.system("test")
    assert swap_services.end_stale_swaps(actor=system) == 0
    begun = next(one.starts_at for one in plan(made).duties if (one.shift, one.on) == mine)
    assert swap_services.end_stale_swaps(actor=system, at=begun) == 1
    assert not WorkItem.objects.filter(kind="duty_swap", state="open").exists()


def test_only_the_heads_of_the_organ_keep_its_rosters(team):
    keeper, (alice, bob) = team
    made = roster(keeper, [alice, bob])
    shift, on = duty_of(made, alice)
    stranger = head("wu", "health")
    for person in (alice, stranger):
        with pytest.raises(NotAllowed):
            duty_services.put_on_duty(actor=actor_of(person), roster=made, shift_id=shift, on=on,
                                      person=bob, reason="x")  # fmt: skip
    with pytest.raises(Unusable):  # somebody of another organ
        duty_services.put_on_duty(actor=actor_of(keeper), roster=made, shift_id=shift, on=on,
                                  person=stranger, reason="x")  # fmt: skip
    assert not DutyChange.objects.exists()


def test_rosters_ask_as_often_for_three_as_for_one(team):
    keeper, people = team
    roster(keeper, people, name="一", always=True)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert duty_selectors.on_now_in(duty_selectors.rosters(keeper))
            assert duty_selectors.gaps_ahead(keeper)
        return len(queries)

    first = asked()
    for number, name in enumerate(("二", "三")):
        roster(keeper, [*people, clerk(f"zoe{number}")], name=name)
    assert asked() == first


class Swapping(TestCase):
    """Whatever is swapped and put otherwise, nobody's count changes by a swap."""

    @settings(max_examples=12)
    @given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=5))
    def test_any_row_of_swaps_keeps_counts(self, wishes):
        keeper = head()
        people = {one.pk: one for one in (clerk("alice"), clerk("bob"), clerk("carol"))}
        made = roster(keeper, people.values())
        before = sorted(one.person for one in plan(made).duties)
        for mine, theirs in wishes:
            rows = plan(made).duties
            own, other = rows[mine], rows[theirs]
            if own.person == other.person:
                continue
            swap = swap_services.ask_swap(
                actor=actor_of(people[own.person]), roster=made, mine=(own.shift, own.on),
                theirs=(other.shift, other.on),
            )  # fmt: skip
            swap_services.agree_swap(actor=actor_of(people[other.person]), swap=swap)
            assert sorted(one.person for one in plan(made).duties) == before
