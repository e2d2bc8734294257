"""Cases in the office as a whole: the list with lights, one case, and what is done beside steps."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from platform_core.common.refusals import say_refused
from security.identifiers import mask_mobile, mask_name
from security.organs.selectors import active_posts
from service_hub.bundles.panels import beside
from service_hub.cases.clocks import light
from service_hub.cases.numbers import grouped
from service_hub.cases.selectors import events_of
from service_hub.cases.services import note_read
from service_hub.cases.words import sentence

from . import deliveries, extensions, passing, selectors, voiding

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
            "due": light(case, now),
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
    return _page(request, found)


def _page(request, found, *, errors=None, typed=None, of: str = "", status: int = 200):
    """The page; `errors` and what was `typed` belong to the form `of`."""
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
        "delivery": delivery,
        "delivery_phone": mask_mobile(delivery.to_phone) if delivery else "",
        "hint": selectors.WINDOW_HINT,
        "errors": {of: errors or {}},
        "typed": {of: typed or {}},
        "open": of,
    }
    return render(request, "service_hub/handling/case.html", context, status=status)


def _line(event) -> dict:
    said = sentence(event.kind, event.params)
    who = " · ".join(str(one) for one in (event.actor, event.organ) if one)
    return {"title": said.title, "note": said.note, "at": event.at, "who": who, "state": "done"}


def _version(request) -> int:
    """The version that the page showed; an unreadable one counts as one never shown."""
    return whole(request.POST.get("version", "")) or 0


def _carry_out(request, case, name: str, call, said: str):
    """Do `call()` and say so, or show the page with what stands in the way and what was typed."""
    errors, status = {}, 422
    try:
        call()
    except Unusable as error:
        errors = error.errors
    except Conflict as error:
        say_refused(request, error)
        status = 409
    except NotAllowed as error:
        say_refused(request, error)
        status = 403
    else:
        messages.success(request, said)
        return redirect("office_case", case.pk)
    found = selectors.case_for(request.user, case.pk)
    typed = request.POST.dict()
    return _page(request, found, errors=errors, typed=typed, of=name, status=status)


@require_POST
@office_page
def extend(request, case_id):
    """Ask the head for more time."""
    found = selectors.case_for(request.user, case_id)

    def call():
        _must_handle(request, found)
        extensions.ask_extension(
            actor=request.actor,
            case=found,
            days=request.POST.get("days", ""),
            reason=request.POST.get("reason", ""),
            version=_version(request),
        )

    return _carry_out(request, found, "extend", call, _("The head of the office is asked."))


@require_POST
@office_page
def void(request, case_id):
    """Ask for the case to be declared void."""
    found = selectors.case_for(request.user, case_id)

    def call():
        _must_handle(request, found)
        voiding.ask_voiding(
            actor=request.actor,
            case=found,
            reason=request.POST.get("reason", ""),
            version=_version(request),
        )

    return _carry_out(request, found, "void", call, _("The head of the office is asked."))


@require_POST
@office_page
def pass_on(request, case_id):
    """Pass the application on to the responsible office."""
    found = selectors.case_for(request.user, case_id)

    def call():
        _must_handle(request, found)
        passing.pass_on(
            actor=request.actor,
            case=found,
            department=request.POST.get("department", ""),
            reason=request.POST.get("reason", ""),
            version=_version(request),
        )

    answer = _carry_out(request, found, "pass_on", call, _("The application was passed on."))
    # It may no longer be ours to read.
    return redirect("office_cases") if answer.status_code == 302 else answer


@require_POST
@office_page
def decide_extension(request, pk):
    """Grant or refuse more time."""
    found = selectors.extension_for(request.user, pk)

    def call():
        extensions.decide_extension(
            actor=request.actor,
            extension=found,
            grant="grant" in request.POST,
            note=request.POST.get("note", ""),
        )

    return _carry_out(request, found.case, "decide_extension", call, _("It was decided."))


@require_POST
@office_page
def decide_voiding(request, pk):
    """Declare a case void, or refuse to."""
    found = selectors.voiding_for(request.user, pk)

    def call():
        voiding.decide_voiding(
            actor=request.actor,
            voiding=found,
            grant="grant" in request.POST,
            note=request.POST.get("note", ""),
        )

    return _carry_out(request, found.case, "decide_voiding", call, _("It was decided."))


@require_POST
@office_page
def deliver(request, pk):
    """The next move of a delivery: ready, posted, handed over, arrived."""
    found = selectors.delivery_for(request.user, pk)
    post, version = request.POST, _version(request)

    def call():
        deliveries.must_not_be_own(request.actor, found.case)
        shared = {"actor": request.actor, "delivery": found}
        if "ready" in post:
            deliveries.make_ready(**shared, version=version, place=post.get("place", ""))
        elif "send" in post:
            deliveries.send_parcel(
                **shared,
                version=version,
                carrier=post.get("carrier", ""),
                parcel_number=post.get("parcel_number", ""),
            )
        elif "hand_over" in post:
            deliveries.hand_over(
                **shared,
                version=version,
                code=post.get("code", ""),
                collected_by=post.get("collected_by", ""),
            )
        else:
            deliveries.confirm_arrival(**shared)

    return _carry_out(request, found.case, "deliver", call, _("It was noted."))


def _must_handle(request, case) -> None:
    if not selectors.may(request.user, "handle", case):
        raise NotAllowed(_("Only who handles cases of this kind may do this."))
