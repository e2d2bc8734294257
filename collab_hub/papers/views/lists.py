"""The lists of papers: the organ's own, what came in, what was passed round, and a search."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from platform_core.common.paging import page_of

from .. import selectors

PAGE = 50
LONGEST_SEARCH = 60


@require_safe
@office_page
def papers(request):
    """One of the lists, narrowed by what was searched for."""
    wanted = request.GET.get("view", "in")
    view = wanted if wanted in selectors.VIEWS else "in"
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    if view == "in":
        found = selectors.receipts_for(request.user, text, is_open="filed" not in request.GET)
    elif view == "read":
        found = selectors.passed_to(request.user, text)
    else:
        found = selectors.papers_for(request.user, view, text)
    page = page_of(found, PAGE, request.GET.get("page"))
    words = {
        "in": pgettext("papers", "Received"),
        "out": pgettext("papers", "Ours"),
        "read": pgettext("papers", "To read"),
        "all": _("Search all"),
    }
    context = {
        "view": view,
        "q": text,
        "page": page,
        "filed": "filed" in request.GET,
        "rows": [{"row": one, "due": selectors.light(one)} for one in page]
        if view == "in"
        else [{"row": one} for one in page],
        "tabs": [
            {"url": f"?view={key}", "label": label, "current": key == view, "count": None}
            for key, label in words.items()
        ],
    }
    return render(request, "office/papers/papers.html", context)
