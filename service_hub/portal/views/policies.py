"""Policies that fit the firm, with the reasons."""

from django.core.paginator import Paginator
from django.utils.translation import get_language

from service_hub.benefits import selectors

from ..ends import for_firm
from ..ends import page as draw

PAGE_SIZE = 20


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


@for_firm
def policies(request, firm):
    """Every policy in force, those that fit first."""
    found = selectors.matches_for(request.user, firm, _language())
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return draw(request, "firm/policies", {"shown": shown})


@for_firm
def policy(request, firm, benefit_id):
    """One policy with each of its conditions."""
    found = selectors.match_for(request.user, firm, benefit_id, _language())
    return draw(request, "firm/policy", {"one": found})
