"""Statements of the busiest paths, compiled once and only filled in afterwards.

Django builds the SQL of a queryset anew each time, which costs several times what PostgreSQL needs
to answer it: two thirds of a process step were spent so. Here the text is kept and the rows are
made as Django makes them, converters, joined rows and annotations included. It lives in the lowest
platform because the trail is written on every path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from django.db.models.query import get_related_populators

# Stand-ins that no query of ours would ask for: what comes out as a parameter is found by them.
_FIRST_NUMBER = 1_911_000_001
_FIRST_DAY = date(1801, 1, 1).toordinal()


@dataclass(frozen=True)
class _Compiled:
    """A text with its parameters: (name, index in a list or None) for what is filled in, or
    (None, value) for what never changes; and how a row becomes an object."""

    sql: str
    parameters: tuple[tuple, ...]
    model: type[models.Model]
    names: tuple[str, ...]
    start: int
    end: int
    annotations: tuple[tuple[str, int], ...]
    converters: dict
    related: list


class Prepared:
    """A read whose SQL is compiled at its first call.

    `build(**values)` gives the queryset; called with the same names, the instance gives the list of
    its rows. Everything that differs between calls must be one of the values (a day, not `today`
    inside): what `build` works out by itself is kept for ever. Values are numbers, texts, UUIDs,
    days, moments, or lists of one kind; each must reach the SQL as it is.
    """

    def __init__(self, build: Callable[..., models.QuerySet]):
        self.build = build
        self._kept: dict[tuple, _Compiled] = {}

    def __call__(self, **values) -> list:
        shape = tuple(
            (name, type(value), len(value) if isinstance(value, list) else 0)
            for name, value in values.items()
        )
        compiled = self._kept.get(shape)
        if compiled is None:
            compiled = self._kept[shape] = _compile(self.build, values)
        return _rows(compiled, values)


def _compile(build: Callable[..., models.QuerySet], values: dict) -> _Compiled:
    standing, numbers = {}, iter(range(10_000))
    for name, value in values.items():
        if isinstance(value, list):
            standing[name] = [_stand_in(one, next(numbers)) for one in value]
        else:
            standing[name] = _stand_in(value, next(numbers))
    compiler = build(**standing).query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    info, select = compiler.klass_info, compiler.select
    fields = info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    return _Compiled(
        sql=sql,
        parameters=_places(params, standing),
        model=info["model"],
        names=tuple(column[0].target.attname for column in select[start:end]),
        start=start,
        end=end,
        annotations=tuple(compiler.annotation_col_map.items()),
        converters=compiler.get_converters([column[0] for column in select]),
        related=get_related_populators(info, select, connection.alias),
    )


def _stand_in(value, number: int):
    if isinstance(value, bool):
        raise TypeError("a yes or no changes the text: make two reads")
    if isinstance(value, int):
        return _FIRST_NUMBER + number
    if isinstance(value, UUID):
        return UUID(int=_FIRST_NUMBER + number)
    if isinstance(value, datetime):
        return datetime(1801, 1, 1, 0, 0, 0, number, tzinfo=UTC)
    if isinstance(value, date):
        return date.fromordinal(_FIRST_DAY + number)
    if isinstance(value, str):
        return f"\ue000{number}\ue000"
    raise TypeError(f"{type(value).__name__} cannot be filled in")


def _places(params: Iterable, standing: dict) -> tuple[tuple, ...]:
    found, met = [], set()
    for param in params:
        place = next(
            (
                (name, index)
                for name, stands in standing.items()
                for index, one in (
                    enumerate(stands) if isinstance(stands, list) else ((None, stands),)
                )
                if type(one) is type(param) and one == param
            ),
            None,
        )
        if place is None and isinstance(param, list):
            place = next(
                ((name, None) for name, stands in standing.items() if stands == param), None
            )
        found.append(place or (None, param))
        met.add(place[0] if place else None)
    if missing := set(standing) - met:
        raise ValueError(f"not found in the text: {', '.join(sorted(missing))}")
    return tuple(found)


def _rows(compiled: _Compiled, values: dict) -> list:
    params = [
        fixed if name is None else values[name] if fixed is None else values[name][fixed]
        for name, fixed in compiled.parameters
    ]
    with connection.cursor() as cursor:
        cursor.execute(compiled.sql, params)
        rows = cursor.fetchall()
    found = []
    for row in rows:
        if compiled.converters:
            row = list(row)
            for place, (converters, expression) in compiled.converters.items():
                for converter in converters:
                    row[place] = converter(row[place], expression, connection)
        obj = compiled.model.from_db(
            connection.alias, compiled.names, row[compiled.start : compiled.end]
        )
        for populate in compiled.related:
            populate.populate(row, obj)
        for name, place in compiled.annotations:
            setattr(obj, name, row[place])
        found.append(obj)
    return found


# -- writes ----------------------------------------------------------------------------------------

_inserts: dict[tuple, str] = {}


def insert(rows: list[models.Model]) -> None:
    """Insert new rows of one model with one statement, as `bulk_create` does: no signals.

    A number that the database gives is set on the row; other defaults of the database are not read
    back.
    """
    if not rows:
        return
    model = type(rows[0])
    meta = model._meta
    by_database = [
        field
        for field in meta.concrete_fields
        if (field is meta.pk and rows[0].pk is None)
        or isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    fields = [field for field in meta.concrete_fields if field not in by_database]
    key = (model, len(rows), tuple(field.attname for field in by_database))
    if key not in _inserts:
        _inserts[key] = _insert_text(meta, fields, rows)
    params = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_inserts[key], params)
        given = cursor.fetchall() if meta.pk in by_database else []
    for row, (number,) in zip(rows, given, strict=False):
        row.pk = number
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def update(row: models.Model, names: list[str]) -> None:
    """Write the named fields of a row that exists, as `save(update_fields=…)` does: no signals."""
    meta = type(row)._meta
    fields = [meta.get_field(name) for name in names]
    key = (type(row), 0, tuple(names))
    if key not in _inserts:
        quote = connection.ops.quote_name
        pairs = ", ".join(f"{quote(field.column)} = {_blank(field, row)}" for field in fields)
        _inserts[key] = (
            f"UPDATE {quote(meta.db_table)} SET {pairs}"  # noqa: S608 - names of our own models
            f" WHERE {quote(meta.pk.column)} = %s"
        )
    params = [
        field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(_inserts[key], [*params, meta.pk.get_db_prep_save(row.pk, connection)])


def _insert_text(meta, fields: list, rows: list) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    blanks = ", ".join(_blank(field, rows[0]) for field in fields)
    values = ", ".join([f"({blanks})"] * len(rows))
    back = f" RETURNING {quote(meta.pk.column)}" if rows[0].pk is None else ""
    return (
        f"INSERT INTO {quote(meta.db_table)} ({columns})"  # noqa: S608 - names of our own models
        f" VALUES {values}{back}"
    )


def _blank(field, row) -> str:
    # Arrays name their type, because an empty one has none of its own.
    if hasattr(field, "get_placeholder"):
        return field.get_placeholder(getattr(row, field.attname), None, connection)
    return "%s"
