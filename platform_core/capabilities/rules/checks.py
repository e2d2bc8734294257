"""Whether a tree may be published: known names, fitting kinds, and a price that fits the budget."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from .limits import (
    MAX_DEPTH,
    MAX_LOOKUPS,
    MAX_NODES,
    MAX_ROWS,
    MAX_STEPS,
    MAX_TEXT,
    SAFE_INTEGER,
)
from .lookups import may_look_up, source_named
from .operators import ON_CALENDAR, OPERATORS, OVER_ROWS
from .values import day_number, scaled_from_text

ORDERINGS = {"==", "!=", "<", "<=", ">", ">=", "between"}


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


class Part(NamedTuple):
    """A node of a tree with its depth and whether it is asked once for each row."""

    node: object
    depth: int
    in_rows: bool


def parts(tree) -> Iterator[Part]:
    """Every node of a tree, without recursion and never far past what `check` lets through: a tree
    of objects that hold themselves ends too.
    """
    stack = [Part(tree, 0, False)]
    seen = 0
    while stack and seen <= MAX_NODES:
        part = stack.pop()
        seen += 1
        yield part
        node, depth, in_rows = part
        if depth > MAX_DEPTH:
            return
        if isinstance(node, dict):
            for op, args in node.items():
                if op in ("var", "row"):
                    continue
                children = args if isinstance(args, list) else [args]
                for index, child in enumerate(children):
                    inside = in_rows or (op in OVER_ROWS and index == 1)
                    stack.append(Part(child, depth + 1, inside))
        elif isinstance(node, list):
            stack.extend(Part(child, depth + 1, in_rows) for child in node)


def fields_used(tree) -> set[str]:
    """The keys of the fields that the tree asks for."""
    return {
        part.node["var"]
        for part in parts(tree)
        if isinstance(part.node, dict) and isinstance(part.node.get("var"), str)
    }


def needs_calendar(tree) -> bool:
    """Whether the tree counts working days, so that the browser has to be given the calendar."""
    return any(
        isinstance(part.node, dict) and not ON_CALENDAR.isdisjoint(part.node)
        for part in parts(tree)
    )


def check(tree, fields: dict[str, Known], *, manifest=None) -> list[Problem]:
    """What is wrong with `tree` over `fields` (key → Known); an empty list means it may run.

    A tree that is too deep, too large or too costly is refused before anything else is looked at.
    `manifest` is the definition that the rule belongs to: a data set says which ones may name it.
    """
    too_much = _price(tree)
    if too_much:
        return [Problem("", too_much)]
    checker = _Checker(fields, manifest)
    checker.kind(tree, "", None)
    return checker.problems


def _price(tree) -> str:
    nodes = steps = lookups = 0
    for node, depth, in_rows in parts(tree):
        nodes += 1
        times = MAX_ROWS if in_rows else 1
        steps += times
        lookups += times if isinstance(node, dict) and "lookup" in node else 0
        if depth > MAX_DEPTH:
            return _("The rule nests more than %(n)s levels deep.") % {"n": MAX_DEPTH}
        if nodes > MAX_NODES:
            return _("The rule has more than %(n)s parts.") % {"n": MAX_NODES}
        if steps > MAX_STEPS:
            return _("The rule does too much work for each row of a table.")
    if lookups > MAX_LOOKUPS:
        return _("The rule asks data sets too often.")
    return ""


_NEEDED = {
    "number": lambda: _("A number is needed here."),
    "date": lambda: _("A date is needed here."),
    "text": lambda: _("A text is needed here."),
    "bool": lambda: _("A condition is needed here."),
    "scalar": lambda: _("A number or a text is needed here."),
    "alike": lambda: _("A number, a text or a date is needed here."),
}


class _Checker:
    """Walks a tree of bounded depth and infers the kind of every part."""

    def __init__(self, fields: dict[str, Known], manifest=None):
        self.fields = fields
        self.manifest = manifest
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
        known = OPERATORS.get(op) if isinstance(op, str) else None
        if known is None:
            return self.say(path, _("There is no operation “%(op)s”.") % {"op": str(op)[:40]})
        path = f"{path}.{op}"
        if not known.least <= len(args) <= known.most:
            return self.say(path, _("“%(op)s” has the wrong number of parts.") % {"op": op})
        if op in OVER_ROWS:
            return self.rows(op, args, path, cells)
        kinds = [self.kind(arg, f"{path}[{index}]", cells) for index, arg in enumerate(args)]
        if op == "lookup":
            return self.lookup(args, kinds, path)
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
        over = self.kind(args[0], f"{path}[0]", None)
        if over not in ("rows", "list", "any") or (over == "list" and len(args) == 2):
            self.say(path, _("“%(op)s” needs a table with rows.") % {"op": op})
        if len(args) == 2:
            key = args[0].get("var") if isinstance(args[0], dict) else None
            table = self.fields.get(key) if isinstance(key, str) else None
            found = self.kind(args[1], f"{path}[1]", table.cells if table else {})
            self.expect(OPERATORS[op].takes[1], found, f"{path}[1]")
            return found if OPERATORS[op].gives == "alike" else OPERATORS[op].gives
        return "number"

    def lookup(self, args: list, kinds: list[str], path: str) -> str:
        name, _key, column = args
        if not isinstance(name, str) or not isinstance(column, str):
            return self.say(path, _("A data set and its column are named outright."))
        source = source_named(name)
        # A stranger must not learn from the message which data sets other departments keep.
        if source is None or not may_look_up(source, self.manifest):
            return self.say(
                path,
                _("There is no data set “%(name)s” that this definition may use.")
                % {"name": name[:60]},
            )
        self.expect("text", kinds[1], f"{path}[1]")
        if column not in source.columns:
            return self.say(
                f"{path}[2]",
                _("The data set “%(name)s” has no column “%(column)s”.")
                % {"name": name, "column": column[:60]},
            )
        return source.columns[column].kind

    def expect(self, wanted: str, found: str, path: str) -> None:
        fits = {
            "text": {"text", "date"},
            "scalar": {"text", "date", "number"},
            "alike": {"text", "date", "number"},
        }.get(wanted, {wanted})
        if found == "any" or wanted == "any" or found in fits:
            return
        self.say(path, _NEEDED[wanted]())

    def result(self, op: str, args: list, kinds: list[str], path: str) -> str:
        if op in ORDERINGS or op == "in":
            self.comparison(op, args, kinds, path)
            return "bool"
        if op == "if":
            return self.choice(kinds, path)
        known = OPERATORS[op]
        for index, found in enumerate(kinds):
            self.expect(known.kind_of_part(index), found, f"{path}[{index}]")
        return self.alike(kinds, path) if known.gives == "alike" else known.gives

    def choice(self, kinds: list[str], path: str) -> str:
        for index in range(0, len(kinds) - 1, 2):
            self.expect("bool", kinds[index], f"{path}[{index}]")
        results = {kind for index, kind in enumerate(kinds) if index % 2 or index == len(kinds) - 1}
        return results.pop() if len(results) == 1 else "any"

    def alike(self, kinds: list[str], path: str) -> str:
        families = {"text" if kind == "date" else kind for kind in kinds} - {"any"}
        if len(families) > 1:
            self.say(path, _("Things of different kinds are compared: that is never true."))
        return kinds[0] if len(set(kinds)) == 1 else "any"

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
