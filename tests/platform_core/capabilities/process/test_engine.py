"""What each move does to each kind of step."""

from collections import Counter

import pytest

from platform_core.capabilities.process import engine

from .flows import (
    approve,
    at,
    begin,
    cc,
    condition,
    end,
    go,
    opened,
    parallel,
    plan_of,
    told,
    vote,
)  # fmt: skip


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
        assert list(state["open"]) == ["b"]
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
        with pytest.raises(engine.MoveRefused):
            go(plan, state, "pass", "x")
        state, changes = go(plan, state, "pass", "x", seat=2)
        assert opened(changes) == ["y"]

    def test_a_return_out_of_a_parallel_cancels_the_siblings(self):
        plan = plan_of(approve("a"), parallel([approve("x")], [approve("y")]), approve("last"))
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "a")
        state, changes = go(plan, state, "return", "x", "a")
        assert list(state["open"]) == ["a"] and state["joins"] == {}
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


class TestSequences:
    plan = plan_of(approve("x", mode="in_order"), approve("y"))

    def test_one_is_asked_after_another(self):
        state, _ = begin(self.plan)
        state = engine.with_seats(state, "x", 3, turns=True)
        assert at(state, "x") == {1: "now", 2: "later", 3: "later"}
        with pytest.raises(engine.MoveRefused):
            go(self.plan, state, "pass", "x", seat=2)
        state, changes = go(self.plan, state, "pass", "x", seat=1)
        assert told(changes) == [("turn", "x", "2")]
        state, _ = go(self.plan, state, "pass", "x", seat=2)
        state, changes = go(self.plan, state, "pass", "x", seat=3)
        assert opened(changes) == ["y"]


class TestVotes:
    def vote(self, share, words, seats, **more):
        plan = plan_of(approve("a"), vote("x", share, **more), approve("y"))
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "a")
        state = engine.with_seats(state, "x", seats)
        for seat, word in enumerate(words, 1):
            state, changes = go(plan, state, word, "x", seat=seat)
        return state, changes

    def test_it_passes_as_soon_as_the_share_has_agreed(self):
        state, _ = self.vote(60, ["pass", "reject", "pass"], 5)
        assert list(state["open"]) == ["x"]
        state, _ = self.vote(60, ["pass", "reject", "pass", "pass"], 5)
        assert list(state["open"]) == ["y"]

    def test_it_is_lost_as_soon_as_the_share_is_out_of_reach(self):
        assert not self.vote(60, ["reject", "reject"], 5)[0].get("end")
        assert self.vote(60, ["reject", "abstain", "reject"], 5)[0]["end"] == "rejected"

    def test_a_lost_vote_may_return_instead(self):
        state, changes = self.vote(100, ["reject"], 2, on_lost="return")
        assert list(state["open"]) == ["a"]
        assert ("cancel", "x", "") in told(changes)

    def test_only_in_a_vote_one_abstains(self):
        plan = plan_of(approve("x"))
        state, _ = begin(plan)
        with pytest.raises(engine.MoveRefused):
            go(plan, state, "abstain", "x")


class TestSigners:
    plan = plan_of(approve("x"), approve("y"))

    def test_a_signer_before_holds_the_seat_that_asked(self):
        state, _ = begin(self.plan)
        state, changes = go(self.plan, state, "add", "x", "before")
        assert told(changes) == [("wait", "x", "1"), ("sign", "x", "2")]
        with pytest.raises(engine.MoveRefused):
            go(self.plan, state, "pass", "x")
        state, changes = go(self.plan, state, "pass", "x", seat=2)
        assert told(changes) == [("turn", "x", "1")]
        assert opened(go(self.plan, state, "pass", "x")[1]) == ["y"]

    def test_a_signer_after_is_asked_once_the_seat_has_agreed(self):
        state, _ = begin(self.plan)
        state, _ = go(self.plan, state, "add", "x", "after")
        assert at(state, "x") == {1: "now", 2: "later"}
        state, changes = go(self.plan, state, "pass", "x")
        assert told(changes) == [("turn", "x", "2")]
        state, changes = go(self.plan, state, "pass", "x", seat=2)
        assert opened(changes) == ["y"]

    def test_a_negative_opinion_comes_back_to_whoever_asked(self):
        for when, moves in (("before", []), ("after", [("pass", 1)])):
            state, _ = begin(self.plan)
            state, _ = go(self.plan, state, "add", "x", when)
            for kind, seat in moves:
                state, _ = go(self.plan, state, kind, "x", seat=seat)
            state, changes = go(self.plan, state, "decline", "x", seat=2)
            assert told(changes) == [("turn", "x", "1")]
            assert at(state, "x") == {1: "now"}

    def test_signers_only_agree_decline_or_ask_on(self):
        plan = plan_of(approve("a"), approve("x"))
        state, _ = begin(plan)
        state, _ = go(plan, state, "pass", "a")
        state, _ = go(plan, state, "add", "x", "before")
        for kind, to in (("reject", ""), ("correct", ""), ("return", "a"), ("abstain", "")):
            with pytest.raises(engine.MoveRefused):
                go(plan, state, kind, "x", to, seat=2)
        with pytest.raises(engine.MoveRefused):
            go(self.plan, begin(self.plan)[0], "decline", "x")

    def test_signers_of_signers_are_bounded(self):
        state, _ = begin(self.plan)
        for seat in (1, 2, 3):
            state, _ = go(self.plan, state, "add", "x", "before", seat=seat)
        with pytest.raises(engine.MoveRefused):
            go(self.plan, state, "add", "x", "before", seat=4)
        state, _ = begin(self.plan)
        for _number in range(20):
            state, _ = go(self.plan, state, "add", "x", "after")
        with pytest.raises(engine.MoveRefused):
            go(self.plan, state, "add", "x", "after")

    def test_a_vote_counts_a_seat_when_its_signers_have_agreed(self):
        plan = plan_of(vote("x", 50))
        state = engine.with_seats(begin(plan)[0], "x", 2)
        state, _ = go(plan, state, "add", "x", "after")
        state, _ = go(plan, state, "pass", "x")
        assert not state.get("end")
        assert go(plan, state, "pass", "x", seat=3)[0]["end"] == "approved"
        assert go(plan, state, "pass", "x", seat=2)[0]["end"] == "approved"
