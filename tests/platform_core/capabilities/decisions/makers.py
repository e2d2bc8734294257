"""Tables for tests: one written out, and random ones."""

from datetime import date

from hypothesis import strategies as st

from platform_core.capabilities.decisions import Decision
from platform_core.capabilities.decisions.definition import ORDERED
from platform_core.capabilities.decisions.literals import shown

TODAY = date(2026, 3, 2)


def text(zh: str, en: str | None = None) -> dict:
    return {"zh": zh, "en": en or zh}


def risk(**changes) -> dict:
    """Staff and industry give a level: a table as a manifest holds it."""
    return {
        "key": "risk",
        "title": text("风险等级", "Risk level"),
        "inputs": [
            {"key": "staff", "label": text("人数", "Staff"), "type": "number", "decimals": 0,
             "min": 1, "required": True},
            {"key": "industry", "label": text("行业", "Industry"), "type": "choice",
             "required": True, "options": [
                 {"value": "shop", "label": text("商贸", "Trade")},
                 {"value": "plant", "label": text("制造", "Industry")}]},
        ],
        "outputs": [
            {"key": "level", "label": text("等级", "Level"), "type": "choice", "options": [
                {"value": "low", "label": text("低", "Low")},
                {"value": "high", "label": text("高", "High")}]},
        ],
        "hit": "unique",
        "rows": [
            {"cells": {"staff": {"is": "compare", "op": "<", "value": 300}},
             "results": {"level": "low"}, "note": text("三百人以下", "Below 300")},
            {"cells": {"staff": {"is": "compare", "op": ">=", "value": 300},
                       "industry": {"is": "equal", "value": "shop"}}, "results": {"level": "low"}},
            {"cells": {"staff": {"is": "compare", "op": ">=", "value": 300},
                       "industry": {"is": "one_of", "values": ["plant"]}},
             "results": {"level": "high"}},
        ],
        "tests": [
            {"inputs": {"staff": 299, "industry": "plant"}, "expect": {"level": "low"}},
            {"inputs": {"staff": 300, "industry": "plant"}, "expect": {"level": "high"}},
        ],
        **changes,
    }  # fmt: skip


def table(**changes) -> Decision:
    return Decision.model_validate(risk(**changes))


NUMBERS = st.sampled_from([-2, 0, 0.5, 1, 2.25, 3, 7])
DAYS = st.sampled_from(["2019-12-31", "2020-02-28", "2020-02-29", "2020-03-01", "2024-01-01"])
WORDS = st.sampled_from(["a", "b", "c", "丁", 'quo"te\\ and, comma', "-", "null"])
VALUES = {
    "number": NUMBERS,
    "money": NUMBERS,
    "date": DAYS,
    "text": WORDS,
    "choice": st.sampled_from(["a", "b", "c"]),
    "yes_no": st.booleans(),
}
OPTIONS = [{"value": value, "label": text(f"选项{value}", f"option {value}")} for value in "abc"]


@st.composite
def cells(draw, column: dict):
    kind, values = column["type"], VALUES[column["type"]]
    kinds = ["equal", "one_of", "not_one_of", "filled", "any"]
    kinds += [] if column.get("required") else ["empty"]
    kinds += ["compare", "between"] * 3 if kind in ORDERED else []
    what = draw(st.sampled_from(kinds))
    if what == "any":
        return None
    if what in ("empty", "filled"):
        return {"is": what}
    if what == "equal":
        return {"is": what, "value": draw(values)}
    if what == "compare":
        op = draw(st.sampled_from(["<", "<=", ">", ">="]))
        return {"is": what, "op": op, "value": draw(values)}
    if what == "between":
        ends = sorted([draw(values), draw(values)])
        opened = draw(st.booleans()), draw(st.booleans())
        if ends[0] == ends[1]:
            opened = False, False
        return {"is": what, "from": ends[0], "to": ends[1], "from_open": opened[0],
                "to_open": opened[1]}  # fmt: skip
    return {"is": what, "values": draw(st.lists(values, min_size=1, max_size=3))}


@st.composite
def columns(draw, prefix: str, kinds=tuple(VALUES), asked: bool = True):
    found = []
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(kinds))
        column = {"key": f"{prefix}{number}", "type": kind, "label": text(f"列{number}", "<b>&")}
        if kind == "choice":
            column["options"] = OPTIONS
        if asked:
            column["required"] = draw(st.booleans())
            if kind in ("number", "money"):
                column["decimals"] = draw(st.sampled_from([2, 6]))
        found.append(column)
    return found


@st.composite
def decisions(draw, hits=("unique", "first", "collect")):
    """Any table that is well-formed; it may have gaps and overlaps."""
    hit = draw(st.sampled_from(hits))
    aggregate = draw(st.sampled_from(["sum", "min", "max", "list"])) if hit == "collect" else None
    inputs = draw(columns("in"))
    if aggregate in ("sum", "min", "max"):
        outputs = draw(columns("out", ("number", "money"), asked=False))[:1]
    else:
        outputs = draw(columns("out", asked=False))
    results = st.fixed_dictionaries({one["key"]: VALUES[one["type"]] for one in outputs})
    rows = []
    for number in range(draw(st.integers(1, 5))):
        drawn = {column["key"]: draw(cells(column)) for column in inputs}
        row = {"cells": {k: v for k, v in drawn.items() if v}, "results": draw(results)}
        if draw(st.booleans()):
            row["note"] = text(f"第{number}行", f"row <{number}>")
        rows.append(row)
    return Decision.model_validate({
        "key": "t", "title": text("表", "table & more"), "inputs": inputs, "outputs": outputs,
        "hit": hit, "aggregate": aggregate, "rows": rows,
        "default": draw(st.none() | results),
    })  # fmt: skip


def answers(decision: Decision):
    """Answers that the inputs take: named values, their neighbours, others, nothing."""
    drawn = {}
    for column in decision.inputs:
        kind = column.type
        values = VALUES[kind]
        if kind in ("number", "money"):
            values = st.sampled_from([-3, -2, -1, 0, 0.25, 0.5, 0.75, 1, 2, 2.25, 2.5, 3, 7, 8])
        elif kind == "date":
            values = st.integers(737_000, 739_000).map(lambda n: shown(n, "date")) | DAYS
        elif kind == "text":
            values = WORDS | st.sampled_from(["other", "…1"])
        drawn[column.key] = values if column.required else st.none() | values
    return st.fixed_dictionaries(drawn)
