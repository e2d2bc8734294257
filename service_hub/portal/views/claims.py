"""Claiming a firm that the business register does not know."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from platform_core.capabilities.files.services import store_file
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.organs.selectors import region_by_code
from service_hub.cases.people import organ_name
from service_hub.claims import selectors, services

from ..ends import at_firms_end
from ..ends import page as draw
from ..firm_forms import ClaimForm

PAGE_SIZE = 20


@at_firms_end
def claims(request):
    """What the person claimed and how it stands; POST sends a claim, `withdraw` takes one back."""
    if request.POST.get("withdraw"):
        return _withdraw(request)
    is_sent = request.method == "POST"
    form = ClaimForm(request.POST, request.FILES) if is_sent else ClaimForm()
    if is_sent and _sent(request, form):
        return redirect("firm:claims")
    shown = Paginator(selectors.claims_of(request.user), PAGE_SIZE)
    shown = shown.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "shown": shown,
        "rows": [
            {"one": one, "due": selectors.light(one), "organ": organ_name(one.department)}
            for one in shown
        ],
    }
    return draw(request, "firm/claims", context, status=422 if is_sent else 200)


def _sent(request, form) -> bool:
    actor = request.actor.as_person()
    is_valid = form.is_valid()
    form.keep(lambda upload: store_file(actor=actor, upload=upload))
    if not is_valid or form.errors:
        return False
    known = form.cleaned_data
    try:
        made = services.send_claim(
            actor=actor, credit_code=known["credit_code"], name=known["name"],
            region=region_by_code(known["region"]), licence=known["kept"],
        )  # fmt: skip
    except Unusable as error:
        for name, said in error.errors.items():
            form.add_error(name if name in form.fields else None, said)
        return False
    except Conflict as error:
        form.add_error(None, str(error))
        return False
    words = _("Sent to %(organ)s. You are told when it is decided.")
    messages.success(request, words % {"organ": organ_name(made.department)})
    return True


def _withdraw(request):
    try:
        claim = selectors.claim_of(request.user, UUID(request.POST["withdraw"]))
    except ValueError:
        raise Http404 from None
    try:
        services.withdraw_claim(actor=request.actor.as_person(), claim=claim)
        messages.success(request, _("The claim was taken back."))
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    return redirect("firm:claims")
