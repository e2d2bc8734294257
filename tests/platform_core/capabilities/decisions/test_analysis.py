"""Gaps, overlaps and rows without effect: exact, and shown by examples that hold."""

from itertools import product
from math import prod

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from platform_core.capabilities.decisions import Decision, analyse, evaluate
from platform_core.capabilities.decisions.literals import shown
from tests.platform_core.capabilities.decisions.makers import (
    TODAY,
    answers,
    decisions,
    table,
    text,
)


def fired(decision, inputs):
    """The rows that hold, whatever the table then makes of them."""
    collecting = decision.model_copy(
        update={"hit": "collect", "aggregate": "list", "default": None}
    )
    collecting = Decision.model_validate(collecting.model_dump(by_alias=True))
    return evaluate(collecting, inputs, today=TODAY).rows


def test_a_sound_table_has_neither_gap_nor_overlap():
    proof = analyse(table())
    assert proof == type(proof)()


def test_a_gap_is_shown_by_an_example_and_says_what_makes_no_difference():
    rows = [
        {
            "cells": {"staff": {"is": "compare", "op": "<", "value": 100}},
            "results": {"level": "low"},
        },
        {
            "cells": {"staff": {"is": "compare", "op": ">", "value": 100}},
            "results": {"level": "low"},
        },
    ]
    (gap,) = analyse(table(rows=rows)).gaps
    assert gap.inputs["staff"] == 100
    assert gap.free == ("industry",)


def test_each_stretch_that_is_left_out_has_an_example_of_its_own():
    rows = [
        {
            "cells": {"staff": {"is": "between", "from": 60, "to": 80, "to_open": True}},
            "results": {"level": "low"},
        },
        {
            "cells": {"staff": {"is": "compare", "op": ">", "value": 85}},
            "results": {"level": "low"},
        },
    ]
    found = [gap.inputs["staff"] for gap in analyse(table(rows=rows)).gaps]
    assert len(found) == 2 and found[0] < 60 and 80 <= found[1] <= 85


def test_whole_numbers_leave_no_gap_between_nine_and_ten():
    rows = [
        {
            "cells": {"staff": {"is": "compare", "op": "<=", "value": 9}},
            "results": {"level": "low"},
        },
        {
            "cells": {"staff": {"is": "compare", "op": ">=", "value": 10}},
            "results": {"level": "low"},
        },
    ]
    inputs = table().model_dump(by_alias=True)["inputs"]
    assert not analyse(table(rows=rows)).gaps
    inputs[0]["decimals"] = 1
    (gap,) = analyse(table(rows=rows, inputs=inputs)).gaps
    assert 9 < gap.inputs["staff"] < 10


def test_an_overlap_names_both_rows_and_an_example():
    rows = table().model_dump(by_alias=True)["rows"]
    rows[0]["cells"]["staff"] = {"is": "compare", "op": "<=", "value": 300}
    (first, second) = analyse(table(rows=rows)).overlaps
    assert (first.rows, second.rows) == ((1, 2), (1, 3))
    assert first.inputs == {"staff": 300, "industry": "shop"}


def test_a_row_that_the_ones_above_cover_together_is_found():
    rows = [
        {
            "cells": {"staff": {"is": "compare", "op": "<", "value": 10}},
            "results": {"level": "low"},
        },
        {"cells": {"industry": {"is": "equal", "value": "shop"}}, "results": {"level": "low"}},
        {"cells": {"industry": {"is": "equal", "value": "plant"}}, "results": {"level": "high"}},
        {"results": {"level": "low"}},
    ]
    assert analyse(table(rows=rows, hit="first")).unreachable == (4,)


def test_a_row_that_no_answer_satisfies_is_found():
    rows = [
        {"cells": {"staff": {"is": "compare", "op": "<", "value": 1}}, "results": {"level": "low"}},
        {"results": {"level": "low"}},
    ]
    assert analyse(table(rows=rows)).idle == (1,)


def test_what_the_budget_does_not_reach_is_said_and_the_rest_is_proven():
    inputs = [
        {"key": f"i{n}", "label": text("问", "Q"), "type": "yes_no", "required": True}
        for n in range(16)
    ]
    rows = [
        {"cells": {f"i{n}": {"is": "equal", "value": True},
                   f"i{(n * 7 + 3) % 16}": {"is": "equal", "value": False}},
         "results": {"level": "low"}}
        for n in range(16)
    ]  # fmt: skip
    decision = table(inputs=inputs, rows=rows)
    proof = analyse(decision, budget=10)
    assert proof.unproven == ("gaps",)
    assert proof.overlaps
    assert analyse(decision).unproven == ()


def test_twenty_inputs_with_many_pieces_are_proven_without_the_product():
    inputs = [
        {"key": f"i{n}", "label": text("数", "N"), "type": "number", "required": True}
        for n in range(20)
    ]
    rows = []
    for n in range(20):
        above = {f"i{m}": {"is": "compare", "op": ">=", "value": m} for m in range(n)}
        cells = {**above, f"i{n}": {"is": "compare", "op": "<", "value": n}}
        rows.append({"cells": cells, "results": {"level": "low"}})
    decision = table(inputs=inputs, rows=rows)
    (gap,) = analyse(decision).gaps
    assert gap.inputs["i19"] >= 19
    assert not analyse(decision).overlaps


def one_of_each_kind(decision):
    """A sample of every piece of every axis with every other: the naive product."""
    columns = decision.inputs
    axes = [[shown(piece.sample, axis.kind) for piece in axis.pieces()]
            for axis in decision.table.axes]  # fmt: skip
    assume(prod(map(len, axes)) <= 1_500)
    keys = [column.key for column in columns]
    return [dict(zip(keys, values, strict=True)) for values in product(*axes)]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_is_proven_agrees_with_trying_everything(data):
    decision = data.draw(decisions(hits=("unique", "first")))
    proof = analyse(decision)
    rows = [fired(decision, values) for values in one_of_each_kind(decision)]
    everything = set(range(1, len(decision.rows) + 1))
    assert not proof.unproven
    assert bool(proof.gaps) == (not all(rows))
    assert set(proof.idle) == everything - {row for one in rows for row in one}
    if decision.hit == "first":
        reached = {one[0] for one in rows if one}
        assert set(proof.unreachable) == everything - reached - set(proof.idle)
    elif "overlaps" not in proof.more:
        pairs = {(a, b) for one in rows for a in one for b in one if a < b}
        assert {example.rows for example in proof.overlaps} == pairs


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_pieces_stand_for_all_other_values(data):
    """Whatever an input takes fires the same rows as some sample: nothing hides inside a piece."""
    decision = data.draw(decisions(hits=("unique",)))
    values = data.draw(answers(decision))
    alike = {}
    for axis in decision.table.axes:
        key = axis.column.key
        (sample,) = [p for p in axis.pieces() if p.rows == axis.rows[axis.place(values[key])]][:1]
        alike[key] = shown(sample.sample, axis.kind)
    assert fired(decision, alike) == fired(decision, values)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_every_example_holds_and_so_does_whatever_makes_no_difference(data):
    decision = data.draw(decisions(hits=("unique",)))
    proof = analyse(decision)
    other = data.draw(answers(decision))
    for gap in proof.gaps:
        assert fired(decision, gap.inputs) == ()
        assert fired(decision, {**gap.inputs, **{key: other[key] for key in gap.free}}) == ()
    for overlap in proof.overlaps:
        assert set(overlap.rows) <= set(fired(decision, overlap.inputs))
