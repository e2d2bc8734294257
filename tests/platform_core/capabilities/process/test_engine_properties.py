"""The engine is sound: nothing gets stuck, no token is lost or doubled, every close can be reached,
whatever people and machines do in any process."""

import copy
import json
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from platform_core.capabilities.process import engine, seats
from platform_core.capabilities.process.automatic import FALLIBLE, WORK
from platform_core.capabilities.process.definition import HUMAN
from platform_core.capabilities.process.engine import Move

from .flows import decide, facts, plans, silent_at_times

SEATS = {"all": 2, "in_order": 3, "vote": 3}
WORDS = {"yes": "pass", "no": "reject", "abstain": "abstain"}


def tokens_of(state):
    return [*state["open"], *state["parked"], *state["work"]]


def tokens_fit(plan, state):
    """The places of all tokens are those that a block-structured process can have at one moment."""
    tokens = tokens_of(state)
    assert len(set(tokens)) == len(tokens)
    assert all(plan.step(node).kind in (*HUMAN, *FALLIBLE) for node in state["open"])
    assert all(plan.step(node).kind in WORK for node in state["work"])
    assert all(plan.step(node).kind in (*HUMAN, "correct") for node in state["parked"])
    assert sum(state["parked"].values()) == bool(state["parked"]), "one question at a time"
    assert not set(state["seen"]) & set(tokens)
    if state.get("end"):
        assert not tokens and not state["joins"] and not state["detours"]
        return
    assert tokens, "running, but nobody has to act"
    for ballot in state["open"].values():
        ballot_fits(ballot)
    for block, finished in state["joins"].items():
        branches = range(len(plan.step(block).branches))
        assert len(set(finished)) == len(finished) < len(branches)
        for branch in branches:
            inside = [t for t in tokens if (block, branch) in plan.places[t].scopes]
            assert bool(inside) != (branch in finished), "a branch is either done or alive"
    for number, one in enumerate(tokens):
        for other in tokens[number + 1 :]:
            assert _in_different_branches(plan, one, other), "two tokens in one sequence"


def ballot_fits(ballot):
    """Somebody may act at every moment, and every signer's seat hangs on one that waits for it."""
    assert seats.free_seats(ballot) and seats.own_seats(ballot)
    for number, seat in ballot["seats"].items():
        assert int(number) <= ballot["last"]
        signers = [one for one in ballot["seats"].values() if one.get("for") == number]
        befores = [one for one in signers if one["when"] == "before"]
        assert (seat["is"] == "hold") == bool(befores)
        assert seat["is"] != "gave" or signers
        for one in signers:
            called = seat["is"] == "gave" or one["when"] == "before"
            assert (one["is"] == "later") != called
    if ballot.get("turns"):
        first, *others = seats.own_seats(ballot)
        assert ballot["seats"][first]["is"] != "later"
        assert all(ballot["seats"][one]["is"] == "later" for one in others)


def _in_different_branches(plan, one, other):
    pairs = zip(plan.places[one].scopes, plan.places[other].scopes, strict=False)
    return any(a[0] == b[0] and a[1] != b[1] for a, b in pairs)


def seated(plan, state, changes):
    """The state with as many seats as the step's mode has in these tests."""
    for change in changes:
        if change.kind in {"open", "resume"} and change.node in state["open"]:
            mode = getattr(plan.step(change.node), "mode", "any")
            state = engine.with_seats(state, change.node, SEATS.get(mode, 1), mode == "in_order")
    return state


def moved(plan, state, move):
    state, changes = engine.move(plan, state, move, decide, silent_at_times)
    # Between two moves a state is stored as JSON that keeps no order of keys.
    return seated(plan, json.loads(json.dumps(state, sort_keys=True)), changes), changes


def forward(state):
    """A move that brings any running process on, without going back or asking anybody else."""
    if state["open"]:
        node = min(state["open"])
        return Move("pass", node, seat=engine.free_seats(state, node)[0])
    if state["work"]:
        node, ticket = min(state["work"].items())
        return Move("done", node, "approved", ticket=ticket)
    return Move("answer")


class AnyProcess(RuleBasedStateMachine):
    """People and machines do whatever the engine lets them do, in any order, on any process."""

    @initialize(plan=plans, values=facts)
    def begin(self, plan, values):
        self.plan, self.values, self.moves = plan, values, []
        state, changes = engine.start(plan, values, decide, silent_at_times)
        self.state = seated(plan, state, changes)
        self.stale = []

    @property
    def runs(self):
        return not self.state.get("end")

    def move(self, move):
        before = copy.deepcopy(self.state)
        given = self.state
        self.state, changes = moved(self.plan, given, move)
        assert given == before, "the engine never touches its arguments"
        self.moves.append(move)
        gone = {c.node for c in changes if c.kind in {"close", "cancel", "park"}}
        lost = set(tokens_of(before)) - set(tokens_of(self.state)) - gone
        assert not lost, "whatever is not waiting any more was told"
        self.stale += [(n, t) for n, t in before["work"].items() if self.state["work"].get(n) != t]

    @precondition(lambda self: self.runs and self.state["open"])
    @rule(data=st.data())
    def somebody_acts(self, data):
        node = data.draw(st.sampled_from(sorted(self.state["open"])))
        seat = data.draw(st.sampled_from(engine.free_seats(self.state, node)))
        step = self.plan.step(node)
        if "for" in self.state["open"][node]["seats"][str(seat)]:
            kinds, targets = ["pass", "pass", "decline"], []
        else:
            targets = engine.return_targets(self.plan, self.state, node)
            kinds = ["pass", "pass", "pass"] + (["return", "return"] if targets else [])
            kinds += [] if self.state["parked"] or step.kind not in HUMAN else ["correct"]
            kinds += ["reject", "abstain"] if getattr(step, "share", None) else []
            kinds += ["retry"] if step.kind in FALLIBLE else []
        kind = data.draw(st.sampled_from(kinds))
        to = data.draw(st.sampled_from(targets)) if kind == "return" else ""
        back = data.draw(st.sampled_from(["again", "direct"])) if kind == "return" else "again"
        self.move(Move(kind, node, to, seat=seat, back=back))

    @precondition(lambda self: self.runs and self.state["open"])
    @rule(data=st.data(), when=st.sampled_from(["before", "after"]))
    def somebody_asks_a_signer(self, data, when):
        node = data.draw(st.sampled_from(sorted(self.state["open"])))
        seat = data.draw(st.sampled_from(engine.free_seats(self.state, node)))
        move = Move("add", node, when, seat=seat)
        try:
            self.move(move)
        except engine.MoveRefused as refused:
            assert refused.reason in {"nothing to sign", "too many signers"}

    @precondition(lambda self: self.runs and self.state["work"])
    @rule(data=st.data(), to=st.sampled_from(["approved", "rejected"]), fails=st.booleans())
    def a_machine_answers(self, data, to, fails):
        node = data.draw(st.sampled_from(sorted(self.state["work"])))
        is_call = self.plan.step(node).kind == "call"
        kind = "failed" if fails and is_call else "done"
        self.move(Move(kind, node, to, ticket=self.state["work"][node]))

    @precondition(lambda self: self.runs and self.state["parked"])
    @rule()
    def the_applicant_answers(self):
        self.move(Move("answer"))

    @precondition(lambda self: self.runs and self.stale)
    @rule()
    def a_late_answer_of_a_machine_changes_nothing(self):
        node, ticket = self.stale[-1]
        for kind in ("done", "failed"):
            with pytest.raises(engine.MoveRefused):
                moved(self.plan, self.state, Move(kind, node, ticket=ticket))

    @precondition(lambda self: not self.runs)
    @rule(kind=st.sampled_from(["pass", "withdraw", "answer", "return", "done", "add"]))
    def nothing_follows_the_end(self, kind):
        with pytest.raises(engine.MoveRefused):
            moved(self.plan, self.state, Move(kind, self.plan.process.steps[0].key, ticket=1))

    @invariant()
    def sound(self):
        if hasattr(self, "plan"):
            tokens_fit(self.plan, self.state)

    @invariant()
    def can_always_be_closed(self):
        """From every state plain passing leads to a close, and so do refusing and withdrawing."""
        if not hasattr(self, "plan") or not self.runs:
            return
        withdrawn, _ = moved(self.plan, self.state, Move("withdraw"))
        assert withdrawn["end"] == "withdrawn"
        for node in self.state["open"]:
            own = set(engine.free_seats(self.state, node)) & {
                int(n) for n in seats.own_seats(self.state["open"][node])
            }
            if own and getattr(self.plan.step(node), "share", None) is None:
                refused, _ = moved(self.plan, self.state, Move("reject", node, seat=min(own)))
                assert refused["end"] == "rejected"
        state = self.state
        for _turn in range(300):
            if state.get("end"):
                break
            state, _ = moved(self.plan, state, forward(state))
        assert state["end"] in {"approved", "rejected"}

    def teardown(self):
        """The same moves give the same state: a history can be replayed."""
        if not hasattr(self, "plan"):
            return
        state, changes = engine.start(self.plan, self.values, decide, silent_at_times)
        state = seated(self.plan, state, changes)
        for move in self.moves:
            state, _ = moved(self.plan, state, move)
        assert state == self.state


AnyProcess.TestCase.settings = settings(
    max_examples=50,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyProcess = AnyProcess.TestCase


@given(plans, facts)
def test_the_end_is_reached_from_the_start(plan, values):
    state, _ = engine.start(plan, values, decide, silent_at_times)
    tokens_fit(plan, state)


# -- votes and sequences, exactly ------------------------------------------------------------------


def must_pass(yes, left, share, of):
    """Whether every way in which those who are left may vote reaches the share, or none does."""
    ends = {(yes + more) * 100 >= share * of for more in range(left + 1)}
    return ends.pop() if len(ends) == 1 else None


@given(
    st.integers(1, 9),
    st.integers(1, 100),
    st.lists(st.sampled_from(["yes", "no", "abstain"]), min_size=9, max_size=9),
    st.randoms(use_true_random=False),
)
def test_a_vote_is_over_exactly_when_nobody_could_change_it(of, share, words, chance):
    ballot = seats.ballot_of(of, turns=False)
    order = list(range(1, of + 1))
    chance.shuffle(order)
    yes = 0
    for done, (number, word) in enumerate(zip(order, words, strict=False), 1):
        verdict, notes = seats.say(ballot, str(number), word, share)
        yes += word == "yes"
        expected = must_pass(yes, of - done, share, of)
        assert verdict == {True: "passed", False: "lost", None: ""}[expected]
        assert notes == []
        if verdict:
            return
    pytest.fail("everybody has voted and there is no verdict")


@pytest.mark.parametrize("words", list(product(["yes", "no", "abstain"], repeat=3)))
def test_a_third_of_three_is_one(words):
    ballot, verdict = seats.ballot_of(3, turns=False), ""
    for number, word in enumerate(words, 1):
        if not verdict:
            verdict, _ = seats.say(ballot, str(number), word, 33)
    assert verdict == ("passed" if "yes" in words else "lost")


@given(st.integers(1, 30))
def test_a_sequence_asks_everybody_once_and_in_order(count):
    ballot, asked, verdict = seats.ballot_of(count, turns=True), [], ""
    while not verdict:
        (number,) = seats.free_seats(ballot)
        asked.append(int(number))
        verdict, _ = seats.say(ballot, number, "yes", None)
    assert (verdict, asked) == ("passed", list(range(1, count + 1)))
