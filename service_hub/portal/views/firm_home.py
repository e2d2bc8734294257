"""The first page of a firm: what waits for it, its cases, its members."""

from service_hub.benefits.matching import FITS
from service_hub.benefits.selectors import language, matches_for
from service_hub.bundles.selectors import open_bundles
from service_hub.cases import choosing
from service_hub.cases import selectors as cases
from service_hub.firms.selectors import may_manage, member_lines
from service_hub.items import selectors as items

from ..cards import case_cards, case_filters, draft_cards, todo_lines
from ..ends import owner_key, page
from ..place import where

SHOWN = 6
FEW = 5


def _after_corrections(line: dict) -> bool:
    return not line["todo"].key.startswith("correct:")


def firm_home(request, firm, most_used):
    """The home of whoever acts for a firm. As many queries however many things wait."""
    found = cases.cases_of(request.user, firm)
    members = member_lines(request.user, firm)
    fitting = [one for one in matches_for(request.user, firm, language()) if one.result == FITS]
    context = {
        "todos": sorted(todo_lines(request, request.actor), key=_after_corrections),
        "mine": case_cards(request, found[:SHOWN]),
        "drafts": draft_cards(request.user, owner_key(request), firm)[:FEW],
        "filters": case_filters(choosing.choices_for(request.user, firm), choosing.Wish()),
        "mandate": next(one for one in members if one.is_me),
        "members": members[:FEW],
        "member_count": len(members),
        "may_manage": may_manage(request.user, firm),
        "fitting": fitting[:FEW],
        "most_used": most_used,
        "bundles": open_bundles("enterprise")[:FEW],
        "suspended": items.suspended_items("enterprise")[:FEW],
        **where(request),
    }
    return page(request, "firm/home", context)
