"""Policies that fit the firm, with the reasons."""

from django.core.paginator import Paginator

from service_hub.benefits import selectors

from ..ends import for_firm
from ..ends import page as draw

PAGE_SIZE = 20


@for_firm
def policies(request, firm):
    """Every policy in force, those that fit first."""
    found = selectors.matches_for(request.user, firm, selectors.language())
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return draw(request, "firm/policies", {"shown": shown})


@for_firm
def policy(request, firm, benefit_id):
    """One policy with each of its conditions."""
    found = selectors.match_for(request.user, firm, benefit_id, selectors.language())
    return draw(request, "firm/policy", {"one": found})
