"""What other organs ask ours to confirm: the list, and one answer."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.workcalendar import deadline_light
from security.identifiers import mask_name
from service_hub.handling.views import office_page

from . import selectors, services
from .models import Confirmation

PAGE_SIZE = 50


@office_page
def confirmations(request):
    """What my organs are asked: open, or answered."""
    is_done = request.GET.get("show") == "done"
    found = selectors.confirmations_for(request.user, is_done=is_done)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"one": one, "due": _light(one)} for one in shown]
    context = {"rows": rows, "shown": shown, "is_done": is_done}
    return render(request, "service_hub/materials/confirmations.html", context)


def _light(one: Confirmation):
    if one.state != Confirmation.State.ASKED:
        return None
    return deadline_light(one.due_at, one.warn_at, timezone.now())


@office_page
def confirmation(request, pk):
    """One question: it is so, or it is not and why."""
    found = selectors.confirmation_for(request.user, pk)
    errors, answer = {}, request.POST.get("answer", "")
    if request.method == "POST":
        try:
            services.answer_confirmation(
                actor=request.actor, confirmation=found, is_so="yes" in request.POST, answer=answer
            )
            messages.success(request, _("The answer was sent."))
            return redirect("office_confirmations")
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("office_confirmation", found.pk)
    case = found.case
    who = case.firm.name if case.firm_id else mask_name(case.applicant_name)
    context = {"one": found, "due": _light(found), "who": who, "errors": errors, "answer": answer}
    status = 422 if errors else 200
    return render(request, "service_hub/materials/confirmation.html", context, status=status)
