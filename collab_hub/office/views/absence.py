"""Who acts for whom: seeing it, setting it for oneself or, as a head, for somebody absent."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from platform_core.capabilities.process.delegation import selectors, services
from platform_core.common.errors import Unusable
from platform_core.common.i18n import pick
from platform_core.napps.selectors import napps_for

from ..access import office_page
from ..forms import DelegationForm, with_errors


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def absence(request):
    """The delegations that concern the person, and the form for another one."""
    people = selectors.possible_principals(request.user)
    wanted = request.POST.get("principal") or request.GET.get("for", "")
    principal = next((one for one in people if str(one.pk) == wanted), request.user)
    napps = list(napps_for(request.user))
    choices = {"deputies": selectors.possible_deputies(principal), "napps": napps}
    today = timezone.localdate()
    if request.method != "POST":
        form = DelegationForm(initial={"valid_from": today, "valid_until": today}, **choices)
        return _page(request, people, principal, napps, form)
    form = DelegationForm(request.POST, **choices)
    if form.is_valid():
        try:
            found = services.set_delegation(
                actor=request.actor, principal=principal, **form.cleaned_data
            )
        except Unusable as error:
            with_errors(form, error.errors)
        else:
            words = _("%(deputy)s acts for %(principal)s in these days.")
            named = {"deputy": found.deputy, "principal": found.principal}
            messages.success(request, words % named)
            return redirect("office:absence")
    return _page(request, people, principal, napps, form, status=422)


def _page(request, people, principal, napps, form, status: int = 200):
    titles = {napp.pk: pick(napp.title) for napp in napps}
    today = timezone.localdate()
    own = {person.pk for person in people}
    lines = [
        {
            "one": one,
            "is_now": one.valid_from <= today,
            "services": [titles[pk] for pk in one.napps if pk in titles],
            "may_end": one.principal_id in own,
        }
        for one in selectors.delegations_of(request.user)
    ]
    context = {"lines": lines, "people": people, "principal": principal, "form": form}
    return render(request, "office/absence.html", context, status=status)


@require_POST
@office_page
def end(request, delegation_id):
    services.end_delegation(actor=request.actor, delegation_id=delegation_id)
    messages.success(request, _("The delegation has ended."))
    return redirect("office:absence")
