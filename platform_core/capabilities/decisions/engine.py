"""Asking a table: a pure function of the answers. One table answers once or a hundred thousand
times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from platform_core.capabilities import rules
from platform_core.capabilities.rules import Reference
from platform_core.capabilities.rules.engine import NOTHING
from platform_core.capabilities.rules.values import bounded

from .axes import Unfit, axis_of
from .definition import Decision
from .literals import compared, shown

KEPT = 4_096


@dataclass(frozen=True)
class Result:
    """What a table says. `outputs` has every output (numbers as Decimal, None: nothing is said),
    `rows` are the rows that fired, counted from 1.

    `problem` is None, or why nothing is said: nothing (no row fired), several (rows that should
    exclude one another fired), unfit (the input named by `place` takes no such value), too_large
    (the sum is no number any more).
    """

    outputs: dict
    rows: tuple[int, ...] = ()
    problem: str | None = None
    place: str = ""


class Table:
    """A decision made ready: every input cut into pieces, every set of rows answered once."""

    def __init__(self, decision: Decision):
        self.decision = decision
        self.axes = [
            axis_of(column, [row.cells.get(column.key) for row in decision.rows])
            for column in decision.inputs
        ]
        self.all_rows = (1 << len(decision.rows)) - 1
        self.columns = [
            (column.key, column.expression, axis.place, axis.rows)
            for column, axis in zip(decision.inputs, self.axes, strict=True)
        ]
        self.known: dict[int, Result] = {}

    def ask(self, values: dict, today: date, reference: Reference) -> Result:
        """What the table says of the answers."""
        mask = self.all_rows
        for key, expression, place, rows in self.columns:
            if expression is None:
                raw = values.get(key)
            else:
                raw = rules.evaluate(expression, values, today=today, reference=reference)
            try:
                mask &= rows[place(raw)]
            except Unfit:
                return Result(self._silent(), problem="unfit", place=key)
        found = self.known.get(mask)
        if found is None:
            found = self._answer(mask)
            if len(self.known) < KEPT:
                self.known[mask] = found
        # The outputs are copied: whoever was answered may write into what they were given.
        return Result(dict(found.outputs), found.rows, found.problem)

    def _silent(self) -> dict:
        return dict.fromkeys(column.key for column in self.decision.outputs)

    def _answer(self, mask: int) -> Result:
        decision = self.decision
        fired = [number for number in range(len(decision.rows)) if mask >> number & 1]
        rows = tuple(number + 1 for number in fired)
        if not fired:
            if decision.default is None:
                return Result(self._silent(), rows, "nothing")
            return Result(self._said(decision.default), rows)
        if decision.hit == "unique" and len(fired) > 1:
            return Result(self._silent(), rows, "several")
        if decision.hit != "collect":
            return Result(self._said(decision.rows[fired[0]].results), rows[:1])
        return self._collected([decision.rows[number].results for number in fired], rows)

    def _said(self, results: dict) -> dict:
        return {
            column.key: shown(compared(results.get(column.key), column.type), column.type)
            for column in self.decision.outputs
        }

    def _collected(self, results: list[dict], rows: tuple) -> Result:
        how = self.decision.aggregate
        if how == "list":
            said = [self._said(one) for one in results]
            keys = self._silent()
            return Result({key: tuple(one[key] for one in said) for key in keys}, rows)
        column = self.decision.outputs[0]
        found = [compared(one.get(column.key), column.type) for one in results]
        total = bounded(sum(found)) if how == "sum" else (min if how == "min" else max)(found)
        if total is None:
            return Result(self._silent(), rows, "too_large")
        return Result({column.key: shown(total, column.type)}, rows)


def evaluate(
    decision: Decision, values: dict, *, today: date, reference: Reference = NOTHING
) -> Result:
    """What `decision` says of the answers `values` (field key → value) on the day `today`.

    Numbers are compared exactly; an empty answer satisfies no comparison, as in rules.
    """
    return decision.table.ask(values, today, reference)


def evaluate_many(
    decision: Decision, many: Iterable[dict], *, today: date, reference: Reference = NOTHING
) -> Iterator[Result]:
    """The same for many sets of answers, in their order, one after the other."""
    ask = decision.table.ask
    return (ask(values, today, reference) for values in many)


def fields_asked(decision: Decision) -> set[str]:
    """The field keys that the table needs: those of its inputs, and those that expressions ask."""
    expressions = [column.expression for column in decision.inputs if column.expression]
    plain = {column.key for column in decision.inputs if not column.expression}
    return reduce(or_, map(rules.fields_used, expressions), plain)
