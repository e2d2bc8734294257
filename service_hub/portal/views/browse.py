"""Finding a service: search, themes and departments, the guide, pages of N-apps."""

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join

from platform_core.capabilities.forms.privacy import declarations, undeclared
from platform_core.capabilities.pages.views import render_page
from platform_core.common.i18n import pick
from platform_core.napps.selectors import require_reachable
from security.organs.kinds import KINDS, kind_title
from security.organs.selectors import departments_at
from service_hub.bundles.selectors import open_bundles
from service_hub.cases import selectors as cases
from service_hub.cases.numbers import looks_like_number, plain_number
from service_hub.cases.people import organ_name
from service_hub.finding.selectors import suggest as suggestions
from service_hub.finding.words import mark_spans
from service_hub.inquiries import selectors as questions
from service_hub.items import selectors as items
from service_hub.items.themes import THEMES

from ..ends import actor_of, end_of, go, link, owner_key, page
from ..finding import address_of, other_hits
from ..guides import guide_page
from ..place import place_of_reader, where
from ..recent import note_read

PAGE_SIZE = 20
ASKED_SHOWN = 3


def search(request):
    """Results for `q`, narrowed by theme, department and way. A case number leads to the case."""
    text = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    if looks_like_number(text):
        return _to_case(request, text)
    theme = THEMES.get(request.GET.get("theme", ""))
    department = request.GET.get("department", "")
    department = department if department in KINDS else ""
    ways = [way for way in request.GET.getlist("way") if way in {"online", "at_once", "anonymous"}]
    found = items.search_items(
        text,
        end=end_of(request),
        theme=theme.key if theme else "",
        department=department,
        ways=ways,
        listed=True,
    )
    region = place_of_reader(request)
    organs = departments_at(region) if region else {}

    def is_elsewhere(item) -> bool:
        return region is not None and item.department_kind not in organs

    # What nobody at the reader's place handles comes last.
    listed = sorted(found.items, key=is_elsewhere)
    shown = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    answer = found.answer
    context = {
        "q": text,
        "theme": theme,
        "bundles": open_bundles(end_of(request)).filter(theme=theme.key)
        if theme and not text
        else [],
        "department": kind_title(department) if department else None,
        "department_kind": department,
        "ways": ways,
        "facets": found.facets,
        "shown": shown,
        "hits": [
            {
                "item": item,
                "title": marked(pick(item.title), answer.marked),
                "organ": organ_name(organs.get(item.department_kind)),
                "is_elsewhere": is_elsewhere(item),
                "is_suspended": items.is_suspended(item),
            }
            for item in shown
        ],
        "top": shown.number == 1 and bool(text),
        "others": other_hits(request, answer),
        "read_as": answer.read_as,
        "popular": [] if listed else items.most_used(end_of(request), region),
        **where(request),
    }
    return page(request, "search", context)


def suggest(request):
    """What fits the words typed so far, for a script: {"hits": [{title, kind, url}]}."""
    text = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    found = suggestions(text, end_of(request)) if text else []
    hits = [
        {"title": pick(hit.what.title), "kind": hit.what.kind, "url": address_of(request, hit.what)}
        for hit in found
    ]
    answer = JsonResponse({"hits": hits})
    answer["Cache-Control"] = "private, max-age=60"
    return answer


def _to_case(request, text: str):
    case = cases.case_by_number(request.user, text)
    if case is not None:
        return go(request, "case", case.pk)
    return redirect(f"{link(request, 'follow')}?number={plain_number(text)}")


def marked(text: str, wanted: list[str]):
    """The text with what was searched for highlighted."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", part) if hit else part,)
            for part, hit in mark_spans(text, wanted)
        ),
    )


def services(request):
    """All services by theme, and the departments that offer them."""
    end = end_of(request)
    grouped: dict[str, list] = {}
    for item in items.open_items(end):
        grouped.setdefault(item.theme, []).append(item)
    context = {
        "bundles": open_bundles(end),
        "themes": [(theme, grouped[key]) for key, theme in THEMES.items() if key in grouped],
        "departments": [
            (kind, kind_title(kind), count)
            for kind, count in items.department_kinds_with_items(end)
        ],
    }
    return page(request, "services", context)


def guide(request, slug, key):
    """The guide of one item; a closed N-app's guide says that there are no new cases."""
    item = items.item_for(slug, key)
    region = place_of_reader(request)
    context = guide_page(item, actor_of(request), owner_key(request), region) | {
        "faq": questions.published(item)[:ASKED_SHOWN],
        "place_code": region.code if region else "",
        **where(request),
    }
    answer = page(request, "guide", context)
    note_read(request, answer, item)
    return answer


def purposes(request):
    """What the open services ask of people that is sensitive: for what, on what ground, how long
    it is kept.
    """
    found = [
        (item, declarations(form), [pick(one.label) for one in undeclared(form)])
        for item, form in items.forms_of_open_items(end_of(request))
    ]
    return page(request, "purposes", {"services": [one for one in found if one[1] or one[2]]})


def napp_page(request, slug, page):
    """A page that an N-app brings with it."""
    napp = require_reachable(slug)
    return render_page(request, napp.current, page, end_of(request))
