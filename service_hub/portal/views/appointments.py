"""Appointments in a service hall: choose, book, move, cancel; with or without an account."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.typesetting import public_address, qr_svg
from platform_core.common.calendar_file import calendar_file
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.i18n import pick
from platform_core.common.limits import is_within
from platform_core.common.resending import as_who_opened_it
from service_hub.booking import selectors, services
from service_hub.cases.codes import shown_code
from service_hub.items import selectors as items

from ..ends import actor_of, go, link, page, sign_in_first
from ..place import place_of_reader
from ..sessions import (
    case_in,
    is_proved_appointment,
    remember_appointment,
    remembered_appointments,
)

PAGE_SIZE = 20
TRIES = (20, 600)
BOOKINGS = (60, 3600)


def appointments(request):
    """Mine, and finding one by its code."""
    code, error = request.POST.get("code", "")[:40].replace("\x00", ""), ""
    if request.method == "POST":
        found = selectors.appointment_with_code(code) if _may_try(request) else None
        if found is not None:
            remember_appointment(request, found)
            return go(request, "appointment", found.pk)
        error = _("We find no appointment with this code. Check it for mistakes.")
    mine = selectors.appointments_of(request.user if request.user.is_authenticated else None)
    shown = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"shown": shown, "code": code, "error": error}
    return page(request, "appointments/list", context, status=422 if error else 200)


def _may_try(request) -> bool:
    return is_within(f"appointment:{request.actor.ip}", *TRIES)


def choose(request):
    """In which hall, for what; with ?item= only where that is done."""
    item = _wanted_item(request)
    found = selectors.halls(place_of_reader(request), item)
    rows = [{"hall": hall, "lines": selectors.lines_of(hall, item)} for hall in found]
    context = {"rows": rows, "item": item, "asked": _asked(request)}
    return page(request, "appointments/choose", context)


def _wanted_item(request):
    key = request.GET.get("item", "")
    return items.items_by_id({key}).get(key) if key else None


def _wanted_case(request):
    key = request.GET.get("case", "")
    try:
        return case_in(request, key, "own") if key else None
    except (ValueError, Http404):
        return None


def _asked(request) -> str:
    """What the address asked for, to be carried on."""
    kept = {name: request.GET[name] for name in ("item", "case") if request.GET.get(name)}
    return urlencode(kept)


@as_who_opened_it
def book(request, hall, line_id):
    """Choose a day and a time, say who comes, and book."""
    hall = selectors.hall_for(request.user, hall)
    line = selectors.line_of(hall, line_id)
    actor, errors, problem = actor_of(request), {}, ""
    if request.method == "POST":
        try:
            made = _book(request, actor, line)
        except Unusable as error:
            errors = error.errors
        except Conflict as error:
            made = _booked_before(request, actor, line)
            if made is not None:
                messages.info(request, _("You have booked this time already. Here it is."))
                return go(request, "appointment", made.pk)
            problem = str(error)
        else:
            if made.person_id is None:
                remember_appointment(request, made)
            return go(request, "appointment", made.pk)
    context = _times(request, line) | {
        "errors": {name: said[0] for name, said in errors.items()},
        "problem": problem,
        "typed": request.POST,
        "person": actor.user,
        "item": _wanted_item(request),
        "asked": _asked(request),
    }
    status = 422 if errors or problem else 200
    return page(request, "appointments/book", context, status=status)


def _book(request, actor, line):
    if actor.user is None and not is_within(f"booking:{actor.ip}", *BOOKINGS):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))
    return services.book_appointment(
        actor=actor.as_person(),
        line=line,
        starts_at=_moment(request),
        name=request.POST.get("name", "").replace("\x00", "")[:60],
        mobile=request.POST.get("mobile", "").replace("\x00", "")[:30],
        item=_wanted_item(request),
        case=_wanted_case(request),
    )


def _booked_before(request, actor, line):
    """The appointment that a first press made, when this is the second one."""
    known = remembered_appointments(request)
    return selectors.booked_at(actor.user, known, line, _moment(request))


def _moment(request) -> datetime:
    """The chosen slot. Raises Unusable when none was chosen."""
    try:
        found = parse_datetime(request.POST.get("slot", ""))
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found):
        raise Unusable({"slot": [_("Choose a time.")]})
    return found


def _times(request, line) -> dict:
    """The open days, and the times of the one that is looked at."""
    free = selectors.free_slots(line, timezone.now())
    on = _day(request.GET.get("on", ""))
    if on not in free:
        on = next((day for day, slots in free.items() if any(one.left for one in slots)), None)
    days = [
        {"day": day, "left": sum(one.left for one in slots), "is_chosen": day == on}
        for day, slots in free.items()
    ]
    return {"line": line, "hall": line.hall, "days": days, "on": on, "slots": free.get(on, [])}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def of_person(view):
    """A page about one appointment: its person, or a session that proved its code."""

    def wrapped(request, appointment_id, *args, **kwargs):
        if is_proved_appointment(request, appointment_id):
            found = selectors.appointment_proved(appointment_id)
            if found is not None:
                return view(request, found, *args, **kwargs)
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(request, selectors.appointment_for(request.user, appointment_id))

    return wrapped


@of_person
def appointment(request, found):
    """When, where, the code; move, cancel, put into the calendar."""
    context = {"one": found, "hall": found.line.hall, "code": shown_code(found.code)}
    return page(request, "appointments/one", context)


@of_person
def move(request, found):
    """Another time in the same queue."""
    if found.state != "booked":
        return go(request, "appointment", found.pk)
    problem, errors = "", {}
    if request.method == "POST":
        try:
            services.move_appointment(
                actor=actor_of(request), appointment=found, starts_at=_moment(request)
            )
            messages.success(request, _("The appointment was moved."))
            return go(request, "appointment", found.pk)
        except Unusable as error:
            errors = {name: said[0] for name, said in error.errors.items()}
        except Conflict as error:
            problem = str(error)
    context = _times(request, found.line) | {
        "one": found,
        "problem": problem,
        "errors": errors,
        "typed": request.POST,
    }
    status = 422 if errors or problem else 200
    return page(request, "appointments/move", context, status=status)


@of_person
def cancel(request, found):
    """Ask once more, then give the place back."""
    if request.method == "POST":
        try:
            services.cancel_appointment(actor=actor_of(request), appointment=found)
            messages.success(request, _("The appointment was cancelled."))
        except Conflict as error:
            messages.warning(request, str(error))
        return go(request, "appointment", found.pk)
    return page(request, "appointments/cancel", {"one": found, "hall": found.line.hall})


@of_person
def calendar(request, found):
    """The appointment for the person's own calendar."""
    hall = found.line.hall
    content = calendar_file(
        uid=f"{found.pk}@govplatform",
        made_at=found.booked_at,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        title=f"{pick(hall.name)}: {pick(found.line.title)}",
        place=pick(hall.address),
        note=_("Code: %(code)s") % {"code": shown_code(found.code)},
        sequence=found.moved,
    )
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@of_person
def qr(request, found):
    """The code as a picture, for the reader at the entrance."""
    path = f"{link(request, 'kiosk', found.line.hall.code)}?{urlencode({'code': found.code})}"
    answer = HttpResponse(qr_svg(public_address(path)), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, no-store"
    return answer
