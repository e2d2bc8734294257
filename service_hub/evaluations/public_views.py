"""Rating a visit by the QR code that was shown at the window: no account is needed, once each."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.typesetting import public_address, qr_svg
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from platform_core.common.refusals import say_refused
from service_hub.cases.people import organ_name

from . import selectors, services
from .options import ON_SITE, options_for
from .rectification_services import confirm_rectification
from .tokens import receipt_of

# A hall shares one address, and codes are signed: this only holds off a flood.
TRIES = (3000, 600)
CHANNELS = {"kiosk", "sms"}


def rate_visit(request, token):
    """The grade first, then what can be said with it; a rated visit only says that it was."""
    visit = _visit(request, token)
    source = request.POST if request.method == "POST" else request.GET
    grade = source.get("score", "")
    context = {
        "visit": visit,
        "organ": organ_name(visit.department),
        "token": token,
        "grade": grade,
        "typed": source,
        "errors": {},
        "way": source.get("by", ""),
        "is_rated": hasattr(visit, "evaluation"),
    }
    if request.method == "POST" and "send" in request.POST:
        try:
            rated = services.rate_visit(
                actor=_rater(request),
                visit=visit,
                grade=grade,
                options=request.POST.getlist("option"),
                text=_plain(request.POST.get("text", "")),
                contact=_plain(request.POST.get("contact", "")[:40]),
            )
        except Unusable as error:
            context["errors"] = error.errors
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
            return redirect("rate_visit", token)
        else:
            messages.success(request, _("Thank you. Your rating was sent."))
            return redirect("my_rating", receipt_of(rated.pk))
    chosen = source.getlist("option")
    context["options"] = (
        [(key, words, key in chosen) for key, words in options_for(int(grade), ON_SITE).items()]
        if grade in {"1", "2", "3", "4", "5"}
        else []
    )
    status = 422 if context["errors"] else 200
    return render(request, "evaluations/rate_visit.html", context, status=status)


def qr(request, token):
    """The address of the rating page as a QR code, for the screen at the window or on paper."""
    _visit(request, token)
    drawing = qr_svg(public_address(reverse("rate_visit", args=[token])))
    answer = HttpResponse(drawing, content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def my_rating(request, receipt):
    """What became of a rating, for whoever has the link that came with giving it."""
    is_allowed = is_within(f"rate:{request.actor.ip}", *TRIES)
    rating = selectors.rating_by_receipt(receipt) if is_allowed else None
    if rating is None:
        raise Http404
    errors = {}
    if request.method == "POST":
        try:
            messages.success(request, say_more(request.actor.as_person(), rating, request.POST))
            return redirect("my_rating", receipt)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
            return redirect("my_rating", receipt)
    selectors.with_traces([rating])
    context = {
        "rating": rating,
        "organ": organ_name(rating.department),
        "action": request.path,
        "grades": selectors.GRADES,
        "typed": request.POST,
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "evaluations/my_rating.html", context, status=status)


def say_more(actor, rating, sent) -> str:
    """What the giver of a rating says later: an addition, or whether it is solved. Returns what to
    tell them; raises what the services raise.
    """
    if "addition" in sent:
        services.add_to_rating(actor=actor, evaluation=rating, text=_plain(sent["addition"]))
        return _("Your addition was sent.")
    order = getattr(rating, "rectification", None)
    if order is None or sent.get("confirm") not in {"solved", "not_solved"}:
        raise Unusable({"confirm": [_("Say whether it is solved.")]})
    confirm_rectification(
        actor=actor,
        order=order,
        is_solved=sent["confirm"] == "solved",
        grade=sent.get("grade", ""),
        text=_plain(sent.get("text", "")),
    )
    return _("Thank you. The office reads what you said.")


def _visit(request, token: str):
    """The visit of the code, else 404; guessing is slowed down."""
    is_allowed = is_within(f"rate:{request.actor.ip}", *TRIES)
    visit = selectors.visit_by_token(token) if is_allowed else None
    if visit is None:
        raise Http404
    return visit


def _rater(request):
    """The person as they are signed in, for themselves; the channel is the code at the window."""
    way = request.POST.get("by", "")
    return replace(request.actor.as_person(), channel=way if way in CHANNELS else "qr")


def _plain(text: str) -> str:
    return text.replace("\x00", "")
