"""The first page of each end: search, what needs me, life events, most used, last month's
figures.
"""

from django.core.cache import cache
from django.utils import timezone

from service_hub.cases import selectors as cases
from service_hub.items import selectors as items

from ..cards import case_cards, draft_cards
from ..ends import actor_of, end_of, owner_key, page

SHOWN = 3
FIGURES_SECONDS = 600


def home(request):
    end, actor = end_of(request), actor_of(request)
    themes = items.themes_with_items(end)
    context = {
        "themes": themes,
        "most_used": items.most_used(end),
        "chips": [item for item in items.most_used(end, 4)],
        "figures": figures(),
        "online": items.online_count(),
        "mine": [],
        "open_drafts": draft_cards(actor.user, owner_key(request), actor.firm)[:SHOWN],
    }
    if actor.user and (end == "public" or actor.firm):
        context["mine"] = case_cards(request, cases.cases_of(actor.user, actor.firm)[:SHOWN])
    return page(request, "home", context)


def figures() -> dict:
    """Last month's figures; they only change with the calendar and with ratings that come late."""
    today = timezone.localdate()
    key = f"portal.figures.{today:%Y%m}"
    found = cache.get(key)
    if found is None:
        found = cases.last_month(today)
        cache.set(key, found, FIGURES_SECONDS)
    return found
