"""Pieces of SQL around expressions of Django. NULL is the empty value."""

from __future__ import annotations

from decimal import Decimal
from string import Formatter

from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    Func,
    IntegerField,
    JSONField,
    TextField,
    Value,
)

from ..limits import LIMIT, SCALE

FIELDS = {
    "number": lambda: DecimalField(max_digits=40, decimal_places=6),
    "text": TextField,
    "date": TextField,
    "bool": BooleanField,
    "list": JSONField,
    "rows": JSONField,
    "day": DateField,
    "whole": IntegerField,
}
NUMBER_LIMIT = Decimal(LIMIT // SCALE)
LAST_DAY = "date '9999-12-31'"


class Sql(Func):
    """A template in which {0}, {1} … are the parts, each of them as often as it is named."""

    def __init__(self, template: str, *parts, kind: str):
        super().__init__(*parts, output_field=FIELDS[kind]())
        self.pattern = template

    def as_sql(self, compiler, connection, **_context):
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        text, params = "", []
        for before, place, _spec, _conversion in Formatter().parse(self.pattern):
            text += before.replace("%", "%%")
            if place is not None:
                said, given = parts[int(place)]
                text += f"({said})"
                params += given
        return text, params

    def get_group_by_cols(self):
        return [self] if not self.contains_aggregate else super().get_group_by_cols()


def named(template: str, *parts, kind: str) -> Sql:
    """A template over t.a, t.b …, which are worked out once each.

    OFFSET 0 keeps the planner from putting the parts back wherever they are named: a rule that
    nests them would double with every level, until the server has no memory left.
    """
    names = ", ".join(f"{{{number}}} AS {chr(ord('a') + number)}" for number in range(len(parts)))
    return Sql(f"(SELECT {template} FROM (SELECT {names} OFFSET 0) t)", *parts, kind=kind)  # noqa: S608


def number(value: int) -> Sql:
    """The scaled number `value`."""
    return Sql("{0}::numeric", Value(str(Decimal(value).scaleb(-6))), kind="number")


def text(value: str, kind: str = "text") -> Sql:
    return Sql("{0}::text", Value(value), kind=kind)


def boolean(value: bool) -> Sql:
    return Sql("TRUE" if value else "FALSE", kind="bool")


def nothing(kind: str) -> Sql:
    types = {"number": "numeric", "bool": "boolean", "list": "jsonb", "rows": "jsonb"}
    return Sql(f"NULL::{types.get(kind, 'text')}", kind=kind)


def sure(condition) -> Sql:
    """Only a clear yes is a yes."""
    return Sql("COALESCE({0}, FALSE)", condition, kind="bool")


def bounded(template: str, *parts) -> Sql:
    """A number, or nothing when it is 10^18 or more."""
    value = named(template, *parts, kind="number")
    fits = f"CASE WHEN abs(t.a) < {NUMBER_LIMIT} THEN t.a END"
    return named(fits, value, kind="number")


def day(value) -> Sql:
    """The date that a date written as text is."""
    return Sql("{0}::date", value, kind="day")


def written_day(value) -> Sql:
    """A date as text, or nothing outside the years 1 to 9999."""
    inside = f"t.a BETWEEN date '0001-01-01' AND {LAST_DAY}"
    return named(f"CASE WHEN {inside} THEN to_char(t.a, 'YYYY-MM-DD') END", value, kind="date")


def whole(value, most: int) -> Sql:
    """A whole number between -most and most as an integer, else nothing."""
    fits = f"t.a = trunc(t.a) AND abs(t.a) <= {most}"
    return named(f"CASE WHEN {fits} THEN t.a::integer END", value, kind="whole")
