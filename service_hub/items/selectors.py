"""Reads of service items. What a person may see follows from the state of the N-app at this
moment.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.forms.capability import forms_of
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole
from platform_core.napps.models import NApp
from service_hub.catalogue.suspension import covering, covers
from service_hub.finding.selectors import Answer, find

from .models import ServiceItem
from .themes import THEMES

AUDIENCE_OF_END = {"public": "person", "enterprise": "firm"}
MOST_LISTED = 500
SERVICE = "service"
LATELY = timedelta(days=90)
# Province and city.
CITY_LEVELS = 2


@dataclass
class Found:
    """What a search found: items in order, counts for the filters, and the whole answer with the
    hits of other kinds.
    """

    items: list[ServiceItem]
    facets: dict[str, int] = field(default_factory=dict)
    answer: Answer = field(default_factory=Answer)


def open_items(end: str | None = None):
    """Items that take new cases now; `end` is "public" or "enterprise" (None: both)."""
    return _of_end(end).filter(in_use())


def listed_items(end: str | None = None):
    """Items that people find: those in use, and the suspended ones with their notice."""
    return _of_end(end).exclude(state=ServiceItem.State.CANCELLED)


def suspended_items(end: str | None = None):
    """Items of open N-apps that are suspended today, by code."""
    today = timezone.localdate()
    return _of_end(end).filter(covering(today), state=ServiceItem.State.SUSPENDED)


def in_use() -> Q:
    """In use today: not suspended, or outside the days of the suspension."""
    state = ServiceItem.State
    outside = Q(state=state.SUSPENDED) & ~covering(timezone.localdate())
    return Q(state=state.IN_USE) | outside


def _of_end(end: str | None):
    items = ServiceItem.objects.filter(napp__state=NApp.State.OPEN).select_related("napp")
    if end:
        items = items.filter(napp__ends__contains=[end], audience__contains=[AUDIENCE_OF_END[end]])
    return items


def forms_of_open_items(end: str | None = None) -> list[tuple]:
    """(item, form) of every open item, by title; one query for the items."""
    found = open_items(end).select_related("napp", "napp_version").defer("napp_version__manifest")
    pairs = [(item, forms_of(item.napp_version)[item.form_key]) for item in found]
    return sorted(pairs, key=lambda pair: pick(pair[0].title))


def item_for(slug: str, key: str) -> ServiceItem:
    """One item whose guide may be read: its N-app is open or closed to new cases. Else Http404."""
    item = (
        ServiceItem.objects.filter(
            napp__slug=slug, key=key, napp__state__in=[NApp.State.OPEN, NApp.State.CLOSED]
        )
        .exclude(state=ServiceItem.State.CANCELLED)
        .select_related("napp", "napp_version")
        .first()
    )
    if item is None:
        raise Http404
    return item


def takes_new_cases(item: ServiceItem) -> bool:
    """Whether a new case may be filed for `item` now."""
    return item.napp.state == NApp.State.OPEN and not is_suspended(item)


def is_suspended(item: ServiceItem) -> bool:
    """Whether `item` is out of use today."""
    if item.state == ServiceItem.State.SUSPENDED:
        return covers(item, timezone.localdate())
    return item.state != ServiceItem.State.IN_USE


def still_takes_new_cases(item: ServiceItem) -> bool:
    """The same, asked of the database: `item` may have been read before somebody closed it."""
    found = ServiceItem.objects.filter(in_use(), pk=item.pk, napp__state=NApp.State.OPEN)
    return found.exists()


def search_items(
    text: str, *, end: str | None = None, theme="", department="", ways=(), listed=False
) -> Found:
    """Items that answer `text`, best first; without text all of them. As many queries whatever is
    found.

    `listed` takes in those that are suspended. `ways` narrows: "online" (no visit in person),
    "at_once" (done the same day), "anonymous".
    """
    items = listed_items(end) if listed else open_items(end)
    if theme:
        items = items.filter(theme=theme)
    if department:
        items = items.filter(department_kind=department)
    answer = find(text, end) if (text or "").strip() else None
    if answer is None:
        ranked = list(items[:MOST_LISTED])
    else:
        order = {hit.what.key: n for n, hit in enumerate(answer.by_kind.get(SERVICE, []))}
        found = items.filter(pk__in=order)
        ranked = sorted(found, key=lambda item: order[str(item.pk)])
    facets = Counter(way for item in ranked for way in ways_of(item))
    for way in ways:
        ranked = [item for item in ranked if way in ways_of(item)]
    return Found(ranked, dict(facets), answer or Answer())


def ways_of(item: ServiceItem) -> set[str]:
    """How a matter can be settled, as filters name it."""
    ways = {
        "online": item.is_online_only,
        "at_once": item.is_same_day,
        "anonymous": item.is_anonymous_allowed,
    }
    return {way for way, holds in ways.items() if holds}


def themes_with_items(end: str) -> list[tuple]:
    """[(theme, number of open items)] of an end, in the order of the themes; empty ones are
    left out.
    """
    counts = dict(open_items(end).order_by().values_list("theme").annotate(n=Count("id")))
    return [(theme, counts[key]) for key, theme in THEMES.items() if counts.get(key)]


def department_kinds_with_items(end: str) -> list[tuple[str, int]]:
    """[(department kind, number of open items)] of an end, most items first."""
    counts = open_items(end).order_by().values_list("department_kind").annotate(n=Count("id"))
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))


def most_used(end: str, region=None, limit: int = 6) -> list[ServiceItem]:
    """The open items with the most cases of the last 90 days in the city of `region`, else
    anywhere; the ones nobody used lately follow by code.
    """
    lately = Q(cases__submitted_at__gte=timezone.now() - LATELY)
    filed = Count("cases", filter=lately)
    order = ["-filed", "basic_code"]
    items = open_items(end).annotate(filed=filed)
    if region is not None:
        city = "/".join(region.path.split("/")[:CITY_LEVELS]) + "/"
        near = Count("cases", filter=lately & Q(cases__region__path__startswith=city))
        items, order = items.annotate(near=near), ["-near", *order]
    return list(items.order_by(*order)[:limit])


def items_by_id(ids) -> dict[str, ServiceItem]:
    """The reachable items with these ids (as text), by id as text."""
    wanted = [number for one in ids if (number := whole(one)) is not None]
    found = ServiceItem.objects.filter(
        pk__in=wanted, napp__state__in=[NApp.State.OPEN, NApp.State.CLOSED]
    ).select_related("napp", "napp_version")
    found = found.defer("napp_version__manifest")
    return {str(item.pk): item for item in found}


def item_titles(ids) -> dict[int, dict]:
    """{id: title in both languages} of these items in whatever state; one query."""
    return dict(ServiceItem.objects.filter(pk__in=list(ids)).values_list("pk", "title"))


def online_count() -> int:
    """How many open services need no visit in person."""
    return open_items().filter(visits=0).count()
