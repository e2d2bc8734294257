"""The public board: how services are rated, and what becomes of bad reviews. Open to everybody."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.i18n import pick
from platform_core.common.screening import publishable
from platform_core.common.spreadsheets import write_csv
from service_hub.cases.people import organ_name
from service_hub.items.models import ServiceItem

from . import board as figures
from .board import AREA, CHANNEL, ITEM, MONTH, ORGAN
from .options import CATEGORIES

PAGE_SIZE = 20
LATEST = 5


def board(request):
    """The figures of everything chosen, and the table by area, organ, item, channel or month."""
    filters, by = figures.chosen(request.GET)
    context = {
        "filters": filters,
        "total": figures.total(filters),
        "rows": _rows(request, filters, by),
        "by": by,
        "ways": [(key, words, _with(request, by=key)) for key, words in ways().items()],
        "way": ways()[by],
        "columns": columns().values(),
        "chosen": _chosen(request, filters),
        "months": _months(filters),
        "counters": figures.counters(filters),
        "reviews": _reviews(figures.fixed_reviews(filters)[:LATEST]),
        "query": request.GET.urlencode(),
    }
    return render(request, "evaluations/board.html", context)


def figures_csv(request):
    """The table as a file for spreadsheets."""
    filters, by = figures.chosen(request.GET)
    names = columns()
    lines = [
        [row["name"], *(_plain(getattr(row["figures"], key)) for key in names)]
        for row in _rows(request, filters, by)
    ]
    answer = HttpResponse(
        write_csv([ways()[by], *names.values()], lines), content_type="text/csv; charset=utf-8"
    )
    name = f"ratings-{by}-{filters.first:%Y%m}-{figures.last_month(filters):%Y%m}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def reviews(request):
    """Bad reviews that are closed, with what was done about them."""
    filters, _by = figures.chosen(request.GET)
    found = Paginator(figures.fixed_reviews(filters), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "reviews": _reviews(shown),
        "chosen": _chosen(request, filters),
        "query": request.GET.urlencode(),
    }
    return render(request, "evaluations/board_reviews.html", context)


def ways() -> dict[str, str]:
    """By what the table can be divided."""
    return {
        AREA: _("Area"),
        ORGAN: pgettext("of government", "Office"),
        ITEM: _("Service"),
        CHANNEL: pgettext("of a service", "Channel"),
        MONTH: _("Month"),
    }


def columns() -> dict[str, str]:
    """The figures of the table, by their key."""
    return {
        "cases": _("Cases"),
        "services": _("Services that can be rated"),
        "ratings": _("Ratings"),
        "active_rate": _("Rated, %"),
        "good_rate": _("Good, %"),
        "bad": _("Bad"),
        "in_time_rate": _("Put right in time, %"),
        "called_back_rate": _("Called back, %"),
        "hours": _("Hours to an answer"),
        "excluded": _("Excluded"),
    }


def channel_words(channel: str) -> str:
    """How a service was given."""
    known = {
        "web": _("Online"),
        "window": _("At the window"),
        "phone": _("By phone"),
        "api": _("Other programs"),
        "proxy": _("By a helper"),
        "batch": _("From a firm's list"),
    }
    return known.get(channel, channel)


def _rows(request, filters, by: str) -> list[dict]:
    found = figures.groups(filters, by)
    names = figures.names_of([group.key for group in found], by)
    return [
        {
            "name": _name(group.key, by, names),
            "url": _into(request, group.key, by, names),
            "figures": group.figures,
        }
        for group in found
    ]


def _name(key, by: str, names: dict) -> str:
    if by == MONTH:
        return date_format(key, pgettext("date format", "F Y"))
    if by == CHANNEL:
        return channel_words(key)
    one = names.get(key)
    if one is None:
        return _("Advice or something else") if by == ITEM else str(key).rstrip("/")
    return pick(one.title) if isinstance(one, ServiceItem) else organ_name(one)


def _into(request, key, by: str, names: dict) -> str:
    """The address of the same page for one row: an area opens its own areas or its organs."""
    one = names.get(key)
    if by == CHANNEL:
        return _with(request, channel=key, by=ITEM)
    if by == ORGAN and one:
        return _with(request, organ=one.pk, by=ITEM)
    if by == ITEM and one:
        return _with(request, item=one.pk, by=ORGAN)
    if by == AREA and one:
        deeper = one.level < one.Level.COUNTY and request.GET.get("area") != one.code
        return _with(request, area=one.code, by=AREA if deeper else ORGAN)
    return ""


def _with(request, **changes) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _without(request, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return f"?{query.urlencode()}"


def _chosen(request, filters) -> list[dict]:
    """What the figures are narrowed to, each with the address without it."""
    found = [
        ("area", filters.region and organ_name(filters.region)),
        ("organ", filters.department and organ_name(filters.department)),
        ("item", filters.item and pick(filters.item.title)),
        ("channel", channel_words(filters.channel) if filters.channel else ""),
    ]
    return [{"name": name, "url": _without(request, key)} for key, name in found if name]


def _months(filters) -> dict:
    return {"first": f"{filters.first:%Y-%m}", "last": f"{figures.last_month(filters):%Y-%m}"}


def _reviews(orders) -> list[dict]:
    return [
        {
            "item": pick(one.evaluation.item.title)
            if one.evaluation.item
            else _("Advice or something else"),
            "organ": organ_name(one.evaluation.department),
            "month": one.evaluation.served_at,
            "grade": one.evaluation.get_grade_display(),
            "later": one.evaluation.get_later_grade_display() if one.evaluation.later_grade else "",
            "about": [CATEGORIES[key] for key in one.categories if key in CATEGORIES],
            "text": publishable(one.evaluation.text),
            "answer": publishable(one.answer),
            "outcome": one.get_outcome_display(),
        }
        for one in orders
    ]


def _plain(value):
    return "" if value is None else value
