"""The table of acts and the clocks, at their boundaries."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collab_hub.supervision.stages import (
    ACTS,
    FINAL,
    STATES,
    Hand,
    Standing,
    acts_of,
    after,
    end_of,
    is_late,
    is_possible,
    last_day_to_object,
    may,
    review_due,
    warn_at,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = START + timedelta(days=10)
SECOND = timedelta(seconds=1)
HANDS = st.builds(Hand, *[st.booleans()] * 5, is_clock=st.just(False))
STANDINGS = st.builds(Standing, st.sampled_from(STATES), st.integers(1, 3), *[st.booleans()] * 5)


def test_the_light_is_yellow_from_a_fifth_of_the_time_and_red_only_afterwards():
    assert warn_at(START, DUE) == START + timedelta(days=8)
    assert not is_late(DUE, DUE) and is_late(DUE, DUE + SECOND)


def test_objection_and_review_have_thirty_days_each():
    assert last_day_to_object(date(2026, 1, 31)) == date(2026, 3, 2)
    assert review_due(date(2026, 3, 2)) == date(2026, 4, 1)
    assert end_of(date(2026, 4, 1), UTC).isoformat() == "2026-04-01T23:59:59+00:00"


@given(STANDINGS, HANDS)
def test_nobody_judges_what_they_handle(standing, hand):
    mine = {ACTS[act].whose for act in acts_of(standing, hand)}
    if hand.is_lead or hand.is_assisting:
        assert not mine & {"owner", "second", "reviewer"}
    if hand.was_proposer:
        assert "second" not in mine
    if hand.took_part:
        assert "reviewer" not in mine


@given(STANDINGS)
def test_what_is_final_stays_and_everything_else_goes_on(standing):
    possible = [act for act in ACTS if is_possible(standing, act)]
    if standing.state in FINAL:
        assert possible == []
    elif standing.state == "closed" and standing.may_object:
        assert possible
    for act in possible:
        assert after(standing, act).state in STATES


def test_a_second_objection_and_an_early_archive_are_impossible():
    told = Standing("closed", may_object=True)
    assert is_possible(told, "object") and not is_possible(told, "archive")
    answered = after(after(told, "object"), "uphold")
    assert not is_possible(answered, "object") and is_possible(answered, "archive")
    assert is_possible(Standing("closed"), "lapse")
    assert not may(Hand(is_owner=True), "lapse")
