from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.outbox.backoff import LONGEST_WAIT, MAX_ATTEMPTS, wait_after

FOUR_HOURS = 4 * 3600


def test_a_message_is_never_given_up_in_less_than_four_hours():
    assert sum(wait_after(n, spread=0) for n in range(1, MAX_ATTEMPTS)) >= FOUR_HOURS


def test_the_first_failure_is_tried_again_soon():
    assert wait_after(1, spread=0) == 2


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_waits_are_bounded_and_jitter_only_adds(attempts, spread):
    wait = wait_after(attempts, spread=spread)
    assert wait_after(attempts, spread=0) <= wait <= LONGEST_WAIT * 1.25
