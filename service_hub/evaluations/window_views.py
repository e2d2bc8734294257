"""At the window and on the phone: the code to rate a visit with, and a rating told by phone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from platform_core.common.refusals import say_refused
from security.organs.selectors import active_posts
from service_hub.cases.people import organ_name
from service_hub.items.selectors import open_items

from . import selectors, services
from .options import options_for
from .tokens import token_of

PAGE_SIZE = 50
TRIES = (60, 3600)


@login_required
def visits(request):
    """The visits of my window, newest first; a new one is recorded by a button."""
    if not active_posts(request.user):
        raise Http404
    if request.method == "POST":
        item = next((one for one in open_items() if str(one.pk) == request.POST.get("item")), None)
        window = request.POST.get("window", "").replace("\x00", "")
        try:
            visit = services.record_visit(actor=request.actor, item=item, window=window)
        except NotAllowed as error:
            messages.warning(request, str(error))
            return redirect("visits")
        return redirect("visit", visit.pk)
    found = selectors.visits_of(request.user)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    last = shown[0].window if len(shown) else ""
    context = {"shown": shown, "items": open_items(), "window": last}
    return render(request, "evaluations/visits.html", context)


@login_required
def visit(request, visit_id):
    """The code of one visit, large: the person scans it, or takes it along on paper."""
    found = selectors.visit_for(request.user, visit_id)
    context = {
        "visit": found,
        "token": token_of(found.pk),
        "organ": organ_name(found.department),
    }
    return render(request, "evaluations/visit.html", context)


@login_required
def on_the_phone(request):
    """Somebody calls to rate: the case by number and proof, then the grade and what they say."""
    if not active_posts(request.user):
        raise Http404
    sent = request.POST
    context = {"errors": {}, "typed": sent, "case": None, "options": [], "grade": ""}
    if request.method == "POST":
        case = _case_of(request, context["errors"])
        event = selectors.to_rate(case, selectors.ratings_of(case)) if case else None
        if case and event is None:
            context["errors"]["number"] = [_("There is nothing to rate in this case now.")]
        elif case:
            grade = sent.get("score", "")
            context |= {"case": case, "event": event, "grade": grade}
            if "send" in sent and _sent(request, case, event, context["errors"]):
                return redirect("phone_rating")
            chosen = sent.getlist("option")
            if grade in {"1", "2", "3", "4", "5"}:
                listed = options_for(int(grade)).items()
                context["options"] = [(key, words, key in chosen) for key, words in listed]
    status = 422 if context["errors"] else 200
    return render(request, "evaluations/phone.html", context, status=status)


def _case_of(request, errors: dict):
    number = request.POST.get("number", "")[:80].replace("\x00", "")
    proof = request.POST.get("proof", "")[:40].replace("\x00", "")
    if not is_within(f"phone-rating:{request.user.pk}", *TRIES):
        errors["number"] = [_("Too many tries. Please wait a while, or call 12345.")]
        return None
    case = selectors.case_on_the_phone(number, proof)
    if case is None:
        errors["number"] = [_("There is no case with this number and proof. Ask once more.")]
    return case


def _sent(request, case, event, errors: dict) -> bool:
    try:
        services.rate_for_caller(
            actor=request.actor,
            case=case,
            service_no=event.no,
            grade=request.POST.get("score", ""),
            options=request.POST.getlist("option"),
            text=request.POST.get("text", "").replace("\x00", ""),
        )
    except Unusable as error:
        errors.update(error.errors)
        return False
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
        return True
    messages.success(request, _("The rating was entered."))
    return True
