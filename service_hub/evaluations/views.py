"""Bad ratings in the office: the list of the department, and answering one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.organs.selectors import active_posts

from . import selectors, services
from .options import option_words

PAGE_SIZE = 50


@login_required
def follow_ups(request):
    """Bad ratings of my departments: those to follow up, or the closed ones."""
    if not active_posts(request.user):
        raise Http404
    is_closed = request.GET.get("show") == "closed"
    found = selectors.follow_ups_for(request.user, is_closed=is_closed)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"follow_up": one, "due": selectors.clock(one)} for one in shown]
    return render(
        request,
        "service_hub/follow_ups.html",
        {"rows": rows, "shown": shown, "is_closed": is_closed},
    )


@login_required
def follow_up(request, follow_up_id):
    """One bad rating: call back, answer, close; never by the officer who was rated."""
    found = selectors.follow_up_for(request.user, follow_up_id)
    errors, answer = {}, found.answer
    if request.method == "POST":
        answer = request.POST.get("answer", "").replace("\x00", "")
        try:
            words = _do(request, found, answer)
        except Unusable as error:
            errors = error.errors
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
            return redirect("follow_up", found.pk)
        else:
            messages.success(request, words)
            return redirect("follow_up", found.pk)
    context = {
        "follow_up": found,
        "due": selectors.clock(found),
        "options": [option_words(key) for key in found.evaluation.options],
        "is_own_work": found.officer_id == request.user.pk,
        "errors": errors,
        "answer": answer,
    }
    return render(request, "service_hub/follow_up.html", context, status=422 if errors else 200)


def _do(request, found, answer: str) -> str:
    if "call_back" in request.POST:
        services.note_call_back(actor=request.actor, follow_up=found)
        return _("The call is noted.")
    if "close" in request.POST:
        services.close_follow_up(actor=request.actor, follow_up=found)
        return _("The rating is closed.")
    services.answer_follow_up(actor=request.actor, follow_up=found, answer=answer)
    return _("The answer was sent.")
