"""What a life event stands at, whatever its cases are."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service_hub.bundles import standing

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
MOMENTS = st.none() | st.integers(0, 60).map(lambda n: BEGIN + timedelta(days=n))


@st.composite
def child(draw):
    is_ended = draw(st.booleans())
    end = draw(st.sampled_from(["approved", "refused", "withdrawn"])) if is_ended else ""
    return standing.Child(
        is_ended=is_ended,
        needs_me=not is_ended and draw(st.booleans()),
        is_approved=end == "approved",
        is_withdrawn=end == "withdrawn",
        due_at=draw(MOMENTS),
        light="" if is_ended else draw(st.sampled_from(["", "g", "y", "r"])),
    )


children = st.lists(child(), min_size=1, max_size=6)


@given(children)
def test_it_needs_you_when_any_does_and_runs_while_any_runs(found):
    state = standing.state_of(found)
    assert (state == standing.NEEDS_YOU) == any(one.needs_me for one in found)
    is_over = state not in (standing.NEEDS_YOU, standing.RUNNING)
    assert is_over == all(one.is_ended for one in found)
    if state == standing.DONE:
        assert all(one.is_approved or one.is_withdrawn for one in found)
        assert any(one.is_approved for one in found)


@given(children)
def test_it_is_due_when_the_last_one_is(found):
    due, running = standing.due_of(found), [one for one in found if not one.is_ended]
    if due is None:
        assert not running or any(one.due_at is None for one in running)
    else:
        assert all(one.due_at <= due for one in running)
        assert due in [one.due_at for one in running]


@given(children)
def test_its_light_is_the_worst_one(found):
    lit = [one.light for one in found if not one.is_ended]
    expected = "r" if "r" in lit else "y" if "y" in lit else "g" if "g" in lit else ""
    assert standing.light_of(found) == expected


@given(children, st.randoms())
def test_the_order_of_the_cases_does_not_matter(found, random):
    mixed = list(found)
    random.shuffle(mixed)
    assert standing.state_of(mixed) == standing.state_of(found)
    assert standing.due_of(mixed) == standing.due_of(found)
