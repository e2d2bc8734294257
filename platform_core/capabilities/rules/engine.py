"""The evaluator: a pure function of tree, values, day and reference. Budgets end a runaway rule."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .arithmetic import ARITHMETIC, largest, smallest
from .days import DAYS, Calendar
from .limits import MAX_DEPTH, MAX_LOOKUPS, MAX_STEPS, SCALE
from .operators import OPERATORS, OVER_ROWS
from .texts import TEXTS
from .values import Value, bounded, divide, from_raw, to_raw


class RuleError(Exception):
    """The tree is not a rule, or spends more than its budget. A checked tree never raises it."""


@dataclass(frozen=True)
class Reference:
    """What a rule may ask beyond the answers: the calendar of working days, and
    `find(source, key, column)` for a value in a data set (None: there is none).
    """

    calendar: Calendar | None = None
    find: Callable[[str, str, str], object] | None = None


NOTHING = Reference()


class Run:
    """One evaluation: what it knows and what it has spent."""

    def __init__(self, values: dict, today: date, reference: Reference = NOTHING, trace=None):
        self.values = values
        self.today = today
        self.reference = reference
        self.trace = trace
        self.row: dict | None = None
        self.row_number = 0
        self.steps = 0
        self.lookups = 0

    def value(self, node, depth: int = 0, path: str = "") -> Value:
        """The value of `node`."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise RuleError("the rule takes too many steps")
        if depth > MAX_DEPTH:
            raise RuleError("the rule nests too deeply")
        if not isinstance(node, dict):
            if isinstance(node, list):
                items = enumerate(node)
                return [self.value(item, depth + 1, f"{path}[{n}]") for n, item in items] or None
            return from_raw(node)
        if len(node) != 1:
            raise RuleError("an operation is an object with one key")
        ((op, args),) = node.items()
        result = self.apply(op, args, depth, path)
        if self.trace is not None and op not in ("var", "row"):
            self.trace(path, node, result)
        return result

    def apply(self, op, args, depth: int, path: str) -> Value:
        if op == "var":
            return from_raw(self.values.get(args)) if isinstance(args, str) else None
        if op == "row":
            return from_raw((self.row or {}).get(args)) if isinstance(args, str) else None
        if not isinstance(args, list):
            args = [args]
        known = OPERATORS.get(op)
        if known is None:
            raise RuleError(f"unknown operation {op!r}")
        if not known.least <= len(args) <= known.most:
            raise RuleError(f"wrong number of arguments for {op!r}")
        if op in OVER_ROWS:
            return self.over_rows(op, args, depth, path)
        if op in LAZY:
            return LAZY[op](self, args, depth, path)
        return EAGER[op](
            self, *[self.value(a, depth + 1, f"{path}.{op}[{n}]") for n, a in enumerate(args)]
        )

    def over_rows(self, op: str, args: list, depth: int, path: str) -> Value:
        if self.row is not None:
            raise RuleError(f"wrong use of {op!r}")
        rows = self.value(args[0], depth + 1, f"{path}.{op}[0]")
        rows = rows if isinstance(rows, list) else []
        if len(args) == 1:
            return len(rows) * SCALE
        found = []
        for number, row in enumerate(rows, start=1):
            self.row_number = number
            self.row = row if isinstance(row, dict) else {}
            try:
                found.append(self.value(args[1], depth + 1, f"{path}.{op}[1]"))
            finally:
                self.row = None
        return AGGREGATES[op](found)

    def look_up(self, source: Value, key: Value, column: Value) -> Value:
        """What the data set says; empty when it says nothing, or nobody can be asked here."""
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            raise RuleError("the rule asks data sets too often")
        asked = all(isinstance(part, str) for part in (source, key, column))
        if not asked or self.reference.find is None:
            return None
        return from_raw(self.reference.find(source, key, column))


def _count(found: list) -> int:
    return sum(value is True for value in found) * SCALE


def _sum(found: list) -> int | None:
    total = 0
    for value in found:
        if value is None:
            continue
        if type(value) is not int:
            return None
        total += value
    return bounded(total)


def _avg(found: list) -> int | None:
    filled = [value for value in found if value is not None]
    if not filled or not all(type(value) is int for value in filled):
        return None
    return divide(sum(filled), len(filled))


# A claim about nobody is not established: "all" over no rows is false, as "any" is.
AGGREGATES = {
    "count": _count,
    "sum": _sum,
    "avg": _avg,
    "min_of": lambda found: smallest([value for value in found if value is not None]),
    "max_of": lambda found: largest([value for value in found if value is not None]),
    "any": lambda found: any(value is True for value in found),
    "all": lambda found: bool(found) and all(value is True for value in found),
}
EAGER = {**ARITHMETIC, **TEXTS, **DAYS, "lookup": Run.look_up}


def _and(run, args, depth, path):
    return all(run.value(a, depth + 1, f"{path}.and[{n}]") is True for n, a in enumerate(args))


def _or(run, args, depth, path):
    return any(run.value(a, depth + 1, f"{path}.or[{n}]") is True for n, a in enumerate(args))


def _if(run, args, depth, path):
    for n in range(0, len(args) - 1, 2):
        if run.value(args[n], depth + 1, f"{path}.if[{n}]") is True:
            return run.value(args[n + 1], depth + 1, f"{path}.if[{n + 1}]")
    last = len(args) - 1
    return run.value(args[last], depth + 1, f"{path}.if[{last}]") if len(args) % 2 else None


LAZY = {"and": _and, "or": _or, "if": _if}


def evaluate(tree, values: dict, *, today: date, reference: Reference = NOTHING):
    """The value of `tree` for the answers `values`.

    Numbers come back as Decimal, an empty result as None. Raises RuleError for what `check` would
    have refused. `today` is the day on which the rule is asked, in the platform's time zone.
    Without `reference` working days and lookups are empty; `reference_now` gives the real one.
    """
    return to_raw(Run(values, today, reference).value(tree))


def is_true(tree, values: dict, *, today: date, reference: Reference = NOTHING) -> bool:
    """Whether a condition holds; no condition (None) always does."""
    return tree is None or Run(values, today, reference).value(tree) is True
