"""What the wallet holds besides certificates: papers that I gave, and answers that are saved."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.display import in_words, reading_of
from platform_core.capabilities.forms.earlier import (
    allows_earlier,
    forget_answer,
    saved_answers,
)
from service_hub.materials import given

from ..ends import actor_of, for_person, go, page

PAGE_SIZE = 20
LONGEST_KEY = 60


@for_person
def papers(request):
    """The files that I gave for cases, where each was used, and whether it is offered again; POST
    `withdraw` or `offer` changes that.
    """
    actor = actor_of(request)
    if request.method == "POST":
        is_offered = "offer" in request.POST
        code, _colon, content = request.POST.get(
            "offer" if is_offered else "withdraw", ""
        ).partition(":")
        given.offer_paper(
            actor=actor, code=_short(code), content=_short(content, 64), is_offered=is_offered
        )
        said = _("It is offered again.") if is_offered else _("It is offered no more.")
        messages.success(request, said)
        return go(request, "papers")
    shown = Paginator(given.papers_given(actor.user, actor.firm), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {"shown": shown, "is_allowed": allows_earlier(actor.user), "tab": "papers"}
    return page(request, "papers", context)


@for_person
def answers(request):
    """The answers that fill in new forms; POST `forget` takes one of them out."""
    actor = actor_of(request)
    if request.method == "POST":
        napp, form_key, field = [*request.POST.get("forget", "").split(":"), "", ""][:3]
        forget_answer(
            actor=actor, napp=_short(napp), form_key=_short(form_key), field=_short(field)
        )
        messages.success(request, _("This answer fills in no form any more."))
        return go(request, "saved_answers")
    saved = saved_answers(actor)
    reading = reading_of([(one.question, one.value) for one in saved])
    lines = [{"one": one, "text": in_words(one.question, one.value, reading)} for one in saved]
    context = {"lines": lines, "is_allowed": allows_earlier(actor.user), "tab": "answers"}
    return page(request, "saved", context)


def _short(text: str, longest: int = LONGEST_KEY) -> str:
    return text.replace("\x00", "")[:longest]
