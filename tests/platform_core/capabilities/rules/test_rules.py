"""What rules mean, what is refused at publication, and how rules read as sentences."""

import json
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from platform_core.capabilities.rules import (
    OPERATORS,
    Calendar,
    Known,
    Reference,
    RuleError,
    check,
    evaluate,
    explain,
    explain_lines,
    fields_used,
    is_true,
    parse,
    sentence,
    write,
)

TODAY = date(2020, 2, 9)
FIELDS = {
    "score": Known("number"),
    "kind": Known("text", ("fever", "contact")),
    "signs": Known("list", ("cough", "ache")),
    "urgent": Known("bool"),
    "start_on": Known("date"),
    "staff": Known("rows", cells={"temp": Known("number"), "town": Known("text")}),
}
LABELS = {
    "score": {"zh": "自查得分", "en": "Score"},
    "kind": {"zh": "类别", "en": "Kind"},
    "staff": {"zh": "员工", "en": "Staff"},
    "temp": {"zh": "体温", "en": "temperature"},
}


def value(tree, **values):
    return evaluate(tree, values, today=TODAY)


def field(key):
    return {"var": key}


@pytest.mark.parametrize(
    ("tree", "values", "wanted"),
    [
        ({"+": [0.1, 0.2]}, {}, Decimal("0.3")),
        (
            {"*": [field("rent"), 12]},
            {"rent": {"$number": "1234567890123.45"}},
            Decimal("14814814681481.4"),
        ),
        ({"/": [1, 3]}, {}, Decimal("0.333333")),
        ({"/": [-2, 3]}, {}, Decimal("-0.666667")),
        ({"/": [1, 0]}, {}, None),
        ({"-": [5]}, {}, Decimal("-5")),
        ({"+": [1, field("gone")]}, {}, None),
        ({"+": [1, "1"]}, {}, None),
        ({"*": [10**15, 10**15]}, {}, None),
        ({"==": ["3", 3]}, {}, False),
        ({"!=": ["3", 3]}, {}, True),
        ({"!=": [field("gone"), 3]}, {}, False),
        ({">=": [field("gone"), 0]}, {}, False),
        ({"<": [field("gone"), 0]}, {"gone": ""}, False),
        ({"==": [field("gone"), None]}, {}, False),
        ({"==": [1, True]}, {}, False),
        ({"<": ["\uffff", "𠮷"]}, {}, True),
        ({"between": [field("day"), "2020-02-01", "2020-02-29"]}, {"day": "2020-02-10"}, True),
        ({"in": [field("kind"), ["fever", "contact"]]}, {"kind": "contact"}, True),
        ({"in": ["cough", field("signs")]}, {"signs": ["ache", "cough"]}, True),
        ({"in": ["cough", field("signs")]}, {}, False),
        ({"not": [field("gone")]}, {}, True),
        ({"and": [True, 1]}, {}, False),
        ({"if": [False, 1, True, 2, 3]}, {}, Decimal(2)),
        ({"if": [False, 1]}, {}, None),
        ({"count": [field("staff")]}, {"staff": [{}, {}]}, Decimal(2)),
        (
            {"count": [field("staff"), {">": [{"row": "temp"}, 37.3]}]},
            {"staff": [{"temp": 37.4}, {"temp": 37.3}]},
            Decimal(1),
        ),
        (
            {"sum": [field("staff"), {"row": "temp"}]},
            {"staff": [{"temp": 1.5}, {}, {"temp": 2}]},
            Decimal("3.5"),
        ),
        ({"all": [field("staff"), {"filled": {"row": "temp"}}]}, {}, False),
        ({"any": [field("staff"), {"empty": {"row": "temp"}}]}, {"staff": [{"temp": 1}, {}]}, True),
        (
            {">=": [field("start_on"), {"add_days": [{"today": []}, 3]}]},
            {"start_on": "2020-02-12"},
            True,
        ),
        (
            {"days_between": [{"today": []}, field("start_on")]},
            {"start_on": "2020-03-01"},
            Decimal(21),
        ),
        ({"add_days": ["2020-02-30", 1]}, {}, None),
        ({"add_days": ["9999-12-31", 1]}, {}, None),
    ],
)
def test_what_operations_mean(tree, values, wanted):
    assert value(tree, **values) == wanted


def test_no_condition_holds_always():
    assert is_true(None, {}, today=TODAY)


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"exec": ["1"]}, "no operation"),
        ({"==": [1, 2], "!=": [1, 2]}, "exactly one key"),
        ({"==": [field("nobody"), 1]}, "no field"),
        ({"==": [field("kind"), "feever"]}, "not an answer"),
        ({"in": [field("kind"), ["fever", "x"]]}, "not an answer"),
        ({">": [field("score"), "80"]}, "different kinds"),
        ({">": [field("urgent"), True]}, "no order"),
        ({"==": [field("signs"), "cough"]}, "list cannot be compared"),
        ({"and": [field("score")]}, "condition is needed"),
        ({"+": [field("kind"), 1]}, "number is needed"),
        ({"add_days": [field("kind"), 1]}, "date is needed"),
        ({">": [field("score"), 10**17]}, "too large"),
        ({">": [field("score"), 0.1234567]}, "six decimals"),
        ({"row": "temp"}, "inside a question about the rows"),
        ({"any": [field("staff"), {">": [{"row": "nose"}, 1]}]}, "no field"),
        ({"any": [field("staff"), {"any": [field("staff"), True]}]}, "inside another"),
        ({"any": [field("kind"), True]}, "needs a table"),
        ({"between": [1, 2]}, "wrong number of parts"),
        ({"var": ["score"]}, "no field"),
    ],
)
def test_what_publication_refuses(tree, words):
    problems = check(tree, FIELDS)
    assert problems and any(words in problem.message for problem in problems)


def test_what_publication_accepts_and_where_it_points():
    tree = {
        "and": [
            {">=": [field("score"), 80]},
            {"any": [field("staff"), {">": [{"row": "temp"}, 37.3]}]},
        ]
    }
    assert check(tree, FIELDS) == []
    assert fields_used(tree) == {"score", "staff"}
    tree["and"].append({"or": [{"==": [field("kind"), 3]}]})
    assert check(tree, FIELDS)[0].path == "and[2].or[0].=="


@pytest.mark.parametrize("depth", [25, 100_000])
def test_deep_trees_are_refused_at_once(depth):
    tree = True
    for _level in range(depth):
        tree = {"not": [tree]}
    started = time.perf_counter()
    assert "levels deep" in check(tree, FIELDS)[0].message
    with pytest.raises(RuleError):
        value(tree)
    assert time.perf_counter() - started < 0.05
    while isinstance(
        tree, dict
    ):  # taken apart by hand: freeing 100,000 levels at once would recurse
        tree = tree["not"][0]


def test_wide_and_costly_trees_are_refused():
    wide = {"and": [{"==": [field("score"), number]} for number in range(200)]}
    assert "parts" in check(wide, FIELDS)[0].message
    costly = {"any": [field("staff"), {"or": [{"==": [{"row": "temp"}, n]} for n in range(99)]}]}
    assert "each row" in check(costly, FIELDS)[0].message
    with pytest.raises(RuleError):
        value({"any": [field("staff"), costly["any"][1]]}, staff=[{"temp": -1}] * 1000)


def test_a_checked_tree_never_runs_out_of_budget():
    tree = {"count": [field("staff"), {"or": [{"==": [{"row": "temp"}, n]} for n in range(49)]}]}
    assert check(tree, FIELDS) == []
    assert value(tree, staff=[{"temp": -1}] * 200) == 0


def test_rules_read_as_sentences_in_both_languages():
    tree = {
        "and": [
            {"<": [field("score"), 80]},
            {
                "or": [
                    {"==": [field("kind"), "fever"]},
                    {"any": [field("staff"), {">": [{"row": "temp"}, 37.3]}]},
                ]
            },
        ]
    }
    options = {"kind": {"fever": {"zh": "发热", "en": "Fever"}}}
    assert sentence(tree, LABELS, "zh", options=options) == (
        "「自查得分」小于 80，并且（「类别」是「发热」，或者「员工」中有一行「体温」大于 37.3）"
    )
    assert sentence(tree, LABELS, "en", options=options) == (
        "“Score” is less than 80 and (“Kind” is “Fever” or “Staff” has a row where "
        "“temperature” is more than 37.3)"
    )


def test_an_explanation_shows_every_step_with_its_value():
    tree = {">": [{"+": [{"*": [field("score"), 20]}, 5]}, 100]}
    steps = explain(tree, {"score": 4.5}, today=TODAY, labels=LABELS, language="en")
    assert [(step.words, step.shown) for step in steps] == [
        ("“Score” × 20", "90"),
        ("“Score” × 20 + 5", "95"),
        ("“Score” × 20 + 5 is more than 100", "no"),
    ]
    assert steps[-1].value is False and steps[0].value == 90


def test_an_explanation_names_what_each_step_was_made_of():
    tree = {
        "or": [
            {"any": [field("staff"), {">": [{"row": "temp"}, 37.3]}]},
            {"<": [{"+": [field("score"), 1]}, 60]},
        ]
    }
    values = {"score": 70, "staff": [{"temp": 36.5}, {}]}
    steps = explain(tree, values, today=TODAY, labels=LABELS, language="zh")
    assert explain_lines(steps, "zh") == [
        "第 1 行：「体温」大于 37.3：否（「体温」 = 36.5）",
        "第 2 行：「体温」大于 37.3：否（「体温」 = 空）",
        "「员工」中有一行「体温」大于 37.3：否（「员工」 = 2 行）",
        "「自查得分」 + 1：71（「自查得分」 = 70）",
        "「自查得分」 + 1小于 60：否",
        "「员工」中有一行「体温」大于 37.3，或者「自查得分」 + 1小于 60：否",
    ]
    english = explain(tree, values, today=TODAY, labels=LABELS, language="en")
    assert (
        explain_lines(english, "en")[0]
        == "Row 1: “temperature” is more than 37.3: no (“temperature” = 36.5)"
    )
    assert steps[0].as_data() == {
        "path": "or[0].any[1]",
        "row": 1,
        "words": "「体温」大于 37.3",
        "given": [["「体温」", "36.5"]],
        "value": False,
        "shown": "否",
    }
    json.dumps([step.as_data() for step in steps])


def test_an_explanation_of_a_bare_value_and_of_a_long_table():
    (only,) = explain(field("score"), {"score": 3}, today=TODAY, labels=LABELS, language="en")
    assert (only.words, only.shown) == ("“Score”", "3")
    long = {"count": [field("staff"), {">": [{"+": [{"row": "temp"}, 1]}, 37.3]}]}
    values = {"staff": [{"temp": 37}] * 200}
    steps = explain(long, values, today=TODAY, labels=LABELS, language="en")
    assert len(steps) == 301 and steps[-1].value == 200


def test_words_say_what_is_text_and_what_is_a_choice():
    tree = {"==": [{"sex": [field("kind")]}, "female"]}
    assert sentence(tree, LABELS, "zh") == "「类别」的性别是「女」"
    tree = {"starts_with": [field("kind"), "ab"]}
    assert sentence(tree, LABELS, "en") == "“Kind” starts with ‘ab’"
    tree = {"round": [{"/": [field("score"), 3]}]}
    assert sentence(tree, LABELS, "en") == "(“Score” ÷ 3) rounded"


def test_every_operator_has_words():
    for op, known in OPERATORS.items():
        for size in range(known.least, min(known.most, 3) + 1):
            tree = {op: [field("score")] * size}
            for language in ("zh", "en"):
                said = sentence(tree, LABELS, language)
                assert "…" not in said and "{" not in said, tree
                assert ("Score" in said) == (language == "en" and size > 0), tree


def test_the_demo_of_the_capability_tells_the_truth():
    demo = json.loads(Path("platform_core/capabilities/rules/demo.json").read_text())
    labels, tables = demo["labels"], demo["reference"]["lookups"]
    cells = {"staff": {"temp": labels["temp"]}}
    here = Reference(
        Calendar.of(demo["reference"]["calendar"]),
        lambda source, key, column: tables.get(source, {}).get(key, {}).get(column),
    )
    families = set()
    for case in demo["cases"]:
        tree = case["rule"]
        found = evaluate(tree, case["values"], today=TODAY, reference=here)
        wanted = case["result"]
        assert found == (Decimal(str(wanted)) if isinstance(wanted, float) else wanted)
        for language in ("zh", "en"):
            assert sentence(tree, labels, language) == case[language]
            formula = case["formula"][language]
            assert write(tree, labels, language, cells=cells) == formula
            assert parse(formula, labels, cells=cells) == tree
        families |= {OPERATORS[op].family for op in OPERATORS if f'"{op}": ' in json.dumps(tree)}
    assert families == {known.family for known in OPERATORS.values()}
