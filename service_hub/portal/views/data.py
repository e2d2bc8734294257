"""My data in full: what is held, who looked and why, and what I agreed to."""

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from security.privacy import consents
from service_hub.personal_data import keeping, selectors, services, showing
from service_hub.personal_data.holdings import holdings_of
from service_hub.personal_data.models import DataRequest
from service_hub.seen import look_lines, looks_of

from ..ends import actor_of, for_person, go, page

PAGE_SIZE = 20


@for_person
def held(request):
    """Every table that holds the person, read from the register of personal data."""
    return page(request, "data/held", {"held": holdings_of(request.user)})


@for_person
def looks(request):
    """Which officials opened my cases, in what function and why; all of them, paged."""
    actor = actor_of(request)
    found = Paginator(looks_of(actor.user, actor.firm), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    return page(request, "data/looks", {"shown": shown, "lines": look_lines(shown)})


@for_person
def my_consents(request):
    """What I agreed to; POST `give` or `withdraw` names the kind."""
    known = {kind.key: kind for kind in consents.kinds()}
    if request.method == "POST":
        given, withdrawn = request.POST.get("give", ""), request.POST.get("withdraw", "")
        if given in known:
            consents.give_consent(actor=actor_of(request), key=given)
            notes.success(request, _("Your consent is kept."))
        elif withdrawn in known:
            consents.withdraw_consent(actor=actor_of(request), key=withdrawn)
            notes.success(request, _("Withdrawn. The use has stopped."))
        else:
            notes.warning(request, _("Choose what to agree to or to withdraw."))
        return go(request, "consents")
    history = list(consents.consents_of(request.user)[:PAGE_SIZE])
    in_force = {
        one.kind: one
        for one in history
        if one.withdrawn_at is None
        and known.get(one.kind)
        and known[one.kind].version == one.version
    }
    lines = [{"kind": kind, "consent": in_force.get(key)} for key, kind in known.items()]
    past = [
        {"title": known[one.kind].title if one.kind in known else one.kind, "consent": one}
        for one in history
    ]
    return page(request, "data/consents", {"lines": lines, "past": past})


@for_person
def requests(request):
    """Ask for a deletion, the end of the account, or complain about a look; what I asked so far."""
    typed, errors = {}, {}
    if request.method == "POST":
        typed = request.POST
        try:
            services.ask_request(
                actor=actor_of(request), kind=typed.get("kind", ""), text=typed.get("text", "")
            )
        except Unusable as error:
            errors = error.errors
        except Conflict as error:
            errors = {"kind": [str(error)]}
        else:
            notes.success(request, _("Your request was sent."))
            return go(request, "data_requests")
    found = Paginator(selectors.requests_of(request.user), PAGE_SIZE)
    shown = found.get_page(request.GET.get("page"))
    kinds = [one for one in DataRequest.Kind.choices if one[0] != DataRequest.Kind.CORRECTION]
    context = {
        "shown": shown,
        "rows": showing.lines(shown),
        "kinds": kinds,
        "kept": keeping.in_words(keeping.kept_of(request.user)),
        "typed": typed or {"kind": request.GET.get("kind", "")},
        "errors": errors,
    }
    return page(request, "data/requests", context, status=422 if errors else 200)
