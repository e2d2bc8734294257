"""Dashboards in the office: the page, the lists behind its figures, its tables as files."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from collab_hub.office.access import office_page
from platform_core.common.organs import organ_words
from platform_core.common.spreadsheets import write_csv, write_xlsx

from . import listing, page, selectors, services
from .periods import Period
from .policies import scope_for
from .ratings import rating_page
from .slices import Slice
from .titles import titles_of

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": SHEET}


def _asked(request) -> tuple:
    """(scope, period) of the address."""
    sent = request.GET
    period = Period.read(sent.get("period", ""), sent.get("at", ""), timezone.localdate())
    return scope_for(request.user, sent), period


@require_safe
@office_page
def dashboard(request):
    """How the work of a unit is going."""
    scope, period = _asked(request)
    found = page.compose(scope, period)
    units = {"period": period.kind, "at": period.key}
    context = {
        "page": found,
        "oldest": listing.oldest(request.user, scope, found.now),
        "tail": urlencode(found.parameters),
        "kinds": page.kinds_of_period(scope, period),
        "earlier": _address(scope, period.moved(-1)),
        "later": _address(scope, period.moved(1)) if _has_begun(period.moved(1)) else "",
        "units": _choice(scope, units),
        "above": f"?{urlencode({'unit': scope.above.pk, **units})}" if scope.above else "",
        "alone": f"?{urlencode({**found.parameters, 'alone': 1})}",
        "together": f"?{urlencode({**found.parameters, 'alone': 0})}",
    }  # fmt: skip
    return render(request, "office/dashboards/dashboard.html", context)


def _choice(scope, parameters: dict) -> list[dict]:
    """The units that the reader works in, and the one that is shown; none where that is all."""
    units = scope.own if scope.unit in scope.own else [*scope.own, scope.unit]
    return [
        {
            "id": one.pk,
            "label": organ_words(one),
            "current": one == scope.unit,
            "url": f"?{urlencode({'unit': one.pk, **parameters})}",
        }
        for one in units
        if one is not None and len(scope.own) > 1
    ]


def _has_begun(period: Period) -> bool:
    return period.first <= timezone.localdate()


def _address(scope, period: Period) -> str:
    return f"?{urlencode(page.parameters_of(scope, period))}"


@require_safe
@office_page
def rows(request):
    """The lines behind a figure."""
    scope, period = _asked(request)
    now, sent = timezone.now(), request.GET
    chosen = Slice.read(sent, timezone.localdate())
    here = f"{chosen.address()}&{urlencode(page.parameters_of(scope, period))}"
    shown = listing.page(
        request.user, scope, chosen, now, after=sent.get("after", ""), before=sent.get("before", "")
    )
    context = {
        "shown": shown,
        "total": selectors.count_of(scope, chosen, now),
        "titles": titles_of(scope, chosen),
        "stands_in": scope.stands_in,
        "days": chosen.days,
        "is_open": chosen.what == "open",
        "has_names": scope.has_names,
        "unit_name": page.unit_name(scope),
        "back": f"{reverse('dashboard')}{_address(scope, period)}",
        "older_url": f"?{here}&{urlencode({'after': shown.after})}" if shown.after else "",
        "newer_url": f"?{here}&{urlencode({'before': shown.before})}" if shown.before else "",
    }
    return render(request, "office/dashboards/list.html", context)


@require_safe
@office_page
def rated(request):
    """The ratings behind a figure, for the head of the unit."""
    scope, period = _asked(request)
    found = rating_page(request.user, scope, request.GET, timezone.localdate())
    sent = {key: request.GET.get(key, "") for key in ("from", "to", "grade")}
    here = urlencode({**sent, **page.parameters_of(scope, period)})
    context = {
        "found": found,
        "stands_in": scope.stands_in,
        "unit_name": page.unit_name(scope),
        "back": f"{reverse('dashboard')}{_address(scope, period)}",
        "newer_url": f"?{here}&page={found.number - 1}" if found.number > 1 else "",
        "older_url": f"?{here}&page={found.number + 1}" if found.number < found.pages else "",
    }
    return render(request, "office/dashboards/ratings.html", context)


@require_safe
@office_page
def export(request, ending):
    """The tables as a workbook, or one of them (`table`) as CSV."""
    if ending not in TYPES:
        raise Http404
    scope, period = _asked(request)
    found = page.compose(scope, period)
    tables = found.all_tables
    key = request.GET.get("table", "") if ending == "csv" else "all"
    if ending == "csv":
        table = found.tables.get(key) if key else tables[0]
        if table is None:
            raise Http404
        key = table.key
        content = write_csv(table.headers, table.values())
    else:
        first, *more = [(str(one.title), one.headers, one.values()) for one in tables]
        content = write_xlsx(*first, more=more)
    if scope.has_names and key in ("all", "people"):
        services.note_export(actor=request.actor, scope=scope, table=key, ending=ending)
    answer = HttpResponse(content, content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="dashboard-{key}-{period.key}.{ending}"'
    return answer
