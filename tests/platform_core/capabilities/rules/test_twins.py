"""The evaluators in Python and in the browser give the same answer to everything."""

import os
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platform_core.capabilities.rules import OPERATORS, limits
from platform_core.capabilities.rules.benchmarks.cases import REFERENCE, Cases
from platform_core.capabilities.rules.benchmarks.twin import Twin

CASES = int(os.environ.get("RULE_CASES", "5000"))
BATCH = 20
CHUNK = 500
FIELDS = ["a", "b", "rows", "list", "constructor", "__proto__"]
texts = st.one_of(
    st.sampled_from(
        [
            "",
            "3",
            "x",
            "张三",
            "𠮷",
            "\uffff",
            "\ud800",
            "2026-02-29",
            "2024-02-29",
            "0000-01-01",
            "9999-12-31",
            "20260101",
            "2026-1-1",
            "0001-01-01",
            "toString",
        ]
    ),
    st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat),
    st.text(max_size=4),
)
numbers = st.one_of(
    st.sampled_from(
        [0, -1, 1, 3, 0.1, 0.2, -0.0, 1e-7, 5e-7, 1e22, 1e300, 5e-324, 2**53 - 1, 999999999999999.9]
    ),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.integers(-20, 20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**6), 10**6, places=3).map(float),
)
exact = st.from_regex(r"-?[0-9]{1,19}(\.[0-9]{1,8})?(e-?[0-9]{1,3})?", fullmatch=True).map(
    lambda text: {"$number": text}
)
scalars = st.one_of(st.none(), st.booleans(), texts, numbers)
rows = st.lists(
    st.dictionaries(st.sampled_from(["c", "d"]), st.one_of(scalars, exact), max_size=2), max_size=4
)
values = st.dictionaries(
    st.sampled_from(FIELDS),
    st.one_of(scalars, exact, rows, st.lists(scalars, max_size=4), st.lists(texts, max_size=4)),
)
leaves = st.one_of(
    scalars,
    st.sampled_from(FIELDS).map(lambda key: {"var": key}),
    st.sampled_from(["c", "d"]).map(lambda key: {"row": key}),
    st.just({"today": []}),
)
OPERATIONS = [*sorted(OPERATORS), "nonsense", "toString"]


def grow(children):
    def operation(op):
        known = OPERATORS.get(op)
        least, most = (known.least, min(known.most, 4)) if known else (2, 2)
        parts = st.lists(children, min_size=least, max_size=most)
        if known and known.family == "rows":
            over = st.sampled_from(["rows", "list"]).map(lambda key: {"var": key})
            return st.tuples(over, parts).map(lambda pair: {op: [pair[0], *pair[1][1:]]})
        return parts.map(lambda args: {op: args})

    return st.one_of(
        st.sampled_from(OPERATIONS).flatmap(operation),
        st.lists(children, max_size=3),
        children.map(lambda child: {"count": [child]}),
        children.map(lambda child: {"not": child}),
    )


trees = st.recursive(leaves, grow, max_leaves=12)
days = st.dates(date(1999, 1, 1), date(2031, 1, 1))


@pytest.fixture(scope="module")
def twin():
    with Twin(REFERENCE) as twin:
        yield twin


@settings(
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
@given(st.lists(st.tuples(trees, values, days), min_size=BATCH, max_size=BATCH))
def test_twins_agree(twin, cases):
    for case, browser in zip(cases, twin.answers(cases), strict=True):
        assert twin.python_answer(*case) == browser, case


def test_twins_agree_on_many_random_rules(twin):
    source = Cases(seed=int(os.environ.get("RULE_SEED", "1")))
    kinds, done = Counter(), Counter()
    for _chunk in range(0, CASES, CHUNK):
        cases = [source.one() for _case in range(CHUNK)]
        for case, browser in zip(cases, twin.answers(cases), strict=True):
            here = twin.python_answer(*case)
            assert here == browser, case
            kinds[here[:2] if here[1:2] == ":" else here] += 1
            if isinstance(case[0], dict) and here not in ("empty", "error"):
                done[next(iter(case[0]))] += 1
    # The cases are worth something only when all kinds of results are among them.
    assert (
        min(kinds[kind] for kind in ("true", "false", "empty", "error", "n:", "t:")) > CASES // 200
    )
    assert [op for op in OPERATORS if not done[op]] == []


def test_twins_count_days_alike(twin):
    start = date(1, 1, 1)
    spans = [start + timedelta(days=number) for number in range(0, 3_652_059, 997)]
    cases = [({"add_days": [day.isoformat(), -364]}, {}, day) for day in spans] + [
        ({"days_between": ["0001-01-01", day.isoformat()]}, {}, day) for day in spans
    ]
    for case, browser in zip(cases, twin.answers(cases), strict=True):
        assert twin.python_answer(*case) == browser, case


def test_twins_have_the_same_budgets(twin):
    assert twin.limits == {
        "depth": limits.MAX_DEPTH,
        "steps": limits.MAX_STEPS,
        "lookups": limits.MAX_LOOKUPS,
        "text": limits.MAX_TEXT,
    }


def test_twins_stop_at_the_same_depth(twin):
    def nested(depth):
        tree = True
        for _level in range(depth):
            tree = {"not": [tree]}
        return tree

    cases = [(nested(depth), {}, date(2026, 1, 1)) for depth in (23, 24, 25, 40)]
    assert [twin.python_answer(*case) for case in cases] == twin.answers(cases)
    assert twin.answers(cases)[2:] == ["error", "error"]


def test_twins_take_the_same_number_of_parts(twin):
    """Every operator with every number of parts around its bounds, over a part it can use."""
    cases = []
    for op, known in sorted(OPERATORS.items()):
        sizes = {0, 1, 2, 3, 4, known.most, known.most + 1}
        cases += [({op: ["2020-02-09"] * size}, {}, date(2020, 2, 9)) for size in sorted(sizes)]
    here = [twin.python_answer(*case) for case in cases]
    assert here == twin.answers(cases)
    for (tree, _values, _day), answer in zip(cases, here, strict=True):
        ((op, parts),) = tree.items()
        fits = OPERATORS[op].least <= len(parts) <= OPERATORS[op].most
        assert (answer != "error") is fits, tree


def test_twins_join_and_cut_texts_by_code_point(twin):
    high, low, whole = "\ud842", "\udfb7", "𠮷"
    pairs = [(whole, high), (whole, low), (high, low), (whole + whole, low + high), (whole, whole)]
    cases = [
        ({op: [{"var": "a"}, {"var": "b"}]}, {"a": a, "b": b}, date(2020, 2, 9))
        for op in ("contains", "starts_with", "ends_with", "concat", "min")
        for a, b in pairs
    ]
    cases += [({"length": [{"concat": [high, low]}]}, {}, date(2020, 2, 9))]
    cases += [({"concat": [{"var": "a"}] * n}, {"a": "x" * 1999}, date(2020, 2, 9)) for n in (2, 3)]
    assert [twin.python_answer(*case) for case in cases] == twin.answers(cases)
