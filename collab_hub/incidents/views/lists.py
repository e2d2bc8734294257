"""The list of incidents."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from platform_core.common.organs import organ_words

from .. import selectors
from ..words import level_words

PAGE_SIZE = 30


@require_safe
@office_page
def incidents(request):
    """What runs, or what is over."""
    if not selectors.sees_incidents(request.user):
        raise Http404
    box = request.GET.get("box") if request.GET.get("box") in selectors.BOXES else "running"
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = selectors.incidents_for(request.user, box=box, text=text)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    words = {
        "running": pgettext("incident", "Running"),
        "ended": pgettext("incident", "Stood down"),
    }
    context = {
        "shown": shown,
        "rows": [
            {"incident": one, "organ": organ_words(one.organ), "level": level_words(one.level)}
            for one in shown
        ],
        "tabs": [
            {"url": f"?box={key}", "label": label, "current": key == box, "count": None}
            for key, label in words.items()
        ],
        "box": box,
        "q": text,
    }
    return render(request, "office/incidents/list.html", context)
