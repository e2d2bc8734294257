"""Cases in the office as a whole: the list with lights, one case, and its joint handling."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from platform_core.capabilities.process.consultations.selectors import departments_to_ask
from platform_core.capabilities.process.links import task_link
from platform_core.common.workcalendar import deadline_light
from security.identifiers import mask_mobile, mask_name
from security.organs.selectors import active_posts
from service_hub.bundles.panels import beside
from service_hub.cases.clocks import light
from service_hub.cases.moving import may
from service_hub.cases.numbers import grouped
from service_hub.cases.selectors import events_of
from service_hub.cases.services import note_read
from service_hub.cases.words import GROUNDS, sentence

from . import deliveries, joint, passing, selectors

PAGE_SIZE = 50


def office_page(view):
    """A page for officials who hold a post; for others it does not exist."""

    @login_required
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not request.user.is_official or not active_posts(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@office_page
def cases(request):
    """The cases of my offices by what they need."""
    view = request.GET.get("view", "lights")
    view = view if view in selectors.VIEWS else "lights"
    text = request.GET.get("q", "")[:60].replace("\x00", "")
    found = selectors.cases_for(request.user, view, text=text)
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    holders = selectors.in_hand_of(shown.object_list)
    rows = [
        {
            "case": case,
            "due": deadline_light(case.delivery.due_at, None, now)
            if view == "deliver"
            else light(case, now),
            "who": case.firm.name if case.firm_id else mask_name(case.applicant_name),
            "holders": ", ".join(holders.get(case.process_id, [])),
        }
        for case in shown
    ]
    context = {"rows": rows, "shown": shown, "view": view, "views": selectors.VIEWS, "q": text}
    return render(request, "service_hub/handling/cases.html", context)


@office_page
def case(request, case_id):
    """One case: its clock, its whole history, and what can be done beside the steps."""
    found = selectors.case_for(request.user, case_id)
    note_read(actor=request.actor, case=found)
    return case_page(request, found)


def case_page(request, found, *, errors=None, typed=None, of: str = "", status: int = 200):
    """The page of a case; `errors` and what was `typed` belong to the form `of`."""
    delivery = getattr(found, "delivery", None)
    can = selectors.possible(request.user, found)
    context = {
        "case": found,
        "number": grouped(found.number),
        "due": light(found, timezone.now()),
        "who": found.firm.name if found.firm_id else mask_name(found.applicant_name),
        "entries": [_line(event) for event in reversed(events_of(found))],
        "can": can,
        "together": beside(request.user, found),
        "organs": passing.other_organs(found) if can.may_pass_on else [],
        "grounds": GROUNDS,
        "delivery": delivery,
        "lay_ready": delivery is not None and deliveries.may_lay_ready_unasked(delivery),
        "delivery_phone": mask_mobile(delivery.to_phone) if delivery else "",
        "hint": selectors.WINDOW_HINT,
        "errors": {of: errors or {}},
        "typed": {of: typed or {}},
        "open": of,
    }
    return render(request, "service_hub/handling/case.html", context, status=status)


@office_page
def joint_case(request, case_id):
    """Which organs act on a case together: what they were asked, by when, and what they say."""
    found = selectors.case_for(request.user, case_id)
    note_read(actor=request.actor, case=found)
    return joint_page(request, found)


def joint_page(request, found, *, errors=None, typed=None, of: str = "", status: int = 200):
    """The page of a joint handling, with what stands in the way of asking."""
    task = joint.leading_task(request.user, found) if may(found, "join") else None
    if task is None and not found.is_joint:
        raise Http404
    parts = joint.parts_of(request.user, found, timezone.now())
    asked = {part.one.department_id for part in parts if part.light}
    organs = departments_to_ask(task) if task else []
    context = {
        "case": found,
        "due": light(found, timezone.now()),
        "parts": parts,
        "organs": [one for one in organs if one.pk not in asked],
        "task": task,
        "task_url": task_link(task.pk) if task else "",
        "errors": errors or {},
        "typed": typed or {"working_days": "5"},
        "chosen": request.POST.getlist("departments"),
        "open": bool(errors),
    }
    return render(request, "service_hub/handling/joint.html", context, status=status)


def _line(event) -> dict:
    said = sentence(event.kind, event.params)
    who = " · ".join(str(one) for one in (event.actor, event.organ) if one)
    return {"title": said.title, "note": said.note, "at": event.at, "who": who, "state": "done"}
