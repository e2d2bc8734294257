"""What machines do to a process, and how it goes back."""

import pytest

from platform_core.capabilities.process import engine
from platform_core.capabilities.process.vocabulary import Move

from .flows import (
    approve,
    begin,
    call,
    cc,
    condition,
    correct,
    decide,
    decision,
    go,
    opened,
    parallel,
    plan_of,
    silent_at_times,
    subprocess,
    timer,
    told,
    vote,
)  # fmt: skip


class TestMachines:
    def test_a_decision_gives_facts_to_the_conditions_behind_it(self):
        plan = plan_of(
            decision("risk"),
            {
                "kind": "condition",
                "branches": [
                    {"when": {"var": "risk_f"}, "steps": [approve("x")]},
                    {"steps": [approve("y")]},
                ],
            },
        )
        state, changes = begin(plan, {"f0": False})
        assert (changes[0].kind, changes[0].node, changes[0].detail) == ("decided", "risk", "row 1")
        assert opened(changes) == ["x"] and state["facts"]["risk_f"] is True
        assert opened(begin(plan, {"f0": True})[1]) == ["y"]

    def test_a_silent_table_waits_for_people_who_try_again_or_go_on(self):
        plan = plan_of(decision("risk"), approve("y"))
        state, changes = engine.start(plan, {"f1": True}, decide, silent_at_times)
        assert told(changes) == [("decided", "risk", ""), ("open", "risk", "")]
        assert opened(go(plan, state, "pass", "risk")[1]) == ["y"]
        again, changes = engine.move(plan, state, Move("retry", "risk"), decide, silent_at_times)
        assert [c.kind for c in changes] == ["cancel", "decided", "open"]
        known = engine.with_facts(again, {"f1": False})
        state, changes = engine.move(plan, known, Move("retry", "risk"), decide, silent_at_times)
        assert opened(changes) == ["y"] and state["facts"]["risk_f"] is True

    def test_what_waits_for_a_machine_goes_on_once_with_its_ticket(self):
        for step in (call("m"), subprocess("m"), timer(key="m", days=2)):
            plan = plan_of(step, approve("y"))
            state, changes = begin(plan)
            assert told(changes) == [("work", "m", "1")] and state["work"] == {"m": 1}
            for wrong in (0, 2):
                with pytest.raises(engine.MoveRefused):
                    go(plan, state, "done", "m", ticket=wrong)
            state, changes = go(plan, state, "done", "m", ticket=1)
            assert opened(changes) == ["y"] and state["work"] == {}
            with pytest.raises(engine.MoveRefused):
                go(plan, state, "done", "m", ticket=1)

    def test_a_failed_call_waits_for_people_who_try_again_or_go_on(self):
        plan = plan_of(call("m"), approve("y"))
        state, _ = begin(plan)
        state, changes = go(plan, state, "failed", "m", ticket=1)
        assert opened(changes) == ["m"]
        assert opened(go(plan, state, "pass", "m")[1]) == ["y"]
        again, changes = go(plan, state, "retry", "m")
        assert told(changes) == [("cancel", "m", ""), ("work", "m", "2")]
        with pytest.raises(engine.MoveRefused):
            go(plan, again, "done", "m", ticket=1)

    def test_a_refused_subprocess_does_what_the_step_says(self):
        for says, ends, stands in (("reject", "rejected", []), ("go_on", None, ["y"])):
            plan = plan_of(subprocess("m", on_rejected=says), approve("y"))
            state, _ = go(plan, begin(plan)[0], "done", "m", "rejected", ticket=1)
            assert (state.get("end"), list(state["open"])) == (ends, stands)
        plan = plan_of(approve("a"), subprocess("m", on_rejected="return"))
        state, _ = go(plan, begin(plan)[0], "pass", "a")
        state, _ = go(plan, state, "done", "m", "rejected", ticket=1)
        assert list(state["open"]) == ["a"] and state["work"] == {}

    def test_a_step_asks_the_applicant_one_question_at_a_time(self):
        plan = plan_of(parallel([correct()], [correct(), approve("y")], [approve("z")]))
        state, changes = begin(plan)
        assert [c.node for c in changes if c.kind == "ask"] == ["correct_1"]
        with pytest.raises(engine.MoveRefused):
            go(plan, state, "correct", "z")
        state, changes = go(plan, state, "answer")
        assert ("ask", "correct_2", "") in told(changes)
        state, changes = go(plan, state, "answer")
        assert opened(changes) == ["y"] and state["parked"] == {}

    def test_a_long_process_of_blocks_needs_no_stack(self):
        plan = plan_of(*[condition([cc()], []) for _number in range(66)], approve("x"))
        assert opened(begin(plan)[1]) == ["x"]


class TestReturns:
    def test_straight_back_to_whoever_returned_it(self):
        plan = plan_of(approve("a"), approve("b"), approve("c"))
        state, _ = begin(plan)
        for node in ("a", "b"):
            state, _ = go(plan, state, "pass", node)
        back, _ = go(plan, state, "return", "c", "a", back="direct")
        assert opened(go(plan, back, "pass", "a")[1]) == ["c"]
        back, _ = go(plan, state, "return", "c", "a")
        assert opened(go(plan, back, "pass", "a")[1]) == ["b"]

    def test_a_second_return_comes_back_by_the_way_it_went(self):
        plan = plan_of(*[approve(key) for key in "abcd"])
        state, _ = begin(plan)
        for node in "abc":
            state, _ = go(plan, state, "pass", node)
        state, _ = go(plan, state, "return", "d", "b", back="direct")
        direct, _ = go(plan, state, "return", "b", "a", back="direct")
        direct, changes = go(plan, direct, "pass", "a")
        assert opened(changes) == ["b"]
        assert opened(go(plan, direct, "pass", "b")[1]) == ["d"]
        again, _ = go(plan, state, "return", "b", "a")
        again, _ = go(plan, again, "pass", "a")
        assert opened(go(plan, again, "pass", "b")[1]) == ["c"]

    def test_straight_back_into_a_parallel_asks_all_of_it(self):
        plan = plan_of(approve("a"), approve("b"), parallel([approve("x")], [approve("y")]))
        state, _ = begin(plan)
        for node in ("a", "b", "y"):
            state, _ = go(plan, state, "pass", node)
        state, _ = go(plan, state, "return", "x", "a", back="direct")
        state, changes = go(plan, state, "pass", "a")
        assert opened(changes) == ["x", "y"] and engine.return_targets(plan, state, "y") == [
            "a",
            "b",
        ]

    def test_a_return_leaves_nothing_of_machines_and_votes_behind(self):
        plan = plan_of(
            approve("a"),
            parallel([timer()], [subprocess("s")], [vote("v")], [correct()], [approve("x")]),
        )
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "a")
        state = engine.with_seats(state, "v", 3)
        state, _ = go(plan, state, "pass", "v")
        state, changes = go(plan, state, "return", "x", "a")
        assert {c.node for c in changes if c.kind == "cancel"} == {
            "timer_1",
            "s",
            "v",
            "correct_1",
            "x",
        }
        assert (state["work"], state["parked"], list(state["open"])) == ({}, {}, ["a"])

    def test_the_next_question_is_asked_when_the_first_is_taken_back(self):
        inner = parallel([approve("x")], [approve("z")])
        plan = plan_of(parallel([approve("a"), inner], [approve("b"), correct()]))
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "a")
        state, _ = go(plan, state, "correct", "x")
        state, changes = go(plan, state, "pass", "b")
        assert state["parked"] == {"x": True, "correct_1": False} and not told(changes)[1:]
        state, changes = go(plan, state, "return", "z", "a")
        assert ("ask", "correct_1", "") in told(changes)
        assert state["parked"] == {"correct_1": True}


def test_a_case_of_before_the_machines_goes_on():
    plan = plan_of(approve("a"), timer())
    state, _ = begin(plan)
    for key in ("work", "tick", "detours"):
        del state[key]
    assert go(plan, state, "pass", "a")[0]["work"] == {"timer_1": 1}


def test_more_tokens_than_any_case_has_are_refused():
    state, _ = begin(plan_of(approve("x", mode="all")))
    with pytest.raises(engine.MoveRefused):
        engine.with_seats(state, "x", 10_001)
