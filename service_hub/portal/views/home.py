"""The first page of each end: search, what needs me, life events, most used, last month's
figures.
"""

import structlog
from django.core.cache import cache
from django.utils import timezone

from service_hub.cases import selectors as cases
from service_hub.items import selectors as items

from ..cards import case_cards, draft_cards
from ..ends import actor_of, end_of, owner_key, page
from ..place import where

log = structlog.get_logger(__name__)
SHOWN = 3
CHIPS = 4
FIGURES_SECONDS = 600


def home(request):
    end, actor = end_of(request), actor_of(request)
    themes, most_used = items.themes_with_items(end), items.most_used(end)
    context = {
        "themes": themes,
        "most_used": most_used,
        "chips": most_used[:CHIPS],
        "figures": figures(),
        "online": items.online_count(),
        "mine": [],
        "open_drafts": [],
        **where(request),
    }
    if end == "public" or actor.firm:
        key = owner_key(request)
        context["open_drafts"] = draft_cards(actor.user, key, actor.firm)[:SHOWN]
    if actor.user and (end == "public" or actor.firm):
        context["mine"] = case_cards(request, cases.cases_of(actor.user, actor.firm)[:SHOWN])
    return page(request, "home", context)


def figures() -> dict:
    """Last month's figures; they only change with the calendar and with ratings that come late."""
    today = timezone.localdate()
    key = f"portal.figures.{today:%Y%m}"
    try:
        found = cache.get(key)
    except Exception as error:
        # Without the cache the page is only slower.
        log.warning("portal.cache", error=type(error).__name__)
        return cases.last_month(today)
    if found is None:
        found = cases.last_month(today)
        cache.set(key, found, FIGURES_SECONDS)
    return found
