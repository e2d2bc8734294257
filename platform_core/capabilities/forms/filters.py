"""Submitted records narrowed by a rule over their answers, asked of the database itself."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from platform_core.capabilities.rules.sql import SqlColumn, in_json, to_sql

from .capability import known_fields
from .schema import Form


def record_columns(form: Form) -> dict[str, SqlColumn]:
    """The answers of `form` as columns of `Record`; sealed ones cannot be asked."""
    sealed = {question.key for question in form.questions() if question.is_sealed}
    return in_json(known_fields(form), "data", sealed)


def records_where(
    records: QuerySet, form: Form, tree, *, today: date, more: dict[str, SqlColumn] | None = None
) -> QuerySet:
    """Those of `records` (of this `form`) for which the rule `tree` says yes.

    `more` are further columns that the rule may name, see `rules.sql.stored`. Raises
    rules.sql.NotInSQL for what cannot be asked.
    """
    columns = {**record_columns(form), **(more or {})}
    return records.filter(to_sql(tree, columns, today=today))
