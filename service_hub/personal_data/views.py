"""Data requests in the office: the list, the answer, the second person; holds on deletion."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from platform_core.common.refusals import say_refused
from security.access.policies import is_admin

from . import hold_services, selectors, services, showing
from .retention import rules

PAGE_SIZE = 20


@login_required
def data_requests(request):
    """Requests of people about their data: answer one, or confirm what a colleague proposed."""
    if not is_admin(request.user):
        raise Http404
    errors, typed = {}, {}
    if request.method == "POST":
        try:
            messages.success(request, _done(request))
            return redirect("data_requests")
        except Unusable as error:
            errors, typed = error.errors, request.POST
        except (Conflict, NotAllowed) as error:
            say_refused(request, error)
            return redirect("data_requests")
    is_open = request.GET.get("show") != "decided"
    found = Paginator(selectors.requests_for(request.user, is_open=is_open), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "rows": showing.lines(shown),
        "errors": errors,
        "typed": typed,
        "tabs": [
            {"url": "?show=open", "label": _("To answer"), "current": is_open, "count": None},
            {"url": "?show=decided", "label": _("Decided"), "current": not is_open, "count": None},
        ],
    }
    template = "personal_data/requests.html"
    return render(request, template, context, status=422 if errors else 200)


def _done(request) -> str:
    try:
        key = UUID(request.POST.get("request", ""))
    except ValueError:
        raise Http404 from None
    to = {"actor": request.actor, "request": selectors.request_for(request.user, key)}
    act = request.POST.get("act", "")
    if act in {"grant", "refuse"}:
        reason = request.POST.get("reason", "")
        services.answer_request(**to, is_granted=act == "grant", reason=reason)
        return _("The answer is kept.")
    if act in {"confirm", "send_back"}:
        services.confirm_request(**to, is_confirmed=act == "confirm")
        return _("Confirmed and carried out.") if act == "confirm" else _("Sent back.")
    raise Conflict(_("Choose what to do."))


@login_required
def data_holds(request):
    """What may not be deleted for now: place a hold, lift one."""
    if not is_admin(request.user):
        raise Http404
    errors, typed = {}, {}
    if request.method == "POST":
        try:
            messages.success(request, _held(request))
            return redirect("data_holds")
        except Unusable as error:
            errors, typed = error.errors, request.POST
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("data_holds")
    shown = Paginator(selectors.holds_for(request.user), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {"shown": shown, "errors": errors, "fields": _hold_fields(typed, errors)}
    return render(request, "personal_data/holds.html", context, status=422 if errors else 200)


def _held(request) -> str:
    if request.POST.get("act") == "lift":
        key = whole(request.POST.get("hold", ""), most_digits=18)
        if key is None:
            raise Http404
        hold = selectors.hold_for(request.user, key)
        hold_services.lift_hold(actor=request.actor, hold=hold)
        return _("The hold is lifted.")
    hold_services.place_hold(
        actor=request.actor,
        whom=request.POST.get("whom", ""),
        question=request.POST.get("question", ""),
        reason=request.POST.get("reason", ""),
        until=_day(request.POST.get("until", "")),
    )
    return _("The hold is placed.")


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Unusable({"until": [_("Enter a day, for example 2026-05-01.")]}) from None


def _hold_fields(typed, errors: dict) -> list[dict]:
    asked = {rule.question: rule.title for rule in rules()}
    said = [
        {"name": "whom", "label": _("Whom does it cover?"), "kind": "text", "optional": True,
         "hint": _("User name, or the number of one of their cases. Empty: everybody."),
         "autocomplete": "off"},
        {"name": "question", "label": _("Which question?"), "kind": "select", "optional": True,
         "options": [("", _("Everything")), *sorted(asked.items(), key=lambda one: one[1])]},
        {"name": "reason", "label": _("Reason"), "kind": "textarea", "maxlength": 2000},
        {"name": "until", "label": _("Until"), "kind": "date", "optional": True,
         "hint": _("Empty: until it is lifted.")},
    ]  # fmt: skip
    return [
        one | {"id": one["name"], "value": typed.get(one["name"], ""),
               "errors": errors.get(one["name"], [])}
        for one in said
    ]  # fmt: skip
