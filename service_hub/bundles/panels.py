"""Beside a task of the office: the life event that its case is a part of."""

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.panels import Panel, register_panel
from service_hub.cases.selectors import case_for
from service_hub.cases.services import SUBJECT

from . import selectors, standing, words

TEMPLATE = "service_hub/panels/bundle.html"


def beside(user, case) -> dict | None:
    """The whole, what the other offices have of it, and the papers that came once for several: None
    for a case that was filed alone. Officials learn state and organ of each part; number and page
    only of those that they may read.
    """
    whole = selectors.bundle_beside(user, case)
    if whole is None:
        return None
    now = timezone.now()
    children = selectors.children_of(whole, now)
    state = standing.state_of(children)
    may_read = selectors.readable_among(user, whole)
    return {
        "whole": whole,
        "kind": words.SHOWN[state][0],
        "state": words.office_words(state),
        "due_at": standing.due_of(children),
        "due": words.light(children, now),
        "parts": [
            {"case": one, "is_this": one.pk == case.pk, "may_read": one.pk in may_read}
            for one in whole.cases.all()
        ],
        "papers": selectors.shared_papers(whole),
    }


def panel(user, case_id: str, _hidden=frozenset()) -> list[Panel]:
    """Nothing unless the case belongs to a life event."""
    found = beside(user, case_for(user, case_id))
    return [Panel(_("Part of a life event"), TEMPLATE, found, order=12)] if found else []


register_panel(SUBJECT, panel)
