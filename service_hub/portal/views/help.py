"""The help centre: guides in plain words, and ways on when a question stays open."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from service_hub.help.guides import GROUPS, guide_named
from service_hub.help.shapes import Way
from service_hub.inquiries import selectors as questions

from ..ends import end_of, page
from ..place import place_of_reader

ASKED_SHOWN = 3


def centre(request):
    """All guides by what they are about, and what others have asked lately."""
    context = {
        "groups": GROUPS,
        "faq": questions.published()[:ASKED_SHOWN],
        **_asking(request),
    }
    return page(request, "help/centre", context)


def guide(request, key: str):
    """One guide with the places that it leads to."""
    found = guide_named(key)
    if found is None:
        raise Http404
    context = {
        "guide": found,
        "sections": [(one, [_link(request, way) for way in one.ways]) for one in found.sections],
        "others": next(group for _title, group in GROUPS if found in group),
        **_asking(request),
    }
    return page(request, "help/guide", context)


def _asking(request) -> dict:
    """What leads on to a question: the days in which it is answered, the reader's place."""
    region = place_of_reader(request)
    place = region.code if region else ""
    return {"answer_days": settings.QUESTION_ANSWER_DAYS, "place_code": place}


def _link(request, way: Way) -> dict:
    """{words, url, icon}; pages of the portal lead to the end where the reader is."""
    end = "enterprise" if end_of(request) == "enterprise" else "portal"
    url = reverse(way.view, args=way.args, current_app=end)
    return {"words": way.words, "url": url, "icon": way.icon}
