"""The table of states: everything is reached, everything ends, nothing moves afterwards."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.errors import Conflict
from service_hub.cases import states
from service_hub.cases.states import ENDED, MOVES, SEEN, Standing, State, after, allows, clock_of

STANDINGS = st.builds(Standing, st.sampled_from(list(State)), st.booleans(), st.booleans())
EVENTS = st.sampled_from(sorted(MOVES))


def next_ones(standing: Standing) -> set[Standing]:
    found = set()
    for event in MOVES:
        if allows(standing, event):
            accepted = standing.is_accepted or event in {"accept", "review"}
            found.add(Standing(after(standing, event), accepted, standing.has_paper))
    return found


def reached(begin: Standing) -> set[Standing]:
    seen, waiting = set(), [begin]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += next_ones(one)
    return seen


def test_every_state_is_reached_and_every_case_can_end():
    with_paper, without = reached(Standing(has_paper=True)), reached(Standing())
    assert {one.state for one in with_paper | without} == set(State)
    assert State.DELIVERING not in {one.state for one in without}
    for one in with_paper | without:
        assert {end.state for end in reached(one)} & set(ENDED)


def test_after_the_end_only_the_two_moves_that_undo_it():
    for state in ENDED:
        possible = {event for event in MOVES if allows(Standing(state, True), event)}
        assert possible <= states.UNDOING
    assert not any(allows(Standing(State.VOID, True), event) for event in MOVES)
    assert [one for one in ENDED if allows(Standing(one), "part")] == [State.MERGED]


@given(STANDINGS, EVENTS)
def test_a_move_that_the_table_does_not_have_is_refused_in_words(standing, event):
    if allows(standing, event):
        assert after(standing, event) in set(State)
        return
    with pytest.raises(Conflict) as caught:
        after(standing, event)
    assert str(caught.value)


@given(STANDINGS, EVENTS)
def test_what_binds_the_organ_stays_bound(standing, event):
    """Accepted, a case is neither sent back nor passed on, and never waits to be accepted again."""
    if standing.is_accepted and allows(standing, event):
        assert event not in states.BEFORE_ACCEPTANCE
        assert after(standing, event) not in {State.NOT_ACCEPTED, State.RETURNED}
        if standing.state not in states.WAITING:
            assert after(standing, event) not in states.WAITING


@given(STANDINGS)
def test_which_clock_runs(standing):
    clock = clock_of(standing)
    assert (clock == states.ACCEPTANCE) == (standing.state in states.WAITING)
    assert (clock == states.DELIVERY) == (standing.state == State.DELIVERING)
    if standing.state in (*ENDED, State.SUSPENDED):
        assert clock == states.NONE
    if clock == states.DECISION:
        assert standing.state in states.IN_WORK or standing.is_accepted


def test_the_applicant_sees_something_in_every_state():
    assert set(SEEN) == set(State)
    assert all(str(seen.headline) and 1 <= seen.step <= 4 for seen in SEEN.values())


def test_only_one_module_gives_a_case_its_state():
    """An assignment elsewhere would be a move that the table has never seen."""
    folder = Path(states.__file__).parents[1]
    sources = [one for one in folder.rglob("*.py") if "migrations" not in one.parts]
    writing = re.compile(r"\bcase\.state\b[^=!\n()]*=(?!=)|\bCase\.objects\b.*\.update\(.*\bstate=")
    found = [one.name for one in sources if writing.search(one.read_text(encoding="utf-8"))]
    assert found == ["moving.py"]
