"""Service items, and the pages that N-apps bring, as findables."""

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.napps.selectors import open_napps, version_manifest
from service_hub.finding.index import Findable
from service_hub.finding.registry import register_findables

from .selectors import LATELY, SERVICE, listed_items

PAGE = "page"


def stamp(end: str | None) -> str:
    """Changes with every publication, opening and closing; once an hour for how much is used."""
    rows = listed_items(end).order_by("pk").values_list("pk", "published_at", "state")
    return f"{timezone.now():%Y%m%d%H}{hash(tuple(rows))}"


def load(end: str | None) -> list[Findable]:
    """Every item that people find; how often it was used lately decides between equals."""
    lately = Q(cases__submitted_at__gte=timezone.now() - LATELY)
    items = listed_items(end).annotate(used=Count("cases", filter=lately))
    return [_of_item(item) for item in items]


def _of_item(item) -> Findable:
    guide = item.guide
    body = (*guide["who"].values(), *guide["get"].values(), *_texts(guide.get("conditions", [])))
    papers = tuple(text for one in guide.get("materials", []) for text in one["name"].values())
    return Findable(
        SERVICE,
        str(item.pk),
        item.title,
        item.summary,
        tuple(item.keywords),
        (*body, *papers),
        "guide",
        (item.napp.slug, item.key),
        icon=item.icon,
        used=item.used,
    )


def _texts(rows) -> list[str]:
    return [text for row in rows for text in row.values()]


def napp_stamp(end: str | None) -> str:
    """Changes when an N-app is opened, closed or gets a new version."""
    rows = _napps(end).order_by("pk").values_list("pk", "current_id")
    return str(hash(tuple(rows)))


def napp_pages(end: str | None) -> list[Findable]:
    """The pages of words that open N-apps put before the public."""
    ends = {end} if end else {"public", "enterprise"}
    found = []
    for napp in _napps(end):
        for page in version_manifest(napp.current).section("pages"):
            if page.kind == "text" and ends & set(page.ends):
                found.append(_of_page(napp, page))
    return found


def _of_page(napp, page) -> Findable:
    words = page.model_dump(mode="json")
    return Findable(
        PAGE,
        f"{napp.slug}/{page.key}",
        words["title"],
        napp.title,
        (),
        tuple(_words_in(words["blocks"])),
        "napp_page",
        (napp.slug, page.key),
        icon=page.icon,
    )


def _words_in(value):
    """Every text of a page, in both languages."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in ("zh", "en") and isinstance(one, str):
                yield one
            else:
                yield from _words_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words_in(one)


def _napps(end: str | None):
    if end:
        return open_napps(end).select_related("current")
    return (open_napps("public") | open_napps("enterprise")).select_related("current")


register_findables(SERVICE, _("Services"), stamp=stamp, load=load, order=10)
register_findables(PAGE, _("Pages"), stamp=napp_stamp, load=napp_pages, order=40)
