"""The evaluator: a pure function of tree, values and day. Budgets end a runaway rule."""

from collections.abc import Callable
from datetime import date

from .limits import MAX_DEPTH, MAX_STEPS, SCALE
from .values import Value, bounded, day_number, day_text, divide, from_raw, to_raw


class RuleError(Exception):
    """The tree is not a rule, or spends more than its budget. A checked tree never raises it."""


class Run:
    """One evaluation: what it knows and what it has spent."""

    def __init__(self, values: dict, today: date, trace: Callable | None = None):
        self.values = values
        self.today = today
        self.trace = trace
        self.row: dict | None = None
        self.steps = 0

    def value(self, node, depth: int = 0, path: str = "") -> Value:
        """The value of `node`."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise RuleError("the rule takes too many steps")
        if depth > MAX_DEPTH:
            raise RuleError("the rule nests too deeply")
        if not isinstance(node, dict):
            if isinstance(node, list):
                return [self.value(item, depth + 1, path) for item in node] or None
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
        if op in OVER_ROWS:
            return self.over_rows(op, args, depth, path)
        if op in LAZY:
            return LAZY[op](self, args, depth, path)
        if op not in EAGER:
            raise RuleError(f"unknown operation {op!r}")
        least, most, function = EAGER[op]
        if not least <= len(args) <= most:
            raise RuleError(f"wrong number of arguments for {op!r}")
        return function(
            self, *[self.value(a, depth + 1, f"{path}.{op}[{n}]") for n, a in enumerate(args)]
        )

    def over_rows(self, op: str, args: list, depth: int, path: str) -> Value:
        if not 1 <= len(args) <= 2 or (len(args) == 1 and op != "count") or self.row is not None:
            raise RuleError(f"wrong use of {op!r}")
        rows = self.value(args[0], depth + 1, f"{path}.{op}[0]")
        rows = rows if isinstance(rows, list) else []
        if len(args) == 1:
            return len(rows) * SCALE
        found = []
        for row in rows:
            self.row = row if isinstance(row, dict) else {}
            try:
                found.append(self.value(args[1], depth + 1, f"{path}.{op}[1]"))
            finally:
                self.row = None
        return OVER_ROWS[op](found)


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


# A claim about nobody is not established: "all" over no rows is false, as "any" is.
OVER_ROWS = {
    "count": _count,
    "sum": _sum,
    "any": lambda found: any(value is True for value in found),
    "all": lambda found: bool(found) and all(value is True for value in found),
}


def _same(a: Value, b: Value) -> bool:
    return a is not None and type(a) is type(b) and not isinstance(a, list) and a == b


def _ordered(a: Value, b: Value) -> bool:
    return type(a) is type(b) and type(a) in (int, str)


def _numbers(values) -> bool:
    return all(type(value) is int for value in values)


def _add(run, *numbers):
    return bounded(sum(numbers)) if _numbers(numbers) else None


def _subtract(run, *numbers):
    if not _numbers(numbers):
        return None
    return bounded(-numbers[0] if len(numbers) == 1 else numbers[0] - numbers[1])


def _multiply(run, *numbers):
    if not _numbers(numbers):
        return None
    product = SCALE
    for number in numbers:
        product = bounded(divide(product * number, SCALE))
        if product is None:
            return None
    return product


def _divide(run, a, b):
    return bounded(divide(a * SCALE, b)) if _numbers((a, b)) and b else None


def _add_days(run, start, days):
    number = day_number(start)
    if number is None or type(days) is not int or days % SCALE:
        return None
    return day_text(number + days // SCALE)


def _days_between(run, start, end):
    first, last = day_number(start), day_number(end)
    return None if first is None or last is None else (last - first) * SCALE


def _in(run, one, many):
    return isinstance(many, list) and any(
        _same(one, item) for item in many if not isinstance(item, dict)
    )


def _unequal(run, a, b):
    return (
        a is not None
        and b is not None
        and not isinstance(a, list | dict)
        and (not isinstance(b, list | dict) and not _same(a, b))
    )


EAGER = {
    "==": (2, 2, lambda run, a, b: _same(a, b)),
    "!=": (2, 2, _unequal),
    "<": (2, 2, lambda run, a, b: _ordered(a, b) and a < b),
    "<=": (2, 2, lambda run, a, b: _ordered(a, b) and a <= b),
    ">": (2, 2, lambda run, a, b: _ordered(a, b) and a > b),
    ">=": (2, 2, lambda run, a, b: _ordered(a, b) and a >= b),
    "between": (3, 3, lambda run, x, a, b: _ordered(x, a) and _ordered(x, b) and a <= x <= b),
    "in": (2, 2, _in),
    "empty": (1, 1, lambda run, a: a is None),
    "filled": (1, 1, lambda run, a: a is not None),
    "not": (1, 1, lambda run, a: a is not True),
    "+": (1, 50, _add),
    "-": (1, 2, _subtract),
    "*": (1, 50, _multiply),
    "/": (2, 2, _divide),
    "today": (0, 0, lambda run: run.today.isoformat()),
    "add_days": (2, 2, _add_days),
    "days_between": (2, 2, _days_between),
}


def _and(run, args, depth, path):
    if not args:
        raise RuleError("wrong number of arguments for 'and'")
    return all(run.value(a, depth + 1, f"{path}.and[{n}]") is True for n, a in enumerate(args))


def _or(run, args, depth, path):
    if not args:
        raise RuleError("wrong number of arguments for 'or'")
    return any(run.value(a, depth + 1, f"{path}.or[{n}]") is True for n, a in enumerate(args))


def _if(run, args, depth, path):
    if len(args) < 2:
        raise RuleError("wrong number of arguments for 'if'")
    for n in range(0, len(args) - 1, 2):
        if run.value(args[n], depth + 1, f"{path}.if[{n}]") is True:
            return run.value(args[n + 1], depth + 1, f"{path}.if[{n + 1}]")
    last = len(args) - 1
    return run.value(args[last], depth + 1, f"{path}.if[{last}]") if len(args) % 2 else None


LAZY = {"and": _and, "or": _or, "if": _if}


def evaluate(tree, values: dict, *, today: date):
    """The value of `tree` for the answers `values`.

    Numbers come back as Decimal, an empty result as None. Raises RuleError for what `check` would
    have refused. `today` is the day on which the rule is asked, in the platform's time zone.
    """
    return to_raw(Run(values, today).value(tree))


def is_true(tree, values: dict, *, today: date) -> bool:
    """Whether a condition holds; no condition (None) always does."""
    return tree is None or Run(values, today).value(tree) is True
