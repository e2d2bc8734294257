"""The table of acts: who was rated does nothing, a second person decides, every order ends."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from service_hub.evaluations.rectifying import (
    ACTS,
    FINAL,
    LAST_ROUND,
    STATES,
    Hand,
    Standing,
    acts_of,
    after,
    is_possible,
    may,
)

HANDS = st.builds(Hand, *[st.booleans()] * 7)
OFFICE = Hand(is_of_office=True, is_head=True)


def next_ones(standing: Standing) -> list[Standing]:
    return [after(standing, act) for act in ACTS if is_possible(standing, act)]


def test_every_order_ends_whatever_is_done():
    def longest(standing, path=()):
        assert standing not in path, f"a circle over {standing}"
        return 1 + max((longest(one, (*path, standing)) for one in next_ones(standing)), default=0)

    assert longest(Standing()) < 25


def test_only_the_ends_have_no_way_on():
    seen, waiting = set(), [Standing()]
    while waiting:
        standing = waiting.pop()
        if standing not in seen:
            seen.add(standing)
            waiting += next_ones(standing)
    assert {one.state for one in seen} == set(STATES)
    assert all(bool(next_ones(one)) == (one.state not in FINAL) for one in seen)
    assert max(one.round for one in seen) == LAST_ROUND


@given(HANDS, st.sampled_from(sorted(ACTS)))
def test_who_was_rated_has_no_act_of_an_office(hand, act):
    if hand.is_rated and ACTS[act].whose not in ("rater", "clock"):
        assert not may(hand, act)


@given(HANDS)
def test_a_review_is_never_decided_by_who_asked_or_by_a_plain_colleague(hand):
    decides = may(hand, "exclude") or may(hand, "keep")
    assert not (decides and (hand.has_asked_review or hand.is_rated))
    assert not decides or hand.is_head or hand.is_of_organ_above


@given(HANDS)
def test_only_a_head_or_the_organ_above_extends_and_only_the_rated_organ_appeals(hand):
    assert not may(hand, "fix_by") or hand.is_head or hand.is_of_organ_above
    assert not may(hand, "appeal") or hand.is_of_office


class AnOrder(RuleBasedStateMachine):
    """Any hands press anything: only what is theirs and possible happens."""

    def __init__(self):
        super().__init__()
        self.standing, self.done = Standing(), []

    @rule(hand=HANDS, act=st.sampled_from(sorted(ACTS)))
    def press(self, hand, act):
        if act in acts_of(self.standing, hand):
            assert may(hand, act)
            self.standing = after(self.standing, act)
            self.done.append((act, hand))

    @rule()
    def the_office_goes_on(self):
        for act in ("sign", "call_back", "fix_now", "answer"):
            if act in acts_of(self.standing, OFFICE):
                self.standing = after(self.standing, act)
                self.done.append((act, OFFICE))
                return

    @invariant()
    def nothing_twice_that_is_once(self):
        acts = [act for act, _hand in self.done]
        assert acts.count("appeal") <= 1
        assert acts.count("fix_by") <= LAST_ROUND
        assert acts.count("not_solved") <= LAST_ROUND
        assert not any(hand.is_rated and not (hand.is_rater or hand.is_clock)
                       for _act, hand in self.done)  # fmt: skip


AnOrder.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestAnOrder = AnOrder.TestCase
