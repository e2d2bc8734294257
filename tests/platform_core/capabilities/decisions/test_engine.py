"""What a table says of answers, one by one and many at once."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.capabilities import rules
from platform_core.capabilities.decisions import (
    as_rule_tree,
    evaluate,
    evaluate_many,
    explain,
    fields_asked,
    sentence,
)
from platform_core.capabilities.decisions.literals import compared
from platform_core.capabilities.decisions.trees import row_tree
from tests.platform_core.capabilities.decisions.makers import (
    TODAY,
    answers,
    decisions,
    table,
    text,
)


def ask(decision, **values):
    return evaluate(decision, values, today=TODAY)


def score(aggregate, **changes):
    column = {"key": "points", "label": text("分", "Points"), "type": "number"}
    rows = [
        {
            "cells": {"staff": {"is": "compare", "op": ">=", "value": 10}},
            "results": {"points": 0.1},
        },
        {
            "cells": {"staff": {"is": "compare", "op": ">=", "value": 20}},
            "results": {"points": 0.2},
        },
    ]
    changes = {"rows": rows, "outputs": [column], "tests": [], **changes}
    return table(hit="collect", aggregate=aggregate, **changes)


def test_the_row_that_fires_answers_and_is_named():
    result = ask(table(), staff=300, industry="plant")
    assert (result.outputs, result.rows, result.problem) == ({"level": "high"}, (3,), None)


def test_money_is_added_to_the_last_digit():
    assert ask(score("sum"), staff=20, industry="shop").outputs == {"points": Decimal("0.3")}


@pytest.mark.parametrize(
    ("aggregate", "wanted"),
    [("min", Decimal("0.1")), ("max", Decimal("0.2")), ("list", (Decimal("0.1"), Decimal("0.2")))],
)
def test_results_are_collected_as_the_table_says(aggregate, wanted):
    result = ask(score(aggregate), staff=20, industry="shop")
    assert (result.outputs["points"], result.rows) == (wanted, (1, 2))


def test_no_row_means_the_default_or_nothing():
    assert ask(score("sum"), staff=1, industry="shop").problem == "nothing"
    with_default = score("sum", default={"points": 0})
    assert ask(with_default, staff=1, industry="shop").outputs == {"points": 0}


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"staff": "300", "industry": "plant"}, "staff"),
        ({"staff": None, "industry": "plant"}, "staff"),
        ({"staff": 0, "industry": "plant"}, "staff"),
        ({"staff": 1.5, "industry": "plant"}, "staff"),
        ({"staff": True, "industry": "plant"}, "staff"),
        ({"staff": 3, "industry": "mine"}, "industry"),
        ({"staff": 3, "industry": ["plant"]}, "industry"),
        ({}, "staff"),
    ],
)
def test_a_value_that_the_input_does_not_take_is_reported_not_guessed(values, place):
    result = evaluate(table(), values, today=TODAY)
    assert (result.problem, result.place, result.outputs) == ("unfit", place, {"level": None})


def test_rows_that_should_exclude_one_another_say_nothing_together():
    rows = [{"results": {"level": "low"}}, {"results": {"level": "high"}}]
    result = ask(table(rows=rows), staff=1, industry="shop")
    assert (result.problem, result.rows, result.outputs) == ("several", (1, 2), {"level": None})


def test_a_sum_beyond_all_numbers_is_reported():
    rows = [{"results": {"points": 9e17}}, {"results": {"points": 9e17}}]
    assert ask(score("sum", rows=rows), staff=1, industry="shop").problem == "too_large"


def test_an_input_may_be_computed():
    inputs = [
        {"key": "each", "label": text("人均", "Each"), "type": "number",
         "expression": {"/": [{"var": "area"}, {"var": "staff"}]}},
    ]  # fmt: skip
    rows = [
        {
            "cells": {"each": {"is": "compare", "op": "<", "value": 2.5}},
            "results": {"level": "high"},
        },
        {
            "cells": {"each": {"is": "compare", "op": ">=", "value": 2.5}},
            "results": {"level": "low"},
        },
        {"cells": {"each": {"is": "empty"}}, "results": {"level": "high"}},
    ]
    decision = table(inputs=inputs, rows=rows, tests=[])
    assert fields_asked(decision) == {"area", "staff"}
    assert ask(decision, area=5, staff=2).rows == (2,)
    assert ask(decision, area=4.99, staff=2).rows == (1,)
    assert ask(decision, area=4, staff=0).rows == (3,)


def test_whoever_changes_an_answer_does_not_change_the_table():
    decision = table()
    ask(decision, staff=1, industry="shop").outputs["level"] = "mine"
    assert ask(decision, staff=1, industry="shop").outputs == {"level": "low"}


def by_hand(decision, values):
    """The rows that fire according to the rule engine, asked row by row."""
    return [
        number
        for number, row in enumerate(decision.rows, start=1)
        if rules.is_true(row_tree(decision, row), values, today=TODAY)
    ]


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_row_means_what_its_rule_means(data):
    decision = data.draw(decisions())
    values = data.draw(answers(decision))
    fired = by_hand(decision, values)
    result = evaluate(decision, values, today=TODAY)
    assert result.problem != "unfit"
    assert list(result.rows) == (fired[:1] if decision.hit == "first" else fired)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_the_whole_table_means_what_its_tree_means(data):
    decision = data.draw(decisions())
    values = data.draw(answers(decision))
    result = evaluate(decision, values, today=TODAY)
    for column in decision.outputs:
        tree = as_rule_tree(decision, column.key)
        if tree is None:
            assert decision.aggregate == "list"
        elif result.problem != "several":
            said = rules.evaluate(tree, values, today=TODAY)
            assert said == result.outputs[column.key]


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_many_answers_are_answered_like_one(data):
    decision = data.draw(decisions())
    many = data.draw(st.lists(answers(decision), max_size=10))
    single = [evaluate(decision, values, today=TODAY) for values in many]
    assert list(evaluate_many(decision, many, today=TODAY)) == single


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_reasons_name_exactly_the_cells_that_failed(data):
    decision = data.draw(decisions())
    values = data.draw(answers(decision))
    told = explain(decision, values, today=TODAY, language="en")
    fired = by_hand(decision, values)
    assert [one.row for one in told.rows if not one.failed] == fired
    assert [one.row for one in told.rows if one.fired] == list(told.result.rows)


def test_a_row_reads_as_a_sentence_in_both_languages():
    decision = table()
    assert sentence(decision, decision.rows[1], "zh") == (
        "当「人数」不小于 300，并且「行业」是「商贸」时，「等级」为 低"
    )
    assert sentence(decision, decision.rows[1], "en") == (
        "When “Staff” is at least 300 and “Industry” is “Trade”: “Level” is Low"
    )


def test_days_are_compared_as_days():
    assert compared("2020-02-30", "date") is None
    assert compared("2020-03-01", "date") - compared("2020-02-28", "date") == 2
