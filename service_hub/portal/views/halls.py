"""In the hall: take a number, wait for it, the screen on the wall."""

from datetime import timedelta

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platform_core.common.errors import Conflict
from platform_core.common.limits import is_within
from platform_core.common.numbers import whole
from service_hub.booking import queue_selectors as queue
from service_hub.booking import queue_services, selectors

from ..ends import actor_of, go, page

# One machine at the entrance gives numbers to everybody who comes.
NUMBERS = (600, 3600)
CODES = (120, 600)
SCREEN_SECONDS, TICKET_SECONDS = "5", "20"
# So long a call stands out on the screen.
NEW = timedelta(seconds=30)


def kiosk(request, hall):
    """Take a number, or check in with the code of an appointment."""
    hall = selectors.hall_for(request.user, hall)
    problem, code = "", (request.POST.get("code") or request.GET.get("code") or "")[:40]
    code = code.replace("\x00", "")
    if request.method == "POST":
        try:
            ticket = _ticket(request, hall, code)
            return go(request, "ticket", hall.code, ticket.pk)
        except Conflict as error:
            problem = str(error)
    now = timezone.now()
    context = {
        "hall": hall,
        "waits": queue.waits_of(hall, now),
        "is_open": queue.takes_numbers(hall, now),
        "code": code,
        "problem": problem,
    }
    return page(request, "halls/kiosk", context, status=422 if problem else 200)


def _ticket(request, hall, code: str):
    actor = actor_of(request).as_person()
    if "line" in request.POST:
        if not is_within(f"number:{actor.ip}", *NUMBERS):
            raise Conflict(_("Too many tries. Please wait a while."))
        line = selectors.line_of(hall, whole(request.POST["line"]))
        return queue_services.take_ticket(actor=actor, line=line)
    found = None
    if is_within(f"check-in:{actor.ip}", *CODES):
        found = selectors.appointment_with_code(code)
    if found is None or found.line.hall_id != hall.pk:
        raise Conflict(_("We find no appointment with this code here. Check it for mistakes."))
    return queue_services.check_in(actor=actor, appointment=found)


def ticket(request, hall, ticket_id):
    """My number: how many stand before me, where I am called."""
    hall = selectors.hall_for(request.user, hall)
    mine = queue.ticket_for(hall, ticket_id)
    is_waiting = mine.state == "waiting"
    context = {
        "hall": hall,
        "ticket": mine,
        "label": queue.label(mine),
        "wait": queue.wait_of(mine, timezone.now()) if is_waiting else None,
    }
    answer = page(request, "halls/ticket", context)
    if mine.state in {"waiting", "called"}:
        answer["Refresh"] = TICKET_SECONDS
    return answer


@require_POST
def leave(request, hall, ticket_id):
    """Give the number back."""
    hall = selectors.hall_for(request.user, hall)
    mine = queue.ticket_for(hall, ticket_id)
    try:
        queue_services.leave_queue(actor=actor_of(request), ticket=mine)
        messages.success(request, _("You gave the number back."))
    except Conflict as error:
        messages.warning(request, str(error))
    return go(request, "ticket", hall.code, mine.pk)


def screen(request, hall):
    """The screen in the hall; it draws itself anew without a script."""
    hall = selectors.hall_for(request.user, hall)
    now = timezone.now()
    called = queue.screen_of(hall, timezone.localdate(now))
    context = {
        "hall": hall,
        "called": [
            {"ticket": one, "label": queue.label(one), "is_new": one.called_at > now - NEW}
            for one in called
        ],
        "waits": queue.waits_of(hall, now),
        "now": now,
    }
    answer = page(request, "halls/screen", context)
    answer["Refresh"] = SCREEN_SECONDS
    return answer
