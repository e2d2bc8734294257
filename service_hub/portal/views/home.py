"""The first page of each end: search, what needs me, life events, most used, last month's
figures.
"""

import structlog
from django.core.cache import cache
from django.utils import timezone
from django.views.decorators.http import require_POST

from service_hub.bundles.selectors import open_bundles
from service_hub.cases import selectors as cases
from service_hub.items import selectors as items

from ..cards import case_cards, draft_cards, todo_lines
from ..ends import actor_of, end_of, go, owner_key, page
from ..place import place_of_reader, where
from ..recent import forget_read, recent_items
from .firm_home import firm_home

log = structlog.get_logger(__name__)
SHOWN = 3
POPULAR = 6
# Kept with some more, so that the list stays full when one of them closes.
MOST_POPULAR = 12
CHIPS = 4
FIGURES_SECONDS = 600


def home(request):
    end, actor = end_of(request), actor_of(request)
    most_used = popular(end, place_of_reader(request))
    if end == "enterprise" and actor.firm:
        return firm_home(request, actor.firm, most_used)
    themes = items.themes_with_items(end)
    context = {
        "themes": themes,
        "bundles": open_bundles(end)[:POPULAR],
        "most_used": most_used,
        "chips": most_used[:CHIPS],
        "figures": figures(),
        "online": items.online_count(),
        "suspended": items.suspended_items(end)[:SHOWN],
        "mine": [],
        "open_drafts": [],
        "recent": recent_items(request),
        **where(request),
    }
    if end == "public":
        context["open_drafts"] = draft_cards(actor.user, owner_key(request))[:SHOWN]
    if actor.user and end == "public":
        context["todos"] = todo_lines(request, actor)
        context["mine"] = case_cards(request, cases.cases_of(actor.user)[:SHOWN])
    return page(request, "home", context)


def popular(end: str, region) -> list:
    """What is used most around the reader. The order changes slowly and is kept; whether a service
    is open is asked each time.
    """
    city = region.path.split("/")[1] if region else ""
    ids = _kept(
        f"portal.popular.{end}.{city}",
        lambda: [str(item.pk) for item in items.most_used(end, region, MOST_POPULAR)],
    )
    found = items.items_by_id(ids)
    still = [found[one] for one in ids if one in found and items.takes_new_cases(found[one])]
    return still[:POPULAR] or items.most_used(end, region, POPULAR)


@require_POST
def forget_recent(request):
    """Forget which guides were read in this browser."""
    answer = go(request, "home")
    forget_read(answer)
    return answer


def figures() -> dict:
    """Last month's figures; they only change with the calendar and with ratings that come late."""
    today = timezone.localdate()
    return _kept(f"portal.figures.{today:%Y%m}", lambda: cases.last_month(today))


def _kept(key: str, compute):
    """What `compute` gives, from the cache for some minutes."""
    try:
        found = cache.get(key)
    except Exception as error:
        # Without the cache the page is only slower.
        log.warning("portal.cache", error=type(error).__name__)
        return compute()
    if found is None:
        found = compute()
        cache.set(key, found, FIGURES_SECONDS)
    return found
