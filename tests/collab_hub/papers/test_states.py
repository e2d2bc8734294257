"""The way of a paper as a machine that does whatever is possible in any order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from collab_hub.papers.states import (
    EDITABLE,
    TABLES,
    NotPossible,
    acts,
    after_check,
    after_countersigning,
    move,
)

# The number is there, so the paper exists for good.
NUMBERED = frozenset({"numbered", "sealed", "sent", "filed"})
ENDS = {"out": frozenset({"discarded", "filed"}), "in": frozenset({"filed", "sent_back"})}


class Way(RuleBasedStateMachine):
    """A paper that people check, countersign, return, sign and send as they like."""

    def __init__(self):
        super().__init__()
        self.state, self.number, self.waiting, self.agreed = "draft", None, 0, False

    def go(self, act):
        self.state = move("out", self.state, act)

    @precondition(lambda self: "submit" in acts("out", self.state))
    @rule()
    def submit(self):
        self.go("submit")

    @precondition(lambda self: self.state == "review")
    @rule(organs=st.integers(0, 3))
    def check(self, organs):
        self.waiting, self.agreed = organs, False
        self.go(after_check(range(organs)))

    @precondition(lambda self: self.state == "countersign")
    @rule()
    def countersign(self):
        self.waiting -= 1
        self.go(after_countersigning(self.waiting))

    @precondition(lambda self: "return" in acts("out", self.state))
    @rule(act=st.sampled_from(["return", "withdraw"]))
    def come_back(self, act):
        self.waiting = 0
        self.go(act)

    @precondition(lambda self: "sign" in acts("out", self.state))
    @rule()
    def sign(self):
        assert self.waiting == 0
        assert self.number is None
        self.go("sign")
        self.number = 1

    @precondition(lambda self: self.state in NUMBERED and acts("out", self.state))
    @rule(data=st.data())
    def onwards(self, data):
        self.go(data.draw(st.sampled_from(sorted(acts("out", self.state)))))

    @rule(act=st.sampled_from(sorted({act for _state, act in TABLES["out"]})))
    def nothing_else_is_possible(self, act):
        if act not in acts("out", self.state):
            with pytest.raises(NotPossible):
                move("out", self.state, act)

    @invariant()
    def a_number_is_given_once_and_stays(self):
        assert (self.number is not None) == (self.state in NUMBERED)
        assert not (self.number and self.state in EDITABLE)

    @invariant()
    def it_signs_only_when_all_have_countersigned(self):
        assert self.state != "sign" or self.waiting == 0


Way.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestWay = Way.TestCase


@pytest.mark.parametrize("course", ["out", "in"])
def test_every_state_leads_to_an_end(course):
    table, good = TABLES[course], set(ENDS[course])
    states = {state for state, _act in table} | set(table.values())
    for _turn in states:
        good |= {state for (state, _act), to in table.items() if to in good}
    assert good == states
    assert not any(state in ENDS[course] for state, _act in table)
