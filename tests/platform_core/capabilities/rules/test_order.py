"""Computed values in the order of their need, or the circle named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.rules import Circle, fields_used, order_of


def uses(*keys):
    return {"+": [{"var": key} for key in keys]} if keys else 1


def test_each_value_comes_after_those_it_uses():
    trees = {"total": uses("net", "tax"), "tax": uses("net"), "net": uses("price", "count")}
    assert order_of(trees) == ["net", "tax", "total"]
    assert order_of({"b": uses(), "a": uses(), "c": uses("a")}) == ["b", "a", "c"]
    assert order_of({}) == []


@pytest.mark.parametrize(
    ("trees", "circle"),
    [
        ({"a": uses("a")}, ["a", "a"]),
        ({"a": uses("b"), "b": uses("a")}, ["a", "b", "a"]),
        ({"x": uses("a"), "a": uses("b"), "b": uses("c"), "c": uses("a")}, ["a", "b", "c", "a"]),
        (
            {"a": {"sum": [{"var": "b"}, {"row": "c"}]}, "b": {"if": [uses("a"), 1]}},
            ["a", "b", "a"],
        ),
    ],
)
def test_a_circle_is_named(trees, circle):
    with pytest.raises(Circle) as caught:
        order_of(trees)
    assert caught.value.keys == circle
    assert str(caught.value) == " → ".join(circle)


def test_a_chain_of_any_length_is_ordered_without_recursion():
    count = 3_000
    trees = {f"f{n}": uses(f"f{n + 1}") for n in range(count)}
    assert order_of(trees) == [f"f{n}" for n in reversed(range(count))]
    trees[f"f{count}"] = uses("f0")
    with pytest.raises(Circle) as caught:
        order_of(trees)
    assert len(caught.value.keys) == count + 2


@given(st.lists(st.lists(st.integers(0, 7), max_size=3), min_size=8, max_size=8))
def test_every_order_is_right_and_every_circle_is_one(asked):
    trees = {f"k{n}": uses(*(f"k{key}" for key in keys)) for n, keys in enumerate(asked)}
    try:
        order = order_of(trees)
    except Circle as circle:
        for one, following in zip(circle.keys, circle.keys[1:], strict=False):
            assert following in fields_used(trees[one])
        assert circle.keys[0] == circle.keys[-1]
    else:
        assert sorted(order) == sorted(trees)
        for place, key in enumerate(order):
            assert fields_used(trees[key]) <= set(order[:place])
