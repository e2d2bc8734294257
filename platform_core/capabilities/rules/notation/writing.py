"""From a tree to the formula that means exactly this tree."""

import math
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from ..checks import parts
from ..limits import MAX_DEPTH, MAX_NODES, SAFE_INTEGER
from ..operators import OPERATORS, OVER_ROWS
from ..wording import language_code
from .names import Names
from .parsing import table_key
from .tokens import MAX_FORMULA, FormulaError, as_json
from .words import (
    COMPARING,
    FLATTENED,
    FUNCTIONS,
    INFIX_WORDS,
    LEVELS,
    LITERALS,
    NOT,
    SINGLE,
    UNARY,
)


def write(
    tree, labels: Mapping, language: str = "zh", *, cells: Mapping[str, Mapping] | None = None
) -> str:
    """`tree` as a formula, with the names of functions and fields in `language` ("zh" or "en").

    `labels` and `cells` as in `parse`, which reads the result back in either language. Raises
    FormulaError for what a formula cannot say: an unknown operation or field, too long a rule.
    """
    for count, part in enumerate(parts(tree), start=1):
        if part.depth > MAX_DEPTH or count > MAX_NODES:
            raise FormulaError(_("The rule is too large for a formula."))
    text, _level = _Writer(Names(labels, cells), language_code(language)).say(tree)
    if len(text) > MAX_FORMULA:
        raise FormulaError(_("The rule is too large for a formula."))
    return text


class _Writer:
    """Every part comes with its level: how tightly it holds together."""

    def __init__(self, names: Names, language: str):
        self.names = names
        self.language = language
        self.table: str | None = None
        self.in_rows = False

    def say(self, node) -> tuple[str, int]:
        if isinstance(node, list):
            return "{" + self.several(node) + "}", SINGLE
        if not isinstance(node, dict):
            return self.literal(node), SINGLE
        if len(node) != 1:
            raise FormulaError(_("An operation is an object with exactly one key."))
        ((op, args),) = node.items()
        if op in ("var", "row"):
            return self.name(node), SINGLE
        known = OPERATORS.get(op) if isinstance(op, str) else None
        if known is None:
            raise FormulaError(_("There is no operation “%(op)s”.") % {"op": str(op)[:40]})
        args = args if isinstance(args, list) else [args]
        if not known.least <= len(args) <= known.most:
            raise FormulaError(_("“%(op)s” has the wrong number of parts.") % {"op": op})
        return self.operation(op, args)

    def literal(self, value) -> str:
        if value is None or isinstance(value, bool):
            return LITERALS[value][self.language][0]
        if isinstance(value, str):
            doubled = value.replace('"', '""')
            return f'"{doubled}"'
        if isinstance(value, int) and abs(value) > SAFE_INTEGER:
            raise FormulaError(_("This number is too large for a rule."))
        if isinstance(value, int | float) and math.isfinite(value):
            return format(Decimal(repr(as_json(Decimal(repr(value))))), "f")
        raise FormulaError(_("This is not a value that a rule can use."))

    def name(self, node: dict) -> str:
        said = self.names.written(node, self.table, self.in_rows, self.language)
        if said is None:
            key = str(next(iter(node.values())))[:60]
            raise FormulaError(_("There is no field “%(name)s”.") % {"name": key})
        return said

    def several(self, nodes: list) -> str:
        return ", ".join(self.say(node)[0] for node in nodes)

    def held(self, node, least: int) -> str:
        """`node`, in brackets when it holds together less than `least`."""
        text, level = self.say(node)
        return text if level >= least else f"({text})"

    def operation(self, op: str, args: list) -> tuple[str, int]:
        if op == "not":
            return f"{NOT[self.language][0]} {self.held(args[0], COMPARING)}", LEVELS["not"]
        if op == "-" and len(args) == 1:
            text = self.held(args[0], SINGLE)
            # "-5" is a number; the opposite of the number 5 keeps its brackets.
            is_number = isinstance(args[0], int | float) and not isinstance(args[0], bool)
            return (f"-({text})" if is_number else f"-{text}"), UNARY
        if op in LEVELS and len(args) > 1:
            return self.infix(op, args), LEVELS[op]
        name = FUNCTIONS[op][self.language][0]
        parts_said = self.rows(args) if op in OVER_ROWS else self.several(args)
        return f"{name}({parts_said})", SINGLE

    def infix(self, op: str, args: list) -> str:
        level = LEVELS[op]
        sign = INFIX_WORDS[op][self.language][0] if op in INFIX_WORDS else op
        sign = "=" if sign == "==" else sign
        first, own = self.say(args[0])
        # The first of a chain needs no brackets, unless it would melt into the chain.
        melts = isinstance(args[0], dict) and op in FLATTENED and op in args[0]
        if own < level or (own == level and (melts or level == COMPARING)):
            first = f"({first})"
        rest = [self.held(arg, level + 1) for arg in args[1:]]
        return f" {sign} ".join([first, *rest])

    def rows(self, args: list) -> str:
        if self.in_rows:
            raise FormulaError(_("A question about rows cannot stand inside another one."))
        said = [self.say(args[0])[0]]
        self.in_rows, self.table = True, table_key(args[0])
        try:
            said += [self.say(arg)[0] for arg in args[1:]]
        finally:
            self.in_rows, self.table = False, None
        return ", ".join(said)
