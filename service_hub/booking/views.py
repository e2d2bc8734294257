"""The halls in the office: today's appointments, the window that calls numbers, the plan."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from security.organs.duties import duty_name

from . import hall_services, queue_services, selectors
from . import queue_selectors as queue
from .forms import DAYS, DayForm, HoursForm, TermsForm
from .policies import hall_duty

PAGE_SIZE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2999


def in_a_hall(view):
    """A page for officials who serve in a hall; 404 for everybody else."""

    @login_required
    def wrapped(request, hall, *args, **kwargs):
        found = selectors.hall_for(request.user, hall, "serve")
        return view(request, found, *args, **kwargs)

    return wrapped


@login_required
def halls(request):
    """The halls where I serve."""
    found = selectors.halls_served(request.user)
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("hall", found[0].code)
    return render(request, "service_hub/halls/list.html", {"halls": found})


@in_a_hall
def hall(request, hall):
    """One day of a hall: its queues, its windows, its appointments. Whoever works at the hall reads
    who booked, which stands in the audit trail; others read the numbers of those who came.
    """
    now = timezone.now()
    on = _day(request.GET.get("on")) or timezone.localdate(now)
    knows_names = selectors.may_know_names(request.user, hall)
    found = (selectors.day_of_hall if knows_names else selectors.numbers_of_hall)(hall, on)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"appointment": one, "who": one.name if knows_names else _number(one)} for one in shown]
    if knows_names and rows:
        hall_services.read_names(actor=request.actor, hall=hall, on=on, count=len(rows))
    context = {
        "hall": selectors.hall_with_plan(hall),
        "on": on,
        "shown": shown,
        "rows": rows,
        "knows_names": knows_names,
        "duty": "" if knows_names else duty_name(hall_duty(hall)),
        "waits": queue.waits_of(hall, now),
        "may_manage": selectors.may_manage(request.user, hall),
    }
    return render(request, "service_hub/halls/day.html", context)


def _number(appointment) -> str:
    """The number of somebody who has come; "" before."""
    ticket = getattr(appointment, "ticket", None)
    return queue.label(ticket) if ticket else ""


def _day(text) -> date | None:
    """The day that was asked for; None for what is none, or far from any that a hall plans."""
    try:
        found = parse_date(text or "")
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


@in_a_hall
def window(request, hall, number):
    """The calling desk of a window."""
    at_window = queue.window_of(hall, number)
    if request.method == "POST":
        try:
            _act(request, hall, at_window)
        except (Conflict, NotAllowed) as error:
            messages.warning(request, str(error))
        return redirect("hall_window", hall.code, number)
    there = queue.ticket_at(at_window)
    context = {
        "hall": hall,
        "window": at_window,
        "ticket": there,
        "label": queue.label(there) if there else "",
        "lines": selectors.lines_of(hall),
        "waits": queue.waits_of(hall, timezone.now()),
    }
    return render(request, "service_hub/halls/window.html", context)


def _act(request, hall, at_window) -> None:
    """What the clerk pressed; about the number that was seen, not about a later one."""
    actor, seen = request.actor, request.POST.get("ticket", "")
    if "next" in request.POST:
        if queue_services.call_next(actor=actor, window=at_window, current=seen) is None:
            messages.info(request, _("Nobody waits."))
        return
    there = queue.ticket_at(at_window)
    if there is None or str(there.pk) != seen:
        raise Conflict(_("This number is not at a window."))
    if "recall" in request.POST:
        queue_services.recall_ticket(actor=actor, ticket=there)
        messages.success(request, _("Called again."))
    elif "miss" in request.POST:
        queue_services.miss_ticket(actor=actor, ticket=there)
    elif "transfer" in request.POST:
        line = selectors.line_of(hall, whole(request.POST.get("line", "")))
        queue_services.transfer_ticket(actor=actor, ticket=there, line=line)
    else:
        queue_services.finish_ticket(actor=actor, ticket=there)


FORMS = {"day": DayForm, "hours": HoursForm}


@in_a_hall
def plan(request, hall):
    """Hours, days with other hours, and how many appointments a slot takes."""
    if not selectors.may_manage(request.user, hall):
        raise Http404
    wanted = request.POST.get("do", "")
    shown = {key: form() for key, form in FORMS.items()}
    if request.method == "POST" and wanted == "open":
        on = _day(request.POST.get("on"))
        if on is not None:
            hall_services.open_day(actor=request.actor, hall=hall, on=on)
            messages.success(request, _("The day has its usual hours again."))
        return redirect("hall_plan", hall.code)
    typed = request.POST if wanted == "terms" else None
    lines = [{"line": one, "form": _terms(one, typed)} for one in selectors.lines_of(hall)]
    if request.method == "POST":
        form = shown[wanted] = _sent_form(request, wanted, lines)
        if form.is_valid() and _saved(request, hall, wanted, form):
            return redirect("hall_plan", hall.code)
    context = {
        "hall": selectors.hall_with_plan(hall),
        "forms": shown,
        "lines": lines,
        "week": selectors.week_of(hall, DAYS),
        "days": selectors.coming_days(hall, timezone.localdate()),
        "bad": wanted,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "service_hub/halls/plan.html", context, status=status)


def _sent_form(request, wanted: str, lines: list[dict]):
    """The form whose button was pressed, else Http404."""
    if wanted in FORMS:
        return FORMS[wanted](request.POST)
    found = next((one["form"] for one in lines if one["form"].is_bound), None)
    if found is None:
        raise Http404
    return found


def _terms(line, typed) -> TermsForm:
    """The form of one queue, with what was typed when it is the one that was sent."""
    is_sent = typed is not None and typed.get("line") == str(line.pk)
    return TermsForm(typed if is_sent else None, of=line)


def _saved(request, hall, wanted: str, form) -> bool:
    """Carry out what was entered; what is wrong with it is shown at its field."""
    data, actor = form.cleaned_data, request.actor
    try:
        if wanted == "day":
            count = hall_services.close_day(actor=actor, hall=hall, **data)
            words = _("Kept. %(n)s appointments were called off and their people told.")
            messages.success(request, words % {"n": count})
        elif wanted == "hours":
            hall_services.set_hours(actor=actor, hall=hall, **data)
            messages.success(request, _("The hours were changed."))
        else:
            line = selectors.line_of(hall, data.pop("line"))
            hall_services.set_terms(actor=actor, line=line, **data)
            messages.success(request, _("The terms were changed."))
    except Unusable as error:
        for field, said in error.errors.items():
            form.add_error(field if field in form.fields else None, said)
        return False
    except NotAllowed as error:
        form.add_error(None, str(error))
        return False
    return True
