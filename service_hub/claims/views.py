"""Claims of firms in the office: the list, the licence beside what is said, and two people."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.errors import Conflict, NotAllowed, Unusable

from . import selectors, services

PAGE_SIZE = 50


@login_required
def claims(request):
    """The claims to my organ, what is due first at the top."""
    if not selectors.handles_claims(request.user):
        raise Http404
    is_open = request.GET.get("show") != "decided"
    found = Paginator(selectors.claims_for(request.user, is_open=is_open), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "rows": [{"one": one, "due": selectors.light(one)} for one in shown],
        "tabs": [
            {"url": "?show=open", "label": _("To decide"), "current": is_open, "count": None},
            {
                "url": "?show=decided",
                "label": pgettext("claim", "Decided"),
                "current": not is_open,
                "count": None,
            },
        ],
    }
    return render(request, "service_hub/claims/list.html", context)


@login_required
def claim(request, claim_id):
    """One claim; POST `do` "propose", "accept" or "refuse" acts on it."""
    found = selectors.claim_for(request.user, claim_id)
    errors = {}
    if request.method == "POST":
        try:
            messages.success(request, _done(request, found))
            return redirect("firm_claim", found.pk)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("firm_claim", found.pk)
    context = {
        "claim": found,
        "due": selectors.light(found),
        "files": selectors.licence_of(found),
        "rivals": selectors.rivals_of(found),
        "may_confirm": selectors.may_confirm(request.user, found),
        "is_open": found.state in found.OPEN,
        "errors": errors,
        "typed": request.POST,
    }
    template = "service_hub/claims/one.html"
    return render(request, template, context, status=422 if errors else 200)


def _done(request, found) -> str:
    to = {"actor": request.actor, "claim": found}
    do = request.POST.get("do", "")
    if do == "propose":
        services.propose_claim(**to)
        return _("Proposed. A reviewer of your organ accepts it.")
    if do == "accept":
        services.accept_claim(**to)
        return _("Accepted. The firm is entered and the person was told.")
    if do == "refuse":
        services.refuse_claim(**to, reason=request.POST.get("reason", ""))
        return _("Refused. The person was told why.")
    raise Conflict(_("Choose what to do."))
