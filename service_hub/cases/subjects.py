"""Cases as the subjects of processes: their page in the office, the item that they are about."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from platform_core.common.subjects import ItemSource, register_items, register_subject
from security.access import visible_to
from service_hub.items.selectors import item_titles

from .locking import SUBJECT
from .models import Case


def case_pages(user, ids) -> dict:
    """{id of a case: the office's page of it} of those that `user` may read; one query."""
    mine = visible_to(user, "read", Case.objects.filter(pk__in=list(ids))) if ids else ()
    return {one.pk: reverse("office_case", args=[one.pk]) for one in mine}


def item_of(instance: str) -> Subquery:
    """The id of the item of the case that a process is about."""
    return Subquery(Case.objects.filter(process=OuterRef(instance)).values("item")[:1])


register_subject(SUBJECT, case_pages)
register_items(ItemSource(item_of, item_titles))
