"""Lists of the API that go on from the last line read: the thousandth page costs what the first
does, and nothing is skipped or shown twice while rows are added in front of it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import FieldDoesNotExist
from django.core.signing import BadSignature, dumps, loads
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from .numbers import whole

# Where rows without a moment stand: last upwards and first downwards, as the database puts them.
FAR = datetime(9999, 12, 31, tzinfo=UTC)
USUAL, MOST = 20, 100


class KeysetPagination(BasePagination):
    """Pages in the order of the queryset: names of columns, "-" for downwards, the last one unique.

    Columns that may be empty, and annotations, hold moments.
    """

    def paginate_queryset(self, queryset, request, view=None):
        """The rows after `?cursor=`. Raises ValidationError at "cursor" for one that is not of this
        list.
        """
        size = min(whole(request.query_params.get("page_size", "")) or USUAL, MOST)
        order = [_Column(queryset, name) for name in queryset.query.order_by]
        salt = f"page:{queryset.model._meta.label}:{queryset.query.order_by}"
        cursor = request.query_params.get("cursor", "")
        if cursor:
            queryset = _after(queryset, order, _read(cursor, salt))
        rows = list(queryset[: size + 1])
        self.next = None
        if len(rows) > size:
            rows = rows[:size]
            mark = dumps([column.value(rows[-1]) for column in order], salt=salt)
            self.next = replace_query_param(request.build_absolute_uri(), "cursor", mark)
        return rows

    def get_paginated_response(self, data):
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema):
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": "string",
                    "format": "uri",
                    "nullable": True,
                    "description": "The address of the next page; null on the last one.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the last page ended. Take it from `next`.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "description": f"Rows on a page: {USUAL}, at most {MOST}.",
                "schema": {"type": "integer"},
            },
        ]


class _Column:
    """One name of an order, compared as the database sorts it."""

    def __init__(self, queryset: QuerySet, name: str):
        self.is_down, self.path = name.startswith("-"), name.lstrip("-")
        self.may_be_empty = _may_be_empty(queryset.model, self.path)

    @property
    def expression(self):
        return Coalesce(self.path, Value(FAR)) if self.may_be_empty else F(self.path)

    def value(self, row):
        """The row's value as JSON holds it."""
        found = row
        for step in self.path.split("__"):
            found = getattr(found, step)
        if found is None:
            found = FAR
        if isinstance(found, datetime):
            return found.isoformat()
        return found if isinstance(found, int) else str(found)


def _may_be_empty(model, path: str) -> bool:
    if path == "pk":
        return False
    try:
        for step in path.split("__"):
            field = model._meta.get_field(step)
            model = field.related_model
    except FieldDoesNotExist:
        return True
    return field.null


def _after(queryset: QuerySet, order: list[_Column], values: list) -> QuerySet:
    """The rows that come after the one with these values."""
    names = [f"keyset_{number}" for number in range(len(order))]
    queryset = queryset.alias(
        **{name: column.expression for name, column in zip(names, order, strict=True)}
    )
    found, same = Q(), Q()
    for name, column, value in zip(names, order, values, strict=True):
        later = "lt" if column.is_down else "gt"
        found |= same & Q(**{f"{name}__{later}": value})
        same &= Q(**{name: value})
    return queryset.filter(found)


def _read(cursor: str, salt: str) -> list:
    try:
        return loads(cursor, salt=salt)
    except BadSignature:
        words = _("This is no place in this list. Begin again without it.")
        raise ValidationError({"cursor": [words]}) from None
