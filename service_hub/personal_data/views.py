"""Data requests in the office: the list, the answer, and the second person."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused
from security.access.policies import is_admin

from . import selectors, services

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
        "rows": [{"one": one, "due": selectors.light(one)} for one in shown],
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
