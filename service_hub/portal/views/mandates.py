"""Who may act for me, and for whom I may act."""

from django.contrib import messages
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.mandates import selectors, services

from ..ends import actor_of, for_person, go
from ..ends import page as draw
from ..forms import MandateForm

WAYS = ("give", "ask")
SAID = {
    "give": lambda: _("The mandate is given. The other person was told."),
    "ask": lambda: _("They were asked. You may act once they have agreed."),
}
DEEDS = {"accept": services.accept_mandate, "renew": services.renew_mandate}


@for_person
def mandates(request):
    """All mandates of the person; POST `way` gives one or asks for one."""
    way = request.POST.get("way", "") if request.method == "POST" else ""
    forms = {one: MandateForm(request.POST if way == one else None, way=one) for one in WAYS}
    if way in WAYS and forms[way].is_valid() and _begin(request, way, forms[way]):
        return go(request, "mandates")
    context = {**selectors.mandate_lines(request.user), "forms": forms, "open": way}
    return draw(request, "mandates", context, status=422 if way in WAYS else 200)


def _begin(request, way: str, form) -> bool:
    try:
        services.begin_mandate(actor=actor_of(request), way=way, **form.cleaned_data)
    except Unusable as error:
        for name, said in error.errors.items():
            form.add_error(name if name in form.fields else None, said)
        return False
    except (Conflict, NotAllowed) as error:
        form.add_error("number", str(error))
        return False
    messages.success(request, SAID[way]())
    return True


@require_POST
@for_person
def mandate(request, mandate_id):
    """Accept what was asked, renew or end what holds: POST `do` "accept", "renew" or "end"."""
    found = selectors.mandate_for(request.user, mandate_id)
    deed = DEEDS.get(request.POST.get("do", ""), services.end_mandate)
    try:
        deed(actor=actor_of(request), mandate=found)
        messages.success(request, _("Done. The other person was told."))
    except (Conflict, NotAllowed) as error:
        messages.warning(request, str(error))
    return go(request, "mandates")
