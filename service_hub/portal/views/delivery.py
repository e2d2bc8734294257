"""How the paper of my case is to come: choose, and say that it has arrived."""

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from security.accounts.selectors import profile_answers
from service_hub.cases.numbers import grouped
from service_hub.handling import deliveries
from service_hub.handling.models import Delivery

from ..ends import actor_of, go, page
from .cases import for_applicant


@for_applicant()
def delivery(request, case):
    """Window or post, with the address; a second page says that the parcel is here."""
    found = getattr(case, "delivery", None)
    if found is None:
        raise Http404
    typed = request.POST.dict() if request.method == "POST" else _known(request, found)
    errors = {}
    if request.method == "POST":
        try:
            if "arrived" in request.POST:
                deliveries.confirm_arrival(actor=actor_of(request), delivery=found)
                messages.success(request, _("Thank you. It is noted."))
            else:
                deliveries.choose_delivery(
                    actor=actor_of(request),
                    delivery=found,
                    way=typed.get("way", ""),
                    name=typed.get("name", ""),
                    phone=typed.get("phone", ""),
                    address=typed.get("address", ""),
                )
                messages.success(request, _("Noted. We tell you when it is on its way."))
            return go(request, "case", case.pk)
        except Unusable as error:
            errors = error.errors
        except Conflict as error:
            messages.warning(request, str(error))
            return go(request, "case", case.pk)
    if found.state not in (Delivery.State.OPEN, Delivery.State.CHOSEN):
        return go(request, "case", case.pk)
    ways = [(key, words) for key, words in Delivery.Way.choices if key in deliveries.ways_of(case)]
    context = {"case": case, "number": grouped(case.number), "ways": ways}
    context |= {"typed": typed, "errors": errors}
    return page(request, "delivery", context, status=422 if errors else 200)


def _known(request, found: Delivery) -> dict:
    """What was chosen before, else what we know of the person."""
    known = profile_answers(request.user) if request.user.is_authenticated else {}
    return {
        "way": found.way,
        "name": found.to_name or known.get("name", ""),
        "phone": found.to_phone or known.get("mobile", ""),
        "address": found.to_address,
    }
