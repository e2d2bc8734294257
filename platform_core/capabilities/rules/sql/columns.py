"""What a rule may ask of a row in the database, and how it is read: as the evaluator would.

A value that does not fit the kind of its column is empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import F, TextField, Value
from django.db.models.expressions import RawSQL

from ..checks import Known
from .pieces import Sql, bounded, named, written_day

PLAIN = r"^-?[0-9]{{1,40}}(\.[0-9]{{1,40}})?$"
REAL_DAY = (
    "t.a ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' AND pg_input_is_valid(t.a, 'date')"
    " AND t.a >= '0001'"
)
ROW = RawSQL("gov_row.value", [])


@dataclass(frozen=True)
class SqlColumn:
    """A field of a rule in the database: its kind, the expression that reads it (None for one that
    is sealed), its answers, and the kinds of its cells when it is a table.
    """

    kind: str
    expression: object
    options: tuple[str, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        cells = {key: Known(kind) for key, kind in self.cells.items()}
        return Known(self.kind, self.options, cells)


def stored(kind: str, expression, options: tuple[str, ...] = ()) -> SqlColumn:
    """An ordinary column, named or given as an expression; `kind` is number, text, date or bool.

    A moment has no day of its own: give `TruncDate(…)` in the time zone that is meant.
    """
    expression = F(expression) if isinstance(expression, str) else expression
    readers = {
        "number": lambda: bounded("round(t.a::numeric, 6)", expression),
        "text": lambda: Sql("NULLIF({0}::text, '')", expression, kind="text"),
        "date": lambda: written_day(expression),
        "bool": lambda: Sql("{0}", expression, kind="bool"),
    }
    return SqlColumn(kind, readers[kind](), options)


def in_json(known: dict[str, Known], column: str = "data", sealed=()) -> dict[str, SqlColumn]:
    """The fields `known` of a form, kept under their keys in the JSON `column`; those in `sealed`
    are encrypted there and cannot be asked.
    """
    found = {}
    for key, one in known.items():
        kind = one.kind if one.kind in READERS else "any"
        closed = key in sealed or kind == "any"
        expression = None if closed else read(kind, member(F(column), key))
        cells = {cell: inner.kind for cell, inner in one.cells.items()}
        found[key] = SqlColumn(kind, expression, one.options, cells)
    return found


def member(json, key: str) -> Sql:
    return Sql("{0} -> {1}::text", json, Value(key, TextField()), kind="list")


def cell(key: str, kind: str) -> Sql:
    """A cell of the row looked at."""
    return read(kind, member(ROW, key))


def read(kind: str, json) -> Sql:
    """The value of `kind` in a piece of JSON."""
    return READERS[kind](json)


def _number(json) -> Sql:
    plain = f"(t.a #>> '{{{{}}}}') ~ '{PLAIN}'"
    known = f"jsonb_typeof(t.a) = 'number' OR (jsonb_typeof(t.a) = 'string' AND {plain})"
    value = named(f"CASE WHEN {known} THEN (t.a #>> '{{{{}}}}')::numeric END", json, kind="number")
    return bounded("round(t.a, 6)", value)


def _text(json) -> Sql:
    said = "CASE WHEN jsonb_typeof(t.a) = 'string' THEN NULLIF(t.a #>> '{{}}', '') END"
    return named(said, json, kind="text")


def _date(json) -> Sql:
    return named(f"CASE WHEN {REAL_DAY} THEN t.a END", _text(json), kind="date")


def _bool(json) -> Sql:
    said = "CASE WHEN jsonb_typeof(t.a) = 'boolean' THEN (t.a #>> '{{}}')::boolean END"
    return named(said, json, kind="bool")


def _list(json) -> Sql:
    said = "CASE WHEN jsonb_typeof(t.a) = 'array' AND t.a <> '[]' THEN t.a END"
    return named(said, json, kind="list")


READERS = {
    "number": _number,
    "text": _text,
    "date": _date,
    "bool": _bool,
    "list": _list,
    "rows": _list,
}
