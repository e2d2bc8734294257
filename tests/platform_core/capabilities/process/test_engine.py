"""The engine is sound: nothing gets stuck, no token is lost or doubled, every close can be
reached."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from platform_core.capabilities.process import engine
from platform_core.capabilities.process.definition import HUMAN
from platform_core.capabilities.process.engine import Move

from .flows import approve, cc, condition, decide, end, facts, parallel, plan_of, plans


def begin(plan, values=None):
    state, changes = engine.start(plan, values or {}, decide)
    return state, changes


def go(plan, state, kind, node="", to=""):
    return engine.move(plan, state, Move(kind, node, to), decide)


def opened(changes):
    return [change.node for change in changes if change.kind == "open"]


class TestStraight:
    plan = plan_of(approve("a"), cc(), approve("b"))

    def test_steps_follow_one_another_and_the_last_closes(self):
        state, changes = begin(self.plan)
        assert opened(changes) == ["a"]
        state, changes = go(self.plan, state, "pass", "a")
        assert [(c.kind, c.node) for c in changes] == [
            ("close", "a"),
            ("read", "cc_1"),
            ("open", "b"),
        ]
        state, changes = go(self.plan, state, "pass", "b")
        assert state["end"] == "approved"
        assert changes[-1].value == "approved"

    def test_a_rejection_closes_at_once(self):
        state, _ = begin(self.plan)
        state, changes = go(self.plan, state, "reject", "a")
        assert state["end"] == "rejected"
        assert [c.kind for c in changes] == ["cancel", "end"]

    def test_a_correction_waits_and_resumes_where_it_was(self):
        state, _ = begin(self.plan)
        state, _ = go(self.plan, state, "pass", "a")
        state, changes = go(self.plan, state, "correct", "b")
        assert state["open"] == {} and state["parked"] == {"b": True}
        assert [c.kind for c in changes] == ["park"]
        state, changes = go(self.plan, state, "answer")
        assert state["open"] == {"b": 1}
        assert [c.kind for c in changes] == ["resume"]

    def test_a_return_goes_through_the_steps_again(self):
        state, _ = begin(self.plan)
        state, _ = go(self.plan, state, "pass", "a")
        assert engine.return_targets(self.plan, state, "b") == ["a"]
        state, changes = go(self.plan, state, "return", "b", "a")
        assert opened(changes) == ["a"]
        assert engine.return_targets(self.plan, state, "a") == []

    def test_a_withdrawal_is_possible_while_it_runs(self):
        state, _ = begin(self.plan)
        state, _ = go(self.plan, state, "withdraw")
        assert state["end"] == "withdrawn"
        with pytest.raises(engine.MoveRefused):
            go(self.plan, state, "withdraw")

    @pytest.mark.parametrize(
        ("kind", "node", "to"),
        [("pass", "b", ""), ("return", "a", "b"), ("answer", "", ""), ("fly", "a", "")],
    )
    def test_what_does_not_fit_is_refused_and_changes_nothing(self, kind, node, to):
        state, _ = begin(self.plan)
        before = str(state)
        with pytest.raises(engine.MoveRefused):
            go(self.plan, state, kind, node, to)
        assert str(state) == before


class TestBlocks:
    def test_a_condition_takes_the_first_branch_that_holds(self):
        plan = plan_of(condition([approve("x")], [approve("y")], [approve("z")]), approve("last"))
        assert opened(begin(plan, {"f0": True, "f1": True})[1]) == ["x"]
        assert opened(begin(plan, {"f1": True})[1]) == ["y"]
        assert opened(begin(plan)[1]) == ["z"]

    def test_a_parallel_joins_when_all_are_done(self):
        plan = plan_of(parallel([approve("x")], [approve("y")], []), approve("last"))
        state, changes = begin(plan)
        assert opened(changes) == ["x", "y"]
        state, changes = go(plan, state, "pass", "y")
        assert opened(changes) == []
        state, changes = go(plan, state, "pass", "x")
        assert opened(changes) == ["last"]

    def test_all_holders_have_to_agree(self):
        plan = plan_of(approve("x", mode="all"), approve("y"))
        state, _ = begin(plan)
        state = engine.with_seats(state, "x", 2)
        state, changes = go(plan, state, "pass", "x")
        assert changes == []
        state, changes = go(plan, state, "pass", "x")
        assert opened(changes) == ["y"]

    def test_a_return_out_of_a_parallel_cancels_the_siblings(self):
        plan = plan_of(approve("a"), parallel([approve("x")], [approve("y")]), approve("last"))
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "a")
        state, changes = go(plan, state, "return", "x", "a")
        assert state["open"] == {"a": 1} and state["joins"] == {}
        assert Counter(c.kind for c in changes) == {"cancel": 2, "open": 1}

    def test_a_return_inside_one_branch_leaves_the_siblings_alone(self):
        plan = plan_of(parallel([approve("x"), approve("xx")], [approve("y")]))
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "x")
        state, _ = go(plan, state, "return", "xx", "x")
        assert set(state["open"]) == {"x", "y"}

    def test_a_return_into_a_parallel_enters_all_of_it(self):
        plan = plan_of(parallel([approve("x")], [approve("y")]), approve("last"))
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "x")
        state, _ = go(plan, state, "pass", "y")
        assert engine.return_targets(plan, state, "last") == ["x", "y"]
        state, _ = go(plan, state, "return", "last", "y")
        assert set(state["open"]) == {"x", "y"}

    def test_an_end_inside_a_branch_closes_everything(self):
        plan = plan_of(parallel([approve("x"), end("rejected")], [approve("y")]))
        state, _ = begin(plan)
        state, changes = go(plan, state, "pass", "x")
        assert state["end"] == "rejected" and not state["open"]
        assert ("cancel", "y") in [(c.kind, c.node) for c in changes]

    def test_stages_are_told_when_they_are_reached(self):
        plan = plan_of(approve("a", stage="acceptance"), approve("b", stage="decision"))
        state, changes = begin(plan)
        assert [c.value for c in changes if c.kind == "stage"] == ["acceptance"]
        state, changes = go(plan, state, "pass", "a")
        assert [c.value for c in changes if c.kind == "stage"] == ["decision"]


def tokens_fit(plan, state):
    """The places of all tokens are those that a block-structured process can have at one moment."""
    tokens = [*state["open"], *state["parked"]]
    assert len(set(tokens)) == len(tokens)
    assert all(plan.step(node).kind in HUMAN for node in tokens)
    assert all(seats >= 1 for seats in state["open"].values())
    if state.get("end"):
        assert not tokens and not state["joins"]
        return
    assert tokens, "running, but nobody has to act"
    for block, finished in state["joins"].items():
        branches = range(len(plan.step(block).branches))
        assert len(set(finished)) == len(finished) < len(branches)
        for branch in branches:
            inside = [t for t in tokens if (block, branch) in plan.places[t].scopes]
            assert bool(inside) != (branch in finished), "a branch is either done or alive"
    for number, one in enumerate(tokens):
        for other in tokens[number + 1 :]:
            assert _in_different_branches(plan, one, other), "two tokens in one sequence"


def _in_different_branches(plan, one, other):
    pairs = zip(plan.places[one].scopes, plan.places[other].scopes, strict=False)
    return any(a[0] == b[0] and a[1] != b[1] for a, b in pairs)


class AnyProcess(RuleBasedStateMachine):
    """People do whatever the engine lets them do, in any order, on any process."""

    @initialize(plan=plans, values=facts)
    def begin(self, plan, values):
        self.plan, self.values, self.moves = plan, values, []
        self.state, changes = engine.start(plan, values, decide)
        self.seats = []
        self.seat(changes)

    def seat(self, changes):
        for change in changes:
            node = change.node
            if change.kind in {"open", "resume"} and node in self.state["open"]:
                seats = 2 if self.plan.step(node).mode == "all" else 1
                self.state = engine.with_seats(self.state, node, seats)

    @property
    def runs(self):
        return not self.state.get("end")

    def move(self, move):
        self.state, changes = engine.move(self.plan, self.state, move, decide)
        self.seat(changes)
        self.moves.append(move)

    @precondition(lambda self: self.runs and self.state["open"])
    @rule(data=st.data())
    def somebody_acts(self, data):
        node = data.draw(st.sampled_from(sorted(self.state["open"])))
        targets = engine.return_targets(self.plan, self.state, node)
        kinds = ["pass", "pass", "pass"] + (["return"] if targets else [])
        kinds += [] if self.state["parked"] else ["correct"]
        kind = data.draw(st.sampled_from(kinds))
        to = data.draw(st.sampled_from(targets)) if kind == "return" else ""
        self.move(Move(kind, node, to))

    @precondition(lambda self: self.runs and self.state["parked"])
    @rule(values=facts)
    def applicant_answers(self, values):
        self.move(Move("answer"))

    @precondition(lambda self: not self.runs)
    @rule(kind=st.sampled_from(["pass", "withdraw", "answer", "return"]))
    def nothing_follows_the_end(self, kind):
        with pytest.raises(engine.MoveRefused):
            engine.move(self.plan, self.state, Move(kind, self.plan.process.steps[0].key), decide)

    @invariant()
    def sound(self):
        if hasattr(self, "plan"):
            tokens_fit(self.plan, self.state)

    @invariant()
    def can_always_be_closed(self):
        """From every state plain passing leads to a close, and so do refusing and withdrawing."""
        if not hasattr(self, "plan") or not self.runs:
            return
        assert engine.move(self.plan, self.state, Move("withdraw"), decide)[0]["end"] == "withdrawn"
        for node in self.state["open"]:
            refused, _ = engine.move(self.plan, self.state, Move("reject", node), decide)
            assert refused["end"] == "rejected"
        state = self.state
        for _turn in range(100):
            if state.get("end"):
                break
            move = Move("answer") if not state["open"] else Move("pass", min(state["open"]))
            state, _ = engine.move(self.plan, state, move, decide)
        assert state["end"] in {"approved", "rejected"}

    def teardown(self):
        """The same moves give the same state: a history can be replayed."""
        if not hasattr(self, "plan"):
            return
        again = AnyProcess.__new__(AnyProcess)
        again.plan, again.moves = self.plan, []
        again.state, changes = engine.start(self.plan, self.values, decide)
        again.seat(changes)
        for move in self.moves:
            again.move(move)
        assert again.state == self.state


AnyProcess.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyProcess = AnyProcess.TestCase


@given(plans, facts)
def test_the_end_is_reached_from_the_start(plan, values):
    state, _ = engine.start(plan, values, decide)
    tokens_fit(plan, state)
