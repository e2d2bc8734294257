"""A running process moves to another plan only where it fits, and can always be finished there."""

import copy
import json

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from platform_core.capabilities.process import engine
from platform_core.capabilities.process.definition import Process
from platform_core.capabilities.process.engine import Move
from platform_core.capabilities.process.migration.compatibility import (
    adapted,
    compatibility,
    vanished,
)
from platform_core.capabilities.process.plan import Plan

from ..flows import (
    TITLE,
    approve,
    begin,
    call,
    conclude,
    condition,
    decide,
    facts,
    fill,
    go,
    parallel,
    plan_of,
    plans,
    subprocess,
    timer,
    vote,
)
from ..test_engine_properties import forward, moved, seated, tokens_fit


def codes(old, new, state, known=frozenset()):
    return [(reason.code, reason.node) for reason in compatibility(old, new, state, known)]


def started(plan, values=None):
    return begin(plan, values)[0]


class TestFits:
    old = plan_of(approve("a"), approve("b"))

    def test_steps_before_and_behind_may_change(self):
        new = plan_of(approve("zero"), approve("a"), approve("new"), approve("b"), approve("c"))
        assert codes(self.old, new, started(self.old)) == []

    def test_steps_that_are_passed_may_vanish(self):
        state, _ = go(self.old, started(self.old), "pass", "a")
        new = plan_of(approve("b"))
        assert codes(self.old, new, state) == []
        assert vanished(new, state) == ["a"]
        assert adapted(self.old, new, state)["seen"] == []
        assert engine.return_targets(new, adapted(self.old, new, state), "b") == []

    def test_a_change_of_words_is_no_obstacle(self):
        new = plan_of(approve("a", deadline={"working_days": 9}), approve("b"))
        assert codes(self.old, new, started(self.old)) == []


class TestObstacles:
    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ([approve("a")], [approve("b")], ("step_gone", "a")),
            ([approve("a")], [fill("a")], ("kind_changed", "a")),
            ([approve("a")], [parallel([approve("a")], [approve("b")])], ("place_changed", "a")),
            ([approve("a")], [approve("a", mode="all")], ("terms_changed", "a")),
            ([vote("a", 50)], [vote("a", 67)], ("terms_changed", "a")),
            ([call("a")], [subprocess("a")], ("kind_changed", "a")),
            ([subprocess("a")], [subprocess("a", process="third")], ("terms_changed", "a")),
            ([{**timer(), "key": "t"}], [approve("a")], ("step_gone", "t")),
        ],
    )  # fmt: skip
    def test_what_a_case_waits_at_must_stand_there_as_before(self, old, new, why):
        plan = plan_of(*old)
        assert codes(plan, plan_of(*new), started(plan)) == [why]

    def test_parallel_branches_under_way_keep_their_number_and_order(self):
        old = plan_of(parallel([approve("a")], [approve("b")]))
        state, _ = go(old, started(old), "pass", "a")
        more = plan_of(parallel([approve("a")], [approve("b")], [approve("c")]))
        assert ("branches_changed", "parallel_1") in codes(old, more, state)
        swapped = plan_of(parallel([approve("b")], [approve("a")]))
        assert ("place_changed", "b") in codes(old, swapped, state)
        longer = plan_of(parallel([approve("a"), approve("x")], [approve("b"), approve("y")]))
        assert codes(old, longer, state) == []

    def test_a_question_to_the_applicant_is_a_place_too(self):
        old = plan_of(approve("a"), approve("b"))
        state, _ = go(old, started(old), "correct", "a")
        assert codes(old, plan_of(approve("b")), state) == [("step_gone", "a")]

    def test_a_condition_must_not_ask_what_was_never_asked(self):
        old = plan_of(approve("a"), approve("b"))
        asks = Process.model_validate(
            {
                "key": "main",
                "title": TITLE,
                "steps": [approve("a"), condition([approve("x")], []), approve("b")],
            }
        )
        new = Plan.of(asks, frozenset({"f0"}))
        state = started(old)
        assert codes(old, new, state) == [("fact_missing", "f0")]
        assert codes(old, new, state, frozenset({"f0"})) == []
        assert adapted(old, new, state, {"f0": True})["facts"] == {"f0": True}

    def test_what_is_over_or_has_no_process_stays(self):
        old = plan_of(approve("a"))
        state, _ = go(old, started(old), "pass", "a")
        assert codes(old, old, state) == [("ended", "")]
        assert codes(old, None, started(old)) == [("process_gone", "")]

    def test_every_reason_is_a_sentence(self):
        old = plan_of(approve("a"))
        (reason,) = compatibility(old, plan_of(approve("b")), started(old))
        assert reason.words == "“Step”, where the case stands, is no longer there."
        assert json.loads(json.dumps(reason.as_json()))["code"] == "step_gone"


def sequences(steps):
    """Every list of steps of a raw process, the top one first."""
    yield steps
    for step in steps:
        for branch in step.get("branches", ()):
            yield from sequences(branch["steps"])


def raw(plan) -> list:
    dumped = json.loads(plan.process.model_dump_json(exclude_unset=True))
    return dumped["steps"]


@st.composite
def edits(draw, plan):
    """The plan after a few edits that a designer could make."""
    steps = copy.deepcopy(raw(plan))
    for number in range(draw(st.integers(1, 3))):
        sequence = draw(st.sampled_from(list(sequences(steps))))
        how = draw(
            st.sampled_from(["insert", "insert", "remove", "swap", "wrap", "mode", "branch"])
        )
        if how == "insert" or not sequence:
            sequence.insert(draw(st.integers(0, len(sequence))), approve(f"new{number}"))
            continue
        place = draw(st.integers(0, len(sequence) - 1))
        step = sequence[place]
        if how == "remove":
            del sequence[place]
        elif how == "swap":
            sequence[place], sequence[-1] = sequence[-1], sequence[place]
        elif how == "wrap":
            sequence[place] = {**parallel([step], [approve(f"beside{number}")]),
                               "key": f"around{number}"}  # fmt: skip
        elif how == "mode" and step["kind"] == "approve" and "share" not in step:
            step["mode"] = draw(st.sampled_from(["any", "all", "in_order"]))
        elif how == "branch" and step["kind"] == "parallel":
            step["branches"].append({"steps": [approve(f"more{number}")]})
    if not steps:
        steps.append(approve("last"))
    return Plan.of(Process.model_validate({"key": "main", "title": TITLE, "steps": steps}))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), plan=plans, values=facts)
def test_whatever_moved_can_be_finished_and_whatever_did_not_is_as_it_was(data, plan, values):
    state, changes = engine.start(plan, values, decide, conclude)
    state = seated(plan, state, changes)
    for _ in range(data.draw(st.integers(0, 6))):
        if state.get("end"):
            break
        move = forward(state)
        if state["open"] and data.draw(st.integers(0, 3)) == 0:
            node = data.draw(st.sampled_from(sorted(state["open"])))
            seat = engine.free_seats(state, node)[0]
            targets = engine.return_targets(plan, state, node)
            if targets:
                back = data.draw(st.sampled_from(["again", "direct"]))
                to = data.draw(st.sampled_from(targets))
                move = Move("return", node, to, seat=seat, back=back)
        state, _ = moved(plan, state, move)
    assume(not state.get("end"))
    new = data.draw(edits(plan))
    before = copy.deepcopy(state)
    reasons = compatibility(plan, new, state, frozenset(values))
    assert state == before
    event("kept" if reasons else "moved")
    if reasons:
        assert all(reason.words for reason in reasons)
        return
    state = adapted(plan, new, state)
    tokens_fit(new, state)
    for _ in range(400):
        if state.get("end"):
            break
        state, _ = moved(new, state, forward(state))
        tokens_fit(new, state)
    assert state.get("end") in {"approved", "rejected"}


@given(plan=plans, values=facts)
def test_the_same_definition_is_never_an_obstacle(plan, values):
    state, _ = engine.start(plan, values, decide, conclude)
    assume(not state.get("end"))
    assert compatibility(plan, plan, state) == []
    assert adapted(plan, plan, state) == state
