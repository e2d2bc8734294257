"""Reads of a firm's spreadsheets."""

import json
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.sheets import columns_of, why_not
from security.access import get_or_404, visible_to
from service_hub.items.selectors import forms_of_open_items

from .models import Batch, BatchRow

State = BatchRow.State


def form_of(item):
    """The form of an item in the version in force."""
    return forms_of(item.napp_version)[item.form_key]


def reason_against(item) -> str:
    """Why the item cannot be filed by spreadsheet, in words, or ""."""
    return why_not(form_of(item))


def items_by_sheet() -> list:
    """The open services of firms that can be filed by spreadsheet, by title."""
    pairs = forms_of_open_items("enterprise")
    return [item for item, form in pairs if not why_not(form)]


def batches_of(user, firm):
    """The firm's spreadsheets, newest first, with how many rows each has and how many are filed."""
    filed = Count("rows", filter=Q(rows__state=State.FILED))
    found = visible_to(user, "view", Batch.objects.filter(firm=firm))
    found = found.select_related("item__napp", "by").annotate(total=Count("rows"), filed=filed)
    return found.order_by("-made_at")


def batch_for(user, firm, batch_id) -> Batch:
    """The spreadsheet for a member who may apply in its service, else Http404."""
    found = Batch.objects.filter(firm=firm).select_related("item__napp", "item__napp_version", "by")
    return get_or_404(user, "view", found, pk=batch_id)


@dataclass(frozen=True)
class Counts:
    """How many rows stand where."""

    ready: int
    wrong: int
    filed: int
    refused: int

    @property
    def total(self) -> int:
        return self.ready + self.wrong + self.filed + self.refused

    @property
    def percent(self) -> int:
        under_way = self.ready + self.filed + self.refused
        return 100 * (self.filed + self.refused) // under_way if under_way else 0


def counts_of(batch: Batch) -> Counts:
    """How many rows of the spreadsheet stand where; one query."""
    rows = batch.rows.order_by().values_list("state").annotate(n=Count("pk"))
    found = Counter(dict(rows))
    return Counts(*(found[one] for one in ("ready", "wrong", "filed", "refused")))


def rows_of(batch: Batch, states):
    """The rows in these states, by number."""
    return batch.rows.filter(state__in=states).select_related("case").order_by("number")


def cells_wrong(batch: Batch, row: BatchRow) -> list[dict]:
    """What is wrong in a row: {cell, title, said}, as the spreadsheet names its cells."""
    titles = {column.key: column.title for column in columns_of(form_of(batch.item))}
    order = {key: n for n, key in enumerate(titles)}
    found = sorted(row.errors.items(), key=lambda pair: order.get(pair[0], -1))
    return [
        {
            "cell": f"{batch.columns[key]}{row.number}" if key in batch.columns else "",
            "title": titles.get(key, ""),
            "said": " ".join(said),
        }
        for key, said in found
    ]


def answers_of(row: BatchRow) -> dict:
    """The answers of a row that was not filed yet, by field key."""
    return json.loads(row.answers) if row.answers else {}


def result_titles() -> list[str]:
    """The titles of the columns that a download of results adds."""
    return [_("Row"), _("State"), _("Case number"), _("What is wrong")]


def result_titles_known() -> set[str]:
    """The same in both languages: in a file that comes back they are no answers."""
    found = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= set(result_titles())
    return found
