"""Submitted forms as rows of a table, with a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.forms.selectors import plain_values
from platform_core.common.i18n import pick
from platform_core.napps.models import NApp, NAppVersion
from security.access import visible_to
from security.organs.models import Region
from security.organs.selectors import in_force

LONGEST = 120


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
    records = list(records.select_related("napp_version"))
    values = [plain_values(record) for record in records]
    names = _region_names(form, page, values)
    rows = []
    for record, answers in zip(records, values, strict=True):
        own = forms_of(record.napp_version).get(page.form)
        cells = []
        for head, column in zip(heads, page.columns, strict=True):
            question = own.question(column.field) if own else None
            text = _text(question, answers.get(column.field), names) if question else ""
            cells.append(Cell(head, text))
        rows.append(Row(record.created_at, cells))
    return Table(heads, rows)


def _region_names(form, page, values: list[dict]) -> dict[str, str]:
    keys = [c.field for c in page.columns if form.question(c.field).type == "region"]
    codes = {answers[key] for answers in values for key in keys if answers.get(key)}
    if not codes:
        return {}
    regions = in_force(Region.objects.filter(code__in=codes))
    return {one.code: pick({"zh": one.name, "en": one.name_en}) for one in regions}


def _text(question, value, names: dict[str, str]) -> str:
    if value in (None, "", []) or question.is_sealed:
        return ""
    if question.type == "yes_no":
        return _("Yes") if value else _("No")
    if question.type == "region":
        return names.get(value, str(value))
    if question.type in ("choice", "multi_choice"):
        labels = {option.value: pick(option.label) for option in question.options}
        chosen = value if isinstance(value, list) else [value]
        return _(", ").join(labels.get(one, str(one)) for one in chosen)
    return Truncator(value).chars(LONGEST)
