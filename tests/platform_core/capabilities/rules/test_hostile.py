"""Hostile trees: refused at publication, and never dearer than their budget where they still run.

Work is counted in steps, not in seconds: a slow machine must not make a bomb of a rule.
"""

import json
import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.capabilities.rules import (
    OPERATORS,
    Known,
    RuleError,
    check,
    evaluate,
    explain,
    fields_used,
    needs_calendar,
    order_of,
    sentence,
    write,
)
from platform_core.capabilities.rules.engine import Reference, Run
from platform_core.capabilities.rules.limits import MAX_LOOKUPS, MAX_NODES, MAX_ROWS, MAX_STEPS
from platform_core.capabilities.rules.notation import FormulaError
from platform_core.capabilities.rules.sql import NotInSQL, in_json, to_sql
from platform_core.common.bounded_json import JSONRefused, load_bounded

TODAY = date(2020, 2, 9)
FIELDS = {
    "score": Known("number"),
    "kind": Known("text"),
    "on": Known("date"),
    "urgent": Known("bool"),
    "staff": Known(
        "rows", cells={"temp": Known("number"), "town": Known("text"), "sick": Known("bool")}
    ),
}


def circle_of_dicts():
    tree: dict = {"not": []}
    tree["not"].append(tree)
    return tree


def circle_of_lists():
    tree: list = [1]
    tree += [tree, tree]
    return tree


def circle_that_fans_out():
    tree: dict = {"and": []}
    tree["and"] += [tree] * 40
    return tree


class Odd(dict):
    """Looks like an operation, and like two."""

    def items(self):
        return [("==", [1, 2]), ("var", "score")]


HOSTILE = {
    "circle of dicts": circle_of_dicts(),
    "circle of lists": circle_of_lists(),
    "circle that fans out": circle_that_fans_out(),
    "huge list": ["x"] * 100_000,
    "huge and": {"and": [True] * 100_000},
    "not a number": {"+": [1, float("nan")]},
    "endless": {"+": [1, float("inf")]},
    "huge integer": {"+": [1, 10**5_000]},
    "huge text": {"==": [{"var": "kind"}, "x" * 100_000]},
    "tagged number": {"+": [1, {"$number": "1"}]},
    "two keys": {"==": [1, 1], "or": [True]},
    "no key": {"and": [{}]},
    "number as operation": {1: [1, 2]},
    "nothing as operation": {None: [1, 2]},
    "tuple": {"and": (True, False)},
    "bytes": {"==": [b"x", b"x"]},
    "set": {"==": [frozenset(), 1]},
    "object": {"==": [object(), 1]},
    "full-width sign": {"\uff1d\uff1d": [1, 1]},
    "Cyrillic and": {"\u0430nd": [True]},
    "blank after": {"and ": [True]},
    "capitals": {"AND": [True]},
    "zero-width": {"an\u200bd": [True]},
    "prototype": {"__proto__": [True]},
    "constructor": {"constructor": ["return 1"]},
    "python": {"__import__": ["os"]},
    "method": {"var": "score.__class__"},
    "path": {"var": "staff.0.temp"},
    "list as name": {"var": ["score"]},
    "number as name": {"var": 1},
    "operation as name": {"var": {"var": "score"}},
    "row outside": {"row": "temp"},
    "row of nothing": {"sum": [{"var": "staff"}, {"row": "nose"}]},
    "rows inside rows": {"any": [{"var": "staff"}, {"any": [{"var": "staff"}, True]}]},
    "computed data set": {"lookup": [{"concat": ["reg", "ions"]}, "33", "name"]},
    "unknown data set": {"lookup": ["users", "1", "password"]},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_trees_are_refused_at_publication(name):
    problems = check(HOSTILE[name], FIELDS)
    assert problems
    for problem in problems:
        assert len(problem.message) < 300


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_else_chokes_on_them_either(name):
    tree = HOSTILE[name]
    fields_used(tree)
    needs_calendar(tree)
    for language in ("zh", "en"):
        assert isinstance(sentence(tree, {}, language), str)
    with pytest.raises(NotInSQL):
        to_sql(tree, in_json(FIELDS), today=TODAY)
    try:
        write(tree, {key: key for key in FIELDS}, cells={"staff": {"temp": "temp"}})
    except FormulaError:
        pass  # a formula can say some of them: it does not judge what they mean
    run = Run({"score": 1, "staff": [{"temp": 1}]}, TODAY)
    try:
        run.value(tree)
    except RuleError:
        pass
    assert run.steps <= MAX_STEPS + 1


def test_a_key_given_twice_is_refused_when_the_json_is_read():
    with pytest.raises(JSONRefused):
        load_bounded(b'{"and": [true], "and": [false]}', max_bytes=1000, max_depth=10)


def wide_over_rows(nodes):
    """As many parts for each row as fit: the dearest rule that may be published."""
    parts = [{"==": [{"row": "temp"}, number]} for number in range(nodes)]
    asked = {"or": [{"or": parts[at : at + 40]} for at in range(0, nodes, 40)]}
    return {"count": [{"var": "staff"}, asked]}


def test_the_dearest_rule_that_may_be_published_stays_within_its_steps():
    refused = next(n for n in range(1, 200) if check(wide_over_rows(n), FIELDS))
    run = Run({"staff": [{"temp": -1}] * MAX_ROWS}, TODAY)
    run.value(wide_over_rows(refused - 1))
    assert MAX_STEPS * 0.9 < run.steps <= MAX_STEPS


@settings(max_examples=150, deadline=None, database=None)
@given(st.integers(0, 10**9))
def test_no_published_rule_spends_more_than_its_budget(seed):
    """Random trees over full tables: what `check` lets through never runs out."""
    rand = random.Random(seed)
    tree = random_tree(
        rand, rand.randrange(1, 7), cells=False, kind=rand.choice(["bool", "number"])
    )
    if check(tree, FIELDS):
        return
    row = {"temp": 37, "town": "x" * 50, "sick": True}
    values = {"score": 5, "kind": "y" * 4000, "on": "2020-02-29", "staff": [row] * MAX_ROWS}
    run = Run(values, TODAY, Reference(find=lambda *_names: "33"))
    run.value(tree)
    assert run.steps <= MAX_STEPS and run.lookups <= MAX_LOOKUPS
    steps = explain(tree, values, today=TODAY, labels={}, language="zh")
    assert len(steps) <= 301


def random_tree(rand, depth, cells, kind):
    ops = [op for op, known in OPERATORS.items() if known.gives in (kind, "alike", "any")]
    names = {"number": "temp", "text": "town", "bool": "sick"}
    if depth == 0 or not ops:
        if cells and kind in names and rand.random() < 0.7:
            return {"row": names[kind]}
        fields = {"number": "score", "text": "kind", "date": "on", "bool": "urgent"}
        return {"var": fields[kind]}
    op = rand.choice(ops)
    known = OPERATORS[op]
    if op == "lookup":
        return {op: ["regions", random_tree(rand, depth - 1, cells, "text"), "name"]}
    if op == "in":
        return {op: [random_tree(rand, depth - 1, cells, "number"), [1, 2, 3]]}
    if known.family == "rows":
        if cells:
            return {"var": "score"} if kind == "number" else True
        inner = "number" if known.takes[1] == "alike" else known.takes[1]
        return {op: [{"var": "staff"}, random_tree(rand, depth - 1, True, inner)]}
    parts = []
    for index in range(rand.randrange(known.least, min(known.most, 6) + 1)):
        wanted = known.kind_of_part(index)
        if op == "if":
            wanted = "bool" if index % 2 == 0 else kind
        elif wanted in ("any", "alike", "scalar"):
            wanted = "number"
        parts.append(random_tree(rand, depth - 1, cells, wanted))
    return {op: parts}


def test_texts_cannot_grow_into_a_bomb():
    tree = {"var": "kind"}
    for _level in range(20):
        tree = {"concat": [tree, tree]}
        values = {"kind": "x" * 3_000}
    run = Run(values, TODAY)
    with pytest.raises(RuleError):
        run.value(tree)  # 2^20 parts: the steps end it
    assert run.steps == MAX_STEPS + 1
    wide = {"concat": [{"var": "kind"}] * 50}
    assert evaluate(wide, values, today=TODAY) is None


def test_numbers_cannot_grow_into_a_bomb():
    power = {"var": "score"}
    for _level in range(6):
        power = {"*": [power, power]}
    assert check(power, FIELDS) == []
    assert evaluate(power, {"score": 10**9}, today=TODAY) is None
    long = {"$number": "9" * 60 + "." + "9" * 400}
    assert evaluate({"+": [{"var": "score"}, 1]}, {"score": long}, today=TODAY) is None


def test_computed_fields_that_ask_for_one_another_in_hostile_trees_end():
    trees = {f"k{n}": tree for n, tree in enumerate(HOSTILE.values())}
    assert sorted(order_of(trees)) == sorted(trees)


def test_a_sentence_of_a_long_rule_is_bounded():
    parts = {"or": [{"==": [{"var": "kind"}, f"{n}"]} for n in range(100)]}
    assert len(json.dumps(parts)) < MAX_NODES * 20
    said = sentence(circle_that_fans_out(), {}, "en")
    assert len(said) < 100_000
