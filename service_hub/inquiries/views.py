"""Asking an organ, with an account or with a follow-up code, and what others have asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from platform_core.common.refusals import say_refused
from platform_core.common.resending import as_who_opened_it
from security.organs.selectors import region_by_code
from service_hub.cases.codes import shown_code
from service_hub.cases.people import organ_name

from . import selectors, services
from .words import entries

PAGE_SIZE = 20
TRIES = (20, 600)
SESSION, MOST = "asked_questions", 20


def questions(request):
    """What others have asked, with the answers: searched in, or of one service."""
    text = request.GET.get("q", "")[:100].replace("\x00", "").strip()
    item = _item(request.GET.get("item", ""))
    shown = Paginator(selectors.published(item, text), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"shown": shown, "q": text, "item": item, "named": request.GET.get("item", "")}
    return render(request, "inquiries/questions.html", context)


@as_who_opened_it
def ask(request):
    """Write the question. What was typed stays when something is missing."""
    sent = request.POST if request.method == "POST" else request.GET
    item, errors = _item(sent.get("item", "")), {}
    if request.method == "POST":
        try:
            asked = services.ask_question(
                actor=request.actor.as_person(),
                region=_region(sent.get("region", "")),
                item=item,
                text=sent.get("text", ""),
                contact=sent.get("contact", "")[:40],
                may_be_published=sent.get("publish") == "1",
                known=request.session.get(SESSION, []),
            )
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            errors = {"text": [str(error)]}
        else:
            _remember(request, asked)
            return redirect("question", asked.pk)
    context = {
        "item": item,
        "named": sent.get("item", "")[:100],
        "typed": sent,
        "errors": errors,
        "place": sent.get("region") or sent.get("place", ""),
        "places": [(one.code, organ_name(one), one.level) for one in selectors.places()],
    }
    return render(request, "inquiries/ask.html", context, status=422 if errors else 200)


@login_required
def mine(request):
    """What I asked, newest first."""
    found = Paginator(selectors.questions_of(request.user), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    rows = [{"question": one, "due": selectors.light(one)} for one in shown]
    return render(request, "inquiries/mine.html", {"shown": shown, "rows": rows})


def follow(request):
    """Number and code lead to a question that was asked without signing in."""
    number = request.POST.get("number", "")[:40].replace("\x00", "")
    if request.method != "POST":
        return render(request, "inquiries/follow.html", {"number": "", "error": ""})
    is_allowed = is_within(f"question:ip:{request.actor.ip}", *TRIES)
    is_allowed &= is_within(f"question:number:{number}", *TRIES)
    code = request.POST.get("code", "")[:40]
    found = selectors.follow(number, code) if is_allowed else None
    if found:
        _remember(request, found)
        return redirect("question", found.pk)
    error = (
        _("We find no question with this number and code.")
        if is_allowed
        else _("Too many tries. Please wait a while, or call 12345.")
    )
    context = {"number": number, "error": error}
    return render(request, "inquiries/follow.html", context, status=422)


def question(request, question_id):
    """One question with its answer: ask once more, or say whether it helped."""
    found, errors = _mine(request, question_id), {}
    if request.method == "POST":
        try:
            messages.success(request, _said(request, found))
            return redirect("question", found.pk)
        except Unusable as error:
            errors = error.errors
        except Conflict as error:
            say_refused(request, error)
            return redirect("question", found.pk)
    context = {
        "question": found,
        "organ": organ_name(found.department),
        "code": shown_code(str(found.follow_code)) if found.asker_id is None else "",
        "due": selectors.light(found),
        "entries": entries(selectors.events_of(found), found, for_office=False),
        "typed": request.POST,
        "errors": errors,
    }
    return render(request, "inquiries/question.html", context, status=422 if errors else 200)


def _said(request, found) -> str:
    to = {"actor": request.actor.as_person(), "question": found}
    if "again" in request.POST:
        services.ask_again(**to, text=request.POST["again"])
        return _("Your question was sent.")
    helped = request.POST.get("helped", "")
    if helped not in {"yes", "no"}:
        raise Unusable({"helped": [_("Say whether the answer helped.")]})
    services.say_satisfied(**to, is_satisfied=helped == "yes")
    return _("Thank you. The office reads what you said.")


def _mine(request, question_id):
    """The asker's own question, or one that this session asked or proved."""
    if str(question_id) in request.session.get(SESSION, []):
        found = selectors.nameless_question(question_id)
        if found:
            return found
    if not request.user.is_authenticated:
        raise Http404
    return selectors.question_for(request.user, question_id)


def _remember(request, found) -> None:
    if found.asker_id is None:
        kept = [str(found.pk), *request.session.get(SESSION, [])]
        request.session[SESSION] = list(dict.fromkeys(kept))[:MOST]


def _item(named: str):
    slug, _stroke, key = named[:100].replace("\x00", "").partition("/")
    return selectors.item_named(slug, key) if key else None


def _region(code: str):
    return region_by_code(code[:12]) if code.isascii() and code.isdigit() else None
