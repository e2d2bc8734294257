"""Values that the platform has itself: counted from the records of an N-app, or looked up in a
registered data set.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, Q, Sum, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.rules.lookups import Finder, source_named
from platform_core.common.days import midnight
from platform_core.common.i18n import pick
from platform_core.napps.selectors import napp_by_slug

from .periods import bounds
from .values import NoValue, read_value

AMOUNT = DecimalField(max_digits=24, decimal_places=6)
PLAIN_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"


def from_sources(version, organs, period: str, today) -> dict[int, dict]:
    """{organ's id: {"amount", "text", "origin", "source"}} of what is known without asking.

    One query for records whatever the number of organs. An organ below whose region there is no
    record in the period is left out: no record does not mean none. A period that is not over on the
    day `today` has no figure yet.
    """
    source = version.source or {}
    if source.get("kind") == "records":
        return _from_records(source, organs, period, today)
    if source.get("kind") == "dataset":
        return _from_dataset(version, source, organs, today)
    return {}


def _from_records(source: dict, organs, period: str, today) -> dict[int, dict]:
    first, last = bounds(period)
    if last >= today:
        return {}
    since, until = midnight(first), midnight(last + timedelta(days=1))
    found = Record.objects.filter(
        napp__slug=source["napp"], form_key=source["form"], region__isnull=False,
        created_at__gte=since, created_at__lt=until,
    )  # fmt: skip
    figure = Count("pk") if source["what"] == "count" else _sum_of(source["question"])
    rows = list(found.values("region__path").annotate(n=figure).values_list("region__path", "n"))
    title = napp_title(source["napp"])
    known = {}
    for organ in organs:
        amounts = [n for path, n in rows if path.startswith(organ.region.path) and n is not None]
        if amounts:
            known[organ.pk] = {
                "amount": Decimal(sum(amounts)),
                "text": "",
                "origin": "records",
                "source": {"title": title, "napp": source["napp"], "form": source["form"]},
            }
    return known


def _sum_of(question: str) -> Sum:
    # Answers were typed by people: only what reads as a number is cast.
    text = KeyTextTransform(question, "data")
    return Sum(Case(When(Q(**{f"data__{question}__regex": PLAIN_NUMBER}), then=Cast(text, AMOUNT)),
                    output_field=AMOUNT))  # fmt: skip


def napp_title(slug: str) -> dict:
    """The N-app's name in both languages; its slug when it is no more."""
    napp = napp_by_slug(slug)
    return napp.title if napp else {"zh": slug, "en": slug}


def _from_dataset(version, source: dict, organs, today) -> dict[int, dict]:
    named = source_named(source["name"])
    if named is None:
        return {}
    find, known = Finder(today), {}
    for organ in organs:
        key = organ.code if source["by"] == "organ" else organ.region.code
        value = find(source["name"], key, source["column"])
        if value is None or value == "":
            continue
        try:
            read = read_value(version, pick(value) if isinstance(value, dict) else str(value))
        except NoValue:
            continue
        known[organ.pk] = {
            **read, "origin": "dataset", "source": {"title": named.label, "name": source["name"]}
        }  # fmt: skip
    return known
