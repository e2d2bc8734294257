"""Formulas: what they mean, what they refuse and where, and that nothing is lost both ways."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.capabilities.rules import OPERATORS, FormulaError, evaluate, parse, write
from platform_core.capabilities.rules.notation.words import FUNCTIONS, INFIX_WORDS, LITERALS, NOT

LABELS = {
    "accidents": {"zh": "事故数", "en": "Accidents"},
    "complaints": {"zh": "投诉数", "en": "Complaints"},
    "number": {"zh": "身份证号", "en": "ID number"},
    "staff": {"zh": "员工", "en": "Staff"},
    "odd": {"zh": "某[项]", "en": "@odd"},
    "temp": {"zh": "体温", "en": "Temperature"},
    "same_1": {"zh": "地址", "en": "Address"},
    "same_2": {"zh": "地址", "en": "Second address"},
}
CELLS = {"staff": {"temp": {"zh": "体温", "en": "Temperature"}, "name": "姓名"}}


def tree(text):
    return parse(text, LABELS, cells=CELLS)


def var(key):
    return {"var": key}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "[事故数]*20+[投诉数]*5",
            {"+": [{"*": [var("accidents"), 20]}, {"*": [var("complaints"), 5]}]},
        ),
        ("［Accidents］ × 20", {"*": [var("accidents"), 20]}),
        ("1 + 2 + 3", {"+": [1, 2, 3]}),
        ("(1 + 2) + 3", {"+": [{"+": [1, 2]}, 3]}),
        ("1 - 2 - 3", {"-": [{"-": [1, 2]}, 3]}),
        ("1 - 2 + 3", {"+": [{"-": [1, 2]}, 3]}),
        ("2 * (3 + 4) / 5", {"/": [{"*": [2, {"+": [3, 4]}]}, 5]}),
        ("-5", -5),
        ("-(5)", {"-": [5]}),
        ("1--[事故数]", {"-": [1, {"-": [var("accidents")]}]}),
        ("12.5%", 0.125),
        (
            "[事故数]>=3且非[投诉数]=0或为空([身份证号])",
            {
                "or": [
                    {
                        "and": [
                            {">=": [var("accidents"), 3]},
                            {"not": [{"==": [var("complaints"), 0]}]},
                        ]
                    },
                    {"empty": [var("number")]},
                ]
            },
        ),
        ("1<2 and 2<3 and 3<4", {"and": [{"<": [n, n + 1]} for n in (1, 2, 3)]}),
        ("AND(1=1, 2≠2)", {"and": [{"==": [1, 1]}, {"!=": [2, 2]}]}),
        ("年龄([身份证号])>=18", {">=": [{"age": [var("number")]}, 18]}),
        ("如果（[事故数]＞0，“有”，“无”）", {"if": [{">": [var("accidents"), 0]}, "有", "无"]}),
        (
            "合计([员工], [体温]) / 计数([员工])",
            {"/": [{"sum": [var("staff"), {"row": "temp"}]}, {"count": [var("staff")]}]},
        ),
        (
            'any([Staff], [Temperature] > [^Temperature] and [.姓名] <> "")',
            {
                "any": [
                    var("staff"),
                    {"and": [{">": [{"row": "temp"}, var("temp")]}, {"!=": [{"row": "name"}, ""]}]},
                ]
            },
        ),
        ("[体温]", var("temp")),
        ('"say ""hi"""', 'say "hi"'),
        ('[身份证号] in {"a", 1, true, nothing}', {"in": [var("number"), ["a", 1, True, None]]}),
        (
            "天数(今天, 加工作日(今天(), 5))",
            {"days_between": [{"today": []}, {"add_working_days": [{"today": []}, 5]}]},
        ),
        ('lookup("regions", [@number], "name")', {"lookup": ["regions", var("number"), "name"]}),
        ("[@same_2]", var("same_2")),
        ("[Second address]", var("same_2")),
    ],
)
def test_what_formulas_mean(text, wanted):
    assert json.dumps(tree(text)) == json.dumps(wanted)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "ends too early"),
        ("1 +", 3, "ends too early"),
        ("(1 + 2", 6, "“)” is missing"),
        ("1 2", 2, "cannot stand here"),
        ("1 + )", 4, "cannot stand here"),
        ("[无此项] + 1", 0, "no field “无此项”"),
        ("1 + [地址]", 4, "same_1, same_2"),
        ("1 + [事故数", 4, "never closed"),
        ('1 + "abc', 4, "never closed"),
        ("1 < 2 < 3", 6, "do not follow"),
        ("foo(1)", 0, "no function “foo”"),
        ("1 + ; 2", 4, "means nothing"),
        ("1 + 0.1234567", 4, "six decimals"),
        ("1 + 99999999999999999999", 4, "too large"),
        ("1.", 1, "after the point"),
        ("年龄", 0, "is a function"),
        ("abs(1, 2)", 0, "wrong number"),
        ("任一([员工], 任一([员工], 是))", 9, "inside another"),
        ("[.姓名]", 0, "only where rows"),
        ("eval([事故数])", 0, "no function"),
        ("[事故数].real", 5, "means nothing"),
        ("1 ** 2", 3, "cannot stand"),
        ("аnd(1)", 0, "no function"),
    ],
)
def test_errors_point_to_their_place(text, position, words):
    with translation.override("en"), pytest.raises(FormulaError) as caught:
        tree(text)
    assert caught.value.position == position
    assert words in caught.value.message
    assert str(caught.value).startswith(f"Character {position + 1}: ")


def test_errors_are_in_the_readers_language():
    with translation.override("zh-hans"), pytest.raises(FormulaError) as caught:
        tree("1 + [无此项]")
    assert str(caught.value) == "第 5 个字符：没有名为“无此项”的字段。"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000_000 + "1" + ")" * 1_000_000,
        "(" * 900 + "1" + ")" * 900,
        "-" * 1_500 + "1",
        "not " * 400 + "true",
        "非" * 1_900 + "是",
        "abs(" * 400 + "1" + ")" * 400,
        "{" * 900 + "}" * 900,
        "1-" * 900 + "1",
        "1-1+" * 400 + "1",
        "1+" * 999 + "1",
        "[" * 2_000,
        '"' * 1_999,
        "x" * 2_001,
    ],
    ids=lambda text: text[:6] + str(len(text)),
)
def test_hostile_formulas_are_refused_without_recursion(text):
    with pytest.raises(FormulaError):
        tree(text)


def test_a_formula_is_written_in_both_languages():
    rule = tree('如果([事故数]*20+[投诉数]*5>=60 且 非 [身份证号] in {"a"}, 1, 0.5)')
    assert write(rule, LABELS, "zh", cells=CELLS) == (
        '如果([事故数] * 20 + [投诉数] * 5 >= 60 且 非 [身份证号] 属于 {"a"}, 1, 0.5)'
    )
    assert write(rule, LABELS, "en", cells=CELLS) == (
        'if([Accidents] * 20 + [Complaints] * 5 >= 60 and not [ID number] in {"a"}, 1, 0.5)'
    )


@pytest.mark.parametrize(
    "rule",
    [var("gone"), {"exec": [1]}, {"abs": []}, 1e300, float("nan"), {"row": "temp"}, 0.1234567],
)
def test_what_no_formula_can_say_is_refused(rule):
    with pytest.raises(FormulaError):
        write(rule, LABELS)


def test_every_operation_has_names_of_its_own_in_both_languages():
    compared = {"==", "!=", "<", "<=", ">", ">=", "in", "not"}
    assert set(FUNCTIONS) == set(OPERATORS) - compared
    said = [*FUNCTIONS.values(), INFIX_WORDS["in"], NOT, *LITERALS.values()]
    words = [word for one in said for names in one.values() for word in names]
    assert len(words) == len(set(words))


PIECES = ["[事故数]", "[@temp]", "1", "2.5", '"x"', "+", "-", "*", "/", "=", "<", "且", "or", "not"]
PIECES += [
    "(",
    ")",
    "{",
    "}",
    ",",
    "abs(",
    "合计([员工],",
    "[体温]",
    "如果(",
    "是",
    " ",
    "%",
    "今天",
]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.decimals(-(10**6), 10**6, places=3).map(
        lambda number: int(number) if number == int(number) else float(number)
    ),
    st.text(max_size=5),
    st.sampled_from(['"', "2020-02-09", "[", "且"]),
)
fields = st.sampled_from(sorted(LABELS)).map(var)
columns = st.sampled_from(sorted(CELLS["staff"])).map(lambda key: {"row": key})


def grow(over_rows):
    def grown(children):
        names = sorted(op for op in OPERATORS if OPERATORS[op].family != "rows")

        def operation(op):
            known = OPERATORS[op]
            sizes = {"min_size": known.least, "max_size": min(known.most, 4)}
            return st.lists(children, **sizes).map(lambda args: {op: args})

        ways = [st.sampled_from(names).flatmap(operation), st.lists(children, max_size=3)]
        if over_rows is not None:
            ops = sorted(op for op in OPERATORS if OPERATORS[op].family == "rows")
            ways.append(
                st.tuples(st.sampled_from(ops), over_rows).map(
                    lambda pair: {pair[0]: [var("staff"), pair[1]]}
                )
            )
        return st.one_of(ways)

    return grown


inside = st.recursive(st.one_of(scalars, fields, columns), grow(None), max_leaves=6)
trees = st.recursive(st.one_of(scalars, fields), grow(inside), max_leaves=10)


@settings(max_examples=400, deadline=None, database=None)
@given(trees, st.sampled_from(["zh", "en"]))
def test_a_tree_written_and_read_is_the_same_tree(rule, language):
    try:
        text = write(rule, LABELS, language, cells=CELLS)
    except FormulaError as problem:
        assert "too large" in problem.message
        return
    again = parse(text, LABELS, cells=CELLS)
    assert json.dumps(again) == json.dumps(rule), text
    assert write(again, LABELS, language, cells=CELLS) == text


@settings(max_examples=400, deadline=None, database=None)
@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=14,
    ).map("".join)
)
def test_whatever_is_typed_is_read_stably_or_refused_with_a_place(text):
    try:
        rule = tree(text)
    except FormulaError as problem:
        assert 0 <= problem.position <= len(text)
        return
    written = write(rule, LABELS, "en", cells=CELLS)
    assert json.dumps(tree(written)) == json.dumps(rule)


def test_a_formula_of_points_counts_right():
    rule = tree("[事故数]*20+[投诉数]*5")
    values = {"accidents": 2, "complaints": 3}
    assert evaluate(rule, values, today=date(2020, 2, 9)) == Decimal(55)
