"""Tables in words, Chinese and English: cells, rows, examples, and why a result came out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from platform_core.capabilities import rules
from platform_core.capabilities.rules import Reference, shown_number
from platform_core.capabilities.rules.engine import NOTHING
from platform_core.capabilities.rules.values import from_raw

from .axes import test_of
from .definition import Column, Decision, Row
from .engine import Result, evaluate
from .literals import compared
from .trees import row_tree

WORDS = {
    "when": {"zh": "当{0}时，{1}", "en": "When {0}: {1}"},
    "always": {"zh": "任何情况下，{0}", "en": "Always: {0}"},
    "is": {"zh": "「{0}」为 {1}", "en": "“{0}” is {1}"},
    "list": {"zh": "、", "en": ", "},
    "clauses": {"zh": "，", "en": ", "},
    "pair": {"zh": "{0}：{1}", "en": "{0}: {1}"},
    "pairs": {"zh": "；", "en": "; "},
    "any": {"zh": "任意", "en": "anything"},
    "nothing": {"zh": "未填写", "en": "nothing"},
    "empty": {"zh": "未填写", "en": "empty"},
    "filled": {"zh": "已填写", "en": "filled in"},
    "not": {"zh": "除{0}以外", "en": "not {0}"},
    "yes": {"zh": "是", "en": "yes"},
    "no": {"zh": "否", "en": "no"},
    "other": {"zh": "其他文字", "en": "another text"},
}
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
ANOTHER = re.compile("…[0-9]+")


def language_now() -> str:
    """The reader's language as tables know it."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


def _word(name: str, language: str, *parts: str) -> str:
    return WORDS[name][language].format(*parts)


def shown_value(column: Column, raw, language: str) -> str:
    """A value of a column as people read it: the label of an answer, a plain number."""
    if isinstance(raw, tuple | list):
        said = [shown_value(column, one, language) for one in raw]
        return _word("list", language).join(said) or _word("nothing", language)
    value = from_raw(raw)
    if value is None:
        return _word("nothing", language)
    if isinstance(value, bool):
        return _word("yes" if value else "no", language)
    if isinstance(value, int):
        return shown_number(value)
    for option in column.options:
        if option.value == value:
            return getattr(option.label, language)
    if column.type == "text" and ANOTHER.fullmatch(str(value)):
        return _word("other", language)
    return str(value)


def cell_words(column: Column, cell, language: str) -> str:
    """A cell as the grid shows it: "≥ 300", "10 < … ≤ 20", "Small, Large", "–" for anything."""
    if cell is None:
        return "–"
    if cell.is_ in ("empty", "filled"):
        return _word(cell.is_, language)
    said = [shown_value(column, raw, language) for raw in cell.named()]
    if cell.is_ == "compare":
        return f"{SIGNS[cell.op]} {said[0]}"
    if cell.is_ == "between":
        return (
            f"{said[0]} {'<' if cell.from_open else '≤'} … {'<' if cell.to_open else '≤'} {said[1]}"
        )
    joined = _word("list", language).join(said)
    return _word("not", language, joined) if cell.is_ == "not_one_of" else joined


def sentence(decision: Decision, row: Row, language: str) -> str:
    """A row as a sentence: "When “Staff” is at least 300: “Level” is High". A draft's row may lack
    results; the sentence then says those it has.
    """
    labels = {column.key: column.label for column in decision.inputs}
    options = {
        column.key: {option.value: option.label for option in column.options}
        for column in decision.inputs
    }
    said = [
        _word(
            "is",
            language,
            getattr(column.label, language),
            shown_value(column, row.results[column.key], language),
        )
        for column in decision.outputs
        if column.key in row.results
    ]
    results = _word("clauses", language).join(said)
    if not row.cells:
        return _word("always", language, results)
    holds = rules.sentence(row_tree(decision, row), labels, language, options=options)
    return _word("when", language, holds, results)


def shown_inputs(decision: Decision, inputs: dict, *, free: tuple = ()) -> str:
    """An example in the reader's language: "Staff: 299; Industry: anything"."""
    language = language_now()
    said = []
    for column in decision.inputs:
        value = inputs.get(column.key)
        text = shown_value(column, value, language)
        text = _word("any", language) if column.key in free else text
        said.append(_word("pair", language, getattr(column.label, language), text))
    return _word("pairs", language).join(said)


def shown_outputs(decision: Decision, outputs: dict | None) -> str:
    """What a table says, or nothing, in the reader's language."""
    language = language_now()
    if outputs is None:
        return _("nothing: no row fires")
    said = []
    for key, value in outputs.items():
        column = decision.output(key)
        label = getattr(column.label, language) if column else key
        text = shown_value(column, value, language) if column else str(value)
        said.append(_word("pair", language, label, text))
    return _word("pairs", language).join(said)


def why_silent(decision: Decision, result: Result) -> str:
    """Why a table says nothing, for people."""
    if result.problem == "unfit":
        column = next(one for one in decision.inputs if one.key == result.place)
        words = _("“%(input)s” has a value that this table does not decide about.")
        return words % {"input": getattr(column.label, language_now())}
    return {
        "nothing": _("nothing: no row fires"),
        "several": _("nothing: rows that exclude one another fire together"),
        "too_large": _("nothing: the sum is too large"),
    }.get(result.problem, "")


@dataclass(frozen=True)
class RowReason:
    """Whether a row fired, and if not, the inputs whose cell failed: (label, value, cell)."""

    row: int
    fired: bool
    failed: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Explanation:
    result: Result
    values: dict
    rows: tuple[RowReason, ...]


def explain(
    decision: Decision,
    values: dict,
    *,
    today: date,
    language: str,
    reference: Reference = NOTHING,
) -> Explanation:
    """The result with the reason of every row. A row that held but did not count (a later one of a
    table where the first counts) has no failed cell.

    `values` of the explanation are those of the inputs, computed ones too.
    """
    result = evaluate(decision, values, today=today, reference=reference)
    asked = {
        column.key: values.get(column.key)
        if column.expression is None
        else rules.evaluate(column.expression, values, today=today, reference=reference)
        for column in decision.inputs
    }
    reasons = []
    for number, row in enumerate(decision.rows, start=1):
        failed = []
        for column in decision.inputs:
            cell = row.cells.get(column.key)
            value = compared(asked[column.key], column.type)
            if not test_of(cell, column.type)(value):
                shown = shown_value(column, asked[column.key], language)
                label = getattr(column.label, language)
                failed.append((label, shown, cell_words(column, cell, language)))
        reasons.append(RowReason(number, number in result.rows, tuple(failed)))
    return Explanation(result, asked, tuple(reasons))


def as_data(value):
    """An output as JSON: numbers as both rule evaluators read them."""
    if isinstance(value, tuple):
        return [as_data(one) for one in value]
    return rules.as_rule_number(value) if isinstance(value, Decimal) else value
