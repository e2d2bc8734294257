"""A table as a rule tree, wherever the rule language can say it within its budgets."""

from __future__ import annotations

from platform_core.capabilities.rules import Known
from platform_core.capabilities.rules import check as check_rule

from .definition import Decision, Input, Row

PAIRS = 24  # an "if" takes at most fifty parts


def cell_tree(column: Input, cell) -> object:
    """The condition that a cell puts on its input."""
    asked = {"var": column.key} if column.expression is None else column.expression
    if cell.is_ in ("empty", "filled"):
        return {cell.is_: [asked]}
    if cell.is_ == "compare":
        return {cell.op: [asked, cell.value]}
    if cell.is_ == "equal":
        return {"==": [asked, cell.value]}
    if cell.is_ == "one_of":
        return {"in": [asked, cell.values]}
    if cell.is_ == "not_one_of":
        if len(cell.values) == 1:
            return {"!=": [asked, cell.values[0]]}
        return {"and": [{"filled": [asked]}, {"not": [{"in": [asked, cell.values]}]}]}
    if not cell.from_open and not cell.to_open:
        return {"between": [asked, cell.from_, cell.to]}
    low = {">" if cell.from_open else ">=": [asked, cell.from_]}
    return {"and": [low, {"<" if cell.to_open else "<=": [asked, cell.to]}]}


def row_tree(decision: Decision, row: Row) -> object:
    """The condition under which a row fires; True for a row without cells."""
    parts = [
        cell_tree(column, row.cells[column.key])
        for column in decision.inputs
        if column.key in row.cells
    ]
    if not parts:
        return True
    return parts[0] if len(parts) == 1 else {"and": parts}


def as_rule_tree(decision: Decision, output: str) -> object | None:
    """A tree with the value of `output`, for answers that the inputs take; None when there is none.

    There is none for lists, and for a table that goes beyond the budget of a rule.
    """
    if decision.hit == "collect":
        tree = _collecting(decision, output)
    else:
        pairs = [(row_tree(decision, row), row.results[output]) for row in decision.rows]
        tree = _first(pairs, (decision.default or {}).get(output))
    if tree is None:
        return None
    known = {key: Known() for key in _fields(decision)}
    return None if check_rule(tree, known) else tree


def _fields(decision: Decision) -> set[str]:
    from .engine import fields_asked

    return fields_asked(decision)


def _first(pairs: list, otherwise) -> object:
    chunk, rest = pairs[:PAIRS], pairs[PAIRS:]
    last = _first(rest, otherwise) if rest else otherwise
    return {"if": [part for pair in chunk for part in pair] + [last]}


def _collecting(decision: Decision, output: str) -> object | None:
    if decision.aggregate == "list" or len(decision.rows) > PAIRS:
        return None
    conditions = [row_tree(decision, row) for row in decision.rows]
    results = [row.results[output] for row in decision.rows]
    otherwise = (decision.default or {}).get(output)
    if decision.aggregate == "sum":
        pairs = zip(conditions, results, strict=True)
        value: object = {"+": [{"if": [holds, result, 0]} for holds, result in pairs]}
        return {"if": [{"or": conditions}, value, otherwise]}
    # The largest (smallest) result comes first, so the first row that fires gives it.
    order = sorted(
        zip(results, conditions, strict=True),
        key=lambda pair: _sortable(decision, output, pair[0]),
        reverse=decision.aggregate == "max",
    )
    return _first([(holds, result) for result, holds in order], otherwise)


def _sortable(decision: Decision, output: str, raw):
    from .literals import compared

    return compared(raw, decision.output(output).type)
