"""Submitted forms as rows of a table, with a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.display import answer_texts
from platform_core.capabilities.forms.models import Record
from platform_core.common.i18n import pick
from platform_core.napps.models import NApp, NAppVersion
from security.access import visible_to


@dataclass(frozen=True)
class Cell:
    label: str
    text: str


@dataclass(frozen=True)
class Row:
    at: datetime
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    heads: list[str]
    rows: list[Row]


def records_shown(napp: NApp, form_key: str, user) -> QuerySet[Record]:
    """The N-app's records of that form which the reader may see, newest first."""
    records = Record.objects.filter(napp=napp, form_key=form_key).order_by("-created_at", "-id")
    return visible_to(user, "view", records)


def table_of(napp_version: NAppVersion, page, records) -> Table:
    """The rows of a page of records in the reader's language.

    A record keeps the version that it began with: its own form says what its answers mean, and a
    column that this version did not have yet is empty.
    """
    form = forms_of(napp_version)[page.form]
    heads = [pick(column.label or form.question(column.field).label) for column in page.columns]
    keys = [column.field for column in page.columns]
    records = list(records.select_related("napp_version"))
    rows = [
        Row(
            record.created_at,
            [Cell(head, texts[key]) for head, key in zip(heads, keys, strict=True)],
        )
        for record, texts in zip(records, answer_texts(records, keys), strict=True)
    ]
    return Table(heads, rows)
