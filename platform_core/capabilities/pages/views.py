"""A page of an N-app, drawn inside whichever service end shows it."""

from django.core.paginator import Paginator
from django.shortcuts import render

from platform_core.napps.models import NAppVersion
from platform_core.napps.selectors import require_reachable

from . import selectors, tables

BASES = {
    "public": "base_portal.html",
    "enterprise": "base_enterprise.html",
    "office": "base_office.html",
}
ROWS = 20


def render_page(request, napp_version: NAppVersion, page_key: str, end: str):
    """The answer for one page at `end` ("public", "enterprise", "office").

    Http404 while the N-app may not be reached, and for a page that is not there or not for this
    end.
    """
    require_reachable(napp_version.napp.slug)
    page = selectors.page_of(napp_version, page_key, end)
    context = {"page": page, "base": BASES[end], "is_office": end == "office"}
    if page.kind == "records":
        records = tables.records_shown(napp_version.napp, page.form, request.user)
        shown = Paginator(records, ROWS).get_page(request.GET.get("page"))
        context |= {"shown": shown, "table": tables.table_of(napp_version, page, shown.object_list)}
    return render(request, f"pages/{page.kind}.html", context)
