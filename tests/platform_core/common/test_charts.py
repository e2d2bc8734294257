"""Pictures of numbers: nothing stands outside the picture, and lengths are in proportion."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from platform_core.common.charts import (
    BOTTOM,
    HEIGHT,
    LEFT,
    TOP,
    Series,
    columns,
    lying,
    ticks,
)

VALUES = st.one_of(st.none(), st.integers(0, 10**6))


@given(st.integers(0, 10**9))
def test_an_axis_reaches_the_most_in_few_even_steps(most):
    found = ticks(most)
    assert found[0] == 0 and found[-1] >= most and 2 <= len(found) <= 5
    assert len({two - one for one, two in pairwise(found)}) == 1


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=40))
def test_columns_stay_inside_and_are_as_high_as_their_values(pairs):
    series = [Series("a", [one for one, _two in pairs]), Series("b", [two for _one, two in pairs])]
    chart = columns("x", "words", range(len(pairs)), series)
    high, top = HEIGHT - TOP - BOTTOM, ticks(max((v or 0 for p in pairs for v in p), default=0))[-1]
    for picture in chart.pictures:
        drawn = [value for pair in pairs for value in pair if value]
        assert len(picture.boxes) == len(drawn)
        for box, value in zip(picture.boxes, drawn, strict=True):
            assert LEFT <= box.x and box.x + box.w <= picture.right + 0.1
            assert abs(box.h - high * value / top) < 0.11
        assert {box.style for box in picture.boxes} <= {"plain", "hatched"}
    assert [style for style, _title in chart.legend] == ["plain", "hatched"]


@given(st.lists(st.integers(0, 1000), max_size=3))
def test_a_lying_bar_is_no_longer_than_its_place(values):
    parts = lying(values, sum(values))
    assert len(parts) == sum(bool(one) for one in values)
    assert sum(one.w for one in parts) <= 100.1
