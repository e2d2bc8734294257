"""From a checked tree to one condition of PostgreSQL that holds for exactly the same rows.

A kind is known for every part before the database is asked; empty is NULL. What cannot mean the
same there is refused with its reason.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Expression
from django.utils.translation import gettext as _

from ..checks import check
from ..operators import OVER_ROWS
from ..values import day_number, from_raw
from . import pieces
from .columns import READERS, SqlColumn, cell
from .operations import OPERATIONS, QUOTIENT, Refused
from .pieces import Sql, sure

TEXTUAL = {"text", "date"}


class NotInSQL(Exception):
    """The place in the tree and the reason why the database cannot be asked this."""

    def __init__(self, path: str, reason: str):
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}" if path else reason)


class Part(NamedTuple):
    """A part of the rule as SQL. `kind` is null for what is always empty; `items` are the members
    of a list written out.
    """

    kind: str
    sql: object
    items: tuple = ()


def to_sql(tree, columns: dict[str, SqlColumn], *, today: date, manifest=None) -> Expression:
    """The condition `tree` (None always holds) for `.filter()`; `columns`: key → SqlColumn.

    Raises NotInSQL for a rule that `check` refuses, and for working days, lookups and sealed
    fields.
    """
    if tree is None:
        return pieces.boolean(True)
    problems = check(tree, {key: one.known for key, one in columns.items()}, manifest=manifest)
    if problems:
        raise NotInSQL(*problems[0])
    compiler = _Compiler(columns, today)
    return sure(compiler.condition(compiler.part(tree, "")))


class _Compiler:
    def __init__(self, columns: dict[str, SqlColumn], today: date):
        self.columns = columns
        self.today = today
        self.cells: dict[str, str] = {}

    def part(self, node, path: str) -> Part:
        if isinstance(node, list):
            items = tuple(self.part(item, f"{path}[{n}]") for n, item in enumerate(node))
            return Part("list", None, items) if items else Part("null", None)
        if not isinstance(node, dict):
            return self.literal(from_raw(node))
        ((op, args),) = node.items()
        if op == "var":
            return self.column(args, path)
        if op == "row":
            kind = self.cells[args]
            if kind not in READERS:
                raise NotInSQL(path, _("It is not known what kind “%(key)s” has.") % {"key": args})
            return Part(kind, cell(args, kind))
        args = args if isinstance(args, list) else [args]
        path = f"{path}.{op}" if path else op
        if op in OVER_ROWS:
            return self.over_rows(op, args, path)
        parts = [self.part(arg, f"{path}[{n}]") for n, arg in enumerate(args)]
        return self.operation(op, args, parts, path)

    def literal(self, value) -> Part:
        if value is None:
            return Part("null", None)
        if isinstance(value, bool):
            return Part("bool", pieces.boolean(value))
        if isinstance(value, int):
            return Part("number", pieces.number(value))
        return Part("date" if day_number(value) else "text", pieces.text(value))

    def column(self, key: str, path: str) -> Part:
        column = self.columns[key]
        if column.kind == "any":
            raise NotInSQL(path, _("It is not known what kind “%(key)s” has.") % {"key": key})
        if column.expression is None:
            raise NotInSQL(path, _("“%(key)s” is sealed: nobody can search it.") % {"key": key})
        return Part(column.kind, column.expression)

    def condition(self, part: Part):
        """True where `part` is a clear yes."""
        return part.sql if part.kind == "bool" else pieces.boolean(False)

    def operation(self, op: str, args: list, parts: list[Part], path: str) -> Part:
        if op in ("and", "or"):
            said = [sure(self.condition(part)) for part in parts]
            template = f" {op.upper()} ".join(f"{{{n}}}" for n in range(len(said)))
            return Part("bool", Sql(template, *said, kind="bool"))
        if op == "not":
            return Part("bool", Sql("NOT {0}", sure(self.condition(parts[0])), kind="bool"))
        if op in ("empty", "filled"):
            return self.presence(op, parts[0])
        if op == "in":
            return self.membership(*parts)
        if op == "if":
            return self.choice(parts, path)
        if op == "today":
            return Part("date", pieces.text(self.today.isoformat(), "date"))
        if op == "age" and len(parts) == 1:
            parts.append(Part("date", pieces.text(self.today.isoformat(), "date")))
        try:
            kind, sql = OPERATIONS[op](args, [(part.kind, part.sql) for part in parts])
        except KeyError:
            raise NotInSQL(path, _("The database cannot work out “%(op)s”.") % {"op": op}) from None
        except Refused as refused:
            raise NotInSQL(path, str(refused)) from None
        return Part(kind, sql)

    def presence(self, op: str, part: Part) -> Part:
        if part.items or part.kind == "null":
            return Part("bool", pieces.boolean(bool(part.items) is (op == "filled")))
        is_what = "IS NULL" if op == "empty" else "IS NOT NULL"
        return Part("bool", Sql(f"{{0}} {is_what}", part.sql, kind="bool"))

    def membership(self, one: Part, many: Part) -> Part:
        if one.kind in ("null", "list", "rows") or many.kind == "null":
            return Part("bool", pieces.boolean(False))
        if many.sql is not None:
            value = Sql("to_jsonb({0})", one.sql, kind="list")
            return Part("bool", Sql("COALESCE({1} @> {0}, FALSE)", value, many.sql, kind="bool"))
        family = TEXTUAL if one.kind in TEXTUAL else {one.kind}
        fitting = [item.sql for item in many.items if item.kind in family]
        if not fitting:
            return Part("bool", pieces.boolean(False))
        types = {"number": "numeric", "bool": "boolean"}
        collate = ' COLLATE "C"' if one.kind in TEXTUAL else ""
        listed = ", ".join(f"{{{n + 1}}}" for n in range(len(fitting)))
        array = f"ARRAY[{listed}]::{types.get(one.kind, 'text')}[]"
        said = f"COALESCE({{0}}{collate} = ANY({array}), FALSE)"
        return Part("bool", Sql(said, one.sql, *fitting, kind="bool"))

    def choice(self, parts: list[Part], path: str) -> Part:
        last = len(parts) - 1
        results = [part for n, part in enumerate(parts) if n % 2 or (n == last and not n % 2)]
        kinds = {part.kind for part in results} - {"null"}
        if kinds == TEXTUAL:
            kinds = {"text"}
        if not kinds:
            return Part("null", None)
        if len(kinds) > 1 or "list" in kinds or "rows" in kinds:
            raise NotInSQL(path, _("The results are of different kinds."))
        (kind,) = kinds
        said = [
            (part.sql or pieces.nothing(kind)) if n % 2 or n == last else sure(self.condition(part))
            for n, part in enumerate(parts)
        ]
        template = "CASE"
        for n in range(0, last, 2):
            template += f" WHEN {{{n}}} THEN {{{n + 1}}}"
        if len(parts) % 2:
            template += f" ELSE {{{last}}}"
        return Part(kind, Sql(f"{template} END", *said, kind=kind))

    def over_rows(self, op: str, args: list, path: str) -> Part:
        key = args[0].get("var") if isinstance(args[0], dict) else None
        if key not in self.columns or self.columns[key].kind not in ("rows", "list"):
            raise NotInSQL(path, _("Only the rows of a field can be counted in the database."))
        table = self.column(key, path).sql
        if len(args) == 1:
            return Part(
                "number", Sql("COALESCE(jsonb_array_length({0}), 0)::numeric", table, kind="number")
            )
        self.cells = self.columns[key].cells
        asked = self.part(args[1], f"{path}[1]")
        self.cells = {}
        return self.aggregate(op, table, asked, path)

    def aggregate(self, op: str, table, asked: Part, path: str) -> Part:
        # Worked out inside: an aggregate over columns of the row itself would belong to the query.
        rows = "FROM (SELECT {1} AS v FROM jsonb_array_elements({0}) AS gov_row(value) OFFSET 0) r"
        if op in _CONDITIONS:
            kind, found = _CONDITIONS[op]
            held = sure(self.condition(asked))
            return Part(kind, Sql(f"(SELECT {found} {rows})", table, held, kind=kind))
        if asked.kind == "null":
            return Part("number", pieces.number(0)) if op == "sum" else Part("null", None)
        kind = asked.kind
        if kind in ("bool", "list", "rows"):
            raise NotInSQL(path, _("The database cannot work out “%(op)s”.") % {"op": op})
        if op in ("min_of", "max_of"):
            collate = ' COLLATE "C"' if kind in TEXTUAL else ""
            said = f"(SELECT {op[:3]}(r.v{collate}) {rows})"
            return Part(kind, Sql(said, table, asked.sql, kind=kind))
        if op == "sum":
            total = Sql(f"(SELECT COALESCE(sum(r.v), 0) {rows})", table, asked.sql, kind=kind)
            return Part("number", pieces.bounded("t.a", total))
        both = f"SELECT sum(r.v) AS a, count(r.v)::numeric AS b {rows} OFFSET 0"
        said = f"(SELECT {QUOTIENT} * 0.000001 FROM ({both}) t)"  # noqa: S608
        return Part("number", Sql(said, table, asked.sql, kind="number"))


_CONDITIONS = {
    "count": ("number", "count(*) FILTER (WHERE r.v)::numeric"),
    "any": ("bool", "COALESCE(bool_or(r.v), FALSE)"),
    "all": ("bool", "COALESCE(bool_and(r.v), FALSE)"),
}
