"""Whether a tree may be published: known names, fitting kinds, and a price that fits the budget."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from .engine import EAGER, LAZY, OVER_ROWS
from .limits import MAX_DEPTH, MAX_NODES, MAX_ROWS, MAX_STEPS, MAX_TEXT, SAFE_INTEGER
from .values import day_number, scaled_from_text

NUMBERS = {"+", "-", "*", "/"}
ORDERINGS = {"==", "!=", "<", "<=", ">", ">=", "between"}
LOGIC = {"and", "or", "not"}


class Problem(NamedTuple):
    """Where in the tree (such as `and[0].>[1]`) and what is wrong, in the reader's language."""

    path: str
    message: str


@dataclass(frozen=True)
class Known:
    """What a rule may know of a field. `kind`: text, number, date, bool, list, rows or any."""

    kind: str = "any"
    options: tuple[str, ...] = ()
    cells: dict[str, "Known"] = field(default_factory=dict)


def _nodes(tree) -> Iterator[tuple[object, int, bool]]:
    """Every node with its depth and whether it is inside a loop over rows. Never recurses."""
    stack = [(tree, 0, False)]
    while stack:
        node, depth, in_rows = stack.pop()
        yield node, depth, in_rows
        if isinstance(node, dict):
            for op, args in node.items():
                if op in ("var", "row"):
                    continue
                children = args if isinstance(args, list) else [args]
                for index, child in enumerate(children):
                    stack.append((child, depth + 1, in_rows or (op in OVER_ROWS and index == 1)))
        elif isinstance(node, list):
            stack.extend((child, depth + 1, in_rows) for child in node)


def fields_used(tree) -> set[str]:
    """The keys of the fields that the tree asks for."""
    return {
        node["var"]
        for node, _depth, _rows in _nodes(tree)
        if isinstance(node, dict) and isinstance(node.get("var"), str)
    }


def check(tree, fields: dict[str, Known]) -> list[Problem]:
    """What is wrong with `tree` over `fields` (key → Known); an empty list means it may run.

    A tree that is too deep, too large or too costly is refused before anything else is looked at.
    """
    too_much = _price(tree)
    if too_much:
        return [Problem("", too_much)]
    checker = _Checker(fields)
    checker.kind(tree, "", None)
    return checker.problems


def _price(tree) -> str:
    nodes = steps = 0
    for _node, depth, in_rows in _nodes(tree):
        nodes += 1
        steps += MAX_ROWS if in_rows else 1
        if depth > MAX_DEPTH:
            return _("The rule nests more than %(n)s levels deep.") % {"n": MAX_DEPTH}
        if nodes > MAX_NODES:
            return _("The rule has more than %(n)s parts.") % {"n": MAX_NODES}
        if steps > MAX_STEPS:
            return _("The rule does too much work for each row of a table.")
    return ""


class _Checker:
    """Walks a tree of bounded depth and infers the kind of every part."""

    def __init__(self, fields: dict[str, Known]):
        self.fields = fields
        self.problems: list[Problem] = []

    def say(self, path: str, message: str) -> str:
        self.problems.append(Problem(path.lstrip("."), message))
        return "any"

    def kind(self, node, path: str, cells: dict[str, Known] | None) -> str:
        if isinstance(node, dict):
            if len(node) != 1:
                return self.say(path, _("An operation is an object with exactly one key."))
            ((op, args),) = node.items()
            return self.operation(op, args, path, cells)
        if isinstance(node, list):
            for index, item in enumerate(node):
                self.kind(item, f"{path}[{index}]", cells)
            return "list"
        return self.literal(node, path)

    def literal(self, node, path: str) -> str:
        if node is None:
            return "any"
        if isinstance(node, bool):
            return "bool"
        if isinstance(node, str):
            if len(node) > MAX_TEXT:
                return self.say(
                    path, _("A text in a rule has at most %(n)s characters.") % {"n": MAX_TEXT}
                )
            return "date" if day_number(node) else "text"
        if isinstance(node, int):
            if abs(node) > SAFE_INTEGER:
                return self.say(path, _("This number is too large for a rule."))
            return "number"
        if isinstance(node, float):
            if not math.isfinite(node) or scaled_from_text(repr(node)) is None:
                return self.say(path, _("This number is too large for a rule."))
            if Decimal(repr(node)).as_tuple().exponent < -6:
                return self.say(path, _("A number in a rule has at most six decimals."))
            return "number"
        return self.say(path, _("This is not a value that a rule can use."))

    def operation(self, op: str, args, path: str, cells) -> str:
        if op in ("var", "row"):
            return self.name(op, args, path, cells)
        args = args if isinstance(args, list) else [args]
        path = f"{path}.{op}"
        if op in OVER_ROWS:
            return self.rows(op, args, path, cells)
        if op not in EAGER and op not in LAZY:
            return self.say(path, _("There is no operation “%(op)s”.") % {"op": op[:40]})
        least, most = EAGER[op][:2] if op in EAGER else (2 if op == "if" else 1, 50)
        if not least <= len(args) <= most:
            return self.say(path, _("“%(op)s” has the wrong number of parts.") % {"op": op})
        kinds = [self.kind(arg, f"{path}[{index}]", cells) for index, arg in enumerate(args)]
        return self.result(op, args, kinds, path)

    def name(self, op: str, key, path: str, cells) -> str:
        if op == "row" and cells is None:
            return self.say(
                path, _("A cell can only be asked for inside a question about the rows of a table.")
            )
        known = (self.fields if op == "var" else cells).get(key) if isinstance(key, str) else None
        if known is None:
            return self.say(
                path, _("There is no field “%(key)s” before this place.") % {"key": str(key)[:60]}
            )
        return known.kind

    def rows(self, op: str, args: list, path: str, cells) -> str:
        if cells is not None:
            return self.say(path, _("A question about rows cannot stand inside another one."))
        if not 1 <= len(args) <= 2 or (len(args) == 1 and op != "count"):
            return self.say(path, _("“%(op)s” has the wrong number of parts.") % {"op": op})
        over = self.kind(args[0], f"{path}[0]", None)
        if over not in ("rows", "list", "any") or (over == "list" and len(args) == 2):
            self.say(path, _("“%(op)s” needs a table with rows.") % {"op": op})
        if len(args) == 2:
            key = args[0].get("var") if isinstance(args[0], dict) else None
            table = self.fields.get(key) if isinstance(key, str) else None
            found = self.kind(args[1], f"{path}[1]", table.cells if table else {})
            self.expect("number" if op == "sum" else "bool", found, f"{path}[1]")
        return "number" if op in ("count", "sum") else "bool"

    def expect(self, wanted: str, found: str, path: str) -> None:
        if found in (wanted, "any"):
            return
        if wanted == "number":
            self.say(path, _("A number is needed here."))
        elif wanted == "date":
            self.say(path, _("A date is needed here."))
        else:
            self.say(path, _("A condition is needed here."))

    def result(self, op: str, args: list, kinds: list[str], path: str) -> str:
        if op in NUMBERS:
            for index, found in enumerate(kinds):
                self.expect("number", found, f"{path}[{index}]")
            return "number"
        if op in LOGIC:
            for index, found in enumerate(kinds):
                self.expect("bool", found, f"{path}[{index}]")
            return "bool"
        if op in ORDERINGS or op == "in":
            self.comparison(op, args, kinds, path)
            return "bool"
        if op == "if":
            for index in range(0, len(kinds) - 1, 2):
                self.expect("bool", kinds[index], f"{path}[{index}]")
            results = {
                kind for index, kind in enumerate(kinds) if index % 2 or index == len(kinds) - 1
            }
            return results.pop() if len(results) == 1 else "any"
        if op in ("add_days", "days_between"):
            self.expect("date", kinds[0], f"{path}[0]")
            self.expect("number" if op == "add_days" else "date", kinds[1], f"{path}[1]")
            return "date" if op == "add_days" else "number"
        return "date" if op == "today" else "bool"

    def comparison(self, op: str, args: list, kinds: list[str], path: str) -> None:
        if op == "in":
            if kinds[1] not in ("list", "any"):
                self.say(path, _("“in” needs a list."))
            self.options(args[0], args[1] if isinstance(args[1], list) else [], path)
            self.options(args[1], [args[0]], path)
            return
        families = {"text" if kind == "date" else kind for kind in kinds} - {"any"}
        if families & {"list", "rows"}:
            self.say(path, _("A list cannot be compared; ask with “in” or “count”."))
        elif len(families) > 1:
            self.say(path, _("Things of different kinds are compared: that is never true."))
        elif "bool" in families and op not in ("==", "!="):
            self.say(path, _("Yes and no have no order."))
        for index, arg in enumerate(args):
            self.options(arg, args[:index] + args[index + 1 :], path)

    def options(self, asked, answers: list, path: str) -> None:
        """A choice compared with an answer that it does not offer is a slip of the pen."""
        if not isinstance(asked, dict) or not isinstance(asked.get("var"), str):
            return
        known = self.fields.get(asked["var"])
        if known is None or not known.options:
            return
        for answer in answers:
            if isinstance(answer, str) and answer not in known.options:
                self.say(
                    path,
                    _("“%(value)s” is not an answer of “%(key)s”.")
                    % {"value": answer[:60], "key": asked["var"]},
                )
