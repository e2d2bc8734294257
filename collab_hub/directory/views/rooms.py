"""Meeting rooms: a day of all of them, one with its weeks, booking, changing, giving back."""

from datetime import time, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused
from platform_core.common.templatetags.ui import moment
from security.access import may
from security.organs.selectors import headed_ids, headed_organs

from .. import duty_selectors, feeds, room_selectors, room_services, services
from ..duties import moment_at
from ..finding import day_or_none
from ..forms import BookingForm, CancelForm, RoomForm
from ..policies import is_inside
from ..words import span_words
from .calendars import calendar_answer

DAYS_SHOWN = 14
FIELDS = {"starts_at": "begins", "ends_at": "ends"}


def _rows(user, bookings) -> list[dict]:
    """Bookings as the reader sees them: the title, or only who has the room."""
    bookings = list(bookings)
    titled = room_selectors.readable(user, bookings)
    return [
        {"booking": one, "hours": span_words(one.starts_at, one.ends_at),
         "title": one.title if one.pk in titled else "", "is_mine": one.person_id == user.pk,
         "may_open": one.pk in titled}
        for one in bookings
    ]  # fmt: skip


@require_safe
@office_page
def rooms(request):
    """All rooms with what is booked on a day, one's own bookings, those of people who left."""
    if not is_inside(request.user):
        raise Http404
    on = day_or_none(request.GET.get("on", "")) or timezone.localdate()
    found = room_selectors.day_of(request.user, on, duty_selectors.here())
    shown = _rows(request.user, [one for line in found for one in line["bookings"]])
    by_room: dict = {}
    for row in shown:
        by_room.setdefault(row["booking"].room_id, []).append(row)
    context = {
        "on": on, "before": on - timedelta(days=1), "after": on + timedelta(days=1),
        "lines": [(line["room"], by_room.get(line["room"].pk, [])) for line in found],
        "mine": _rows(request.user, room_selectors.bookings_ahead(request.user)[:20]),
        "left": room_selectors.of_who_left(request.user)[: room_selectors.MOST_LEFT],
        "may_add": bool(headed_ids(request.user)), "kept": room_selectors.kept_rooms(request.user),
    }  # fmt: skip
    return render(request, "office/directory/rooms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def room(request, room_id):
    """Two weeks of a room, and booking it."""
    found = room_selectors.room_for(request.user, room_id, "book")
    today = timezone.localdate()
    on = day_or_none(request.GET.get("on", "")) or today
    form = BookingForm(request.POST if request.method == "POST" else None, initial={"on": on})
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _booked(request, found, form)
        if status == 302:
            return redirect("directory:room", found.pk)
    elif request.method == "POST":
        status = 422
    zone = duty_selectors.here()
    bookings = room_selectors.bookings_of(
        found, moment_at(on, time.min, zone), moment_at(on + timedelta(DAYS_SHOWN), time.min, zone)
    )
    context = {
        "room": found, "on": on, "before": on - timedelta(DAYS_SHOWN),
        "after": on + timedelta(DAYS_SHOWN), "rows": _rows(request.user, bookings), "form": form,
        "keeps": may(request.user, "manage", found),
    }  # fmt: skip
    return render(request, "office/directory/room.html", context, status=status)


def _booked(request, found, form) -> int:
    try:
        room_services.book_room(actor=request.actor, room=found, **form.cleaned_data)
    except Unusable as error:
        with_errors(form, _at_fields(error))
        return 422
    except Conflict as error:
        form.add_error("begins", _taken(error))
        return 409
    except NotAllowed as error:
        say_refused(request, error)
        return 302
    messages.success(request, _("The room is yours at this time."))
    return 302


def _at_fields(error: Unusable) -> dict:
    return {FIELDS.get(key, key): words for key, words in error.errors.items()}


def _taken(error: Conflict) -> str:
    """Who has it, and when it is free."""
    free = ", ".join(moment(one) for one in error.facts.get("free", ()))
    if not free:
        return str(error)
    return f"{error} " + _("Free for as long: %(times)s.") % {"times": free}


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def booking(request, booking_id):
    """One booking: changing it, giving it back."""
    found = room_selectors.booking_for(request.user, booking_id)
    may_change = may(request.user, "change", found) and found.state == "booked"
    starts, ends = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
    known = {"title": found.title, "on": starts.date(), "begins": starts.time(),
             "ends": ends.time()}  # fmt: skip
    form = BookingForm(request.POST if request.method == "POST" else None, initial=known)
    status = 200
    if request.method == "POST" and not may_change:
        raise Http404
    if request.method == "POST" and form.is_valid():
        status = _changed(request, found, form)
        if status == 302:
            return redirect("directory:booking", found.pk)
    elif request.method == "POST":
        status = 422
    return _booking(request, found, form, CancelForm(), status)


def _changed(request, found, form) -> int:
    try:
        room_services.change_booking(actor=request.actor, booking=found, **form.cleaned_data)
    except Unusable as error:
        with_errors(form, _at_fields(error))
        return 422
    except Conflict as error:
        form.add_error("begins", _taken(error))
        return 409
    except NotAllowed as error:
        say_refused(request, error)
        return 302
    messages.success(request, _("Changed."))
    return 302


def _booking(request, found, form, cancelling, status: int = 200):
    is_open = found.state == "booked" and found.ends_at > timezone.now()
    context = {
        "booking": found, "form": form, "cancelling": cancelling,
        "hours": span_words(found.starts_at, found.ends_at), "is_open": is_open,
        "may_change": is_open and may(request.user, "change", found),
        "may_cancel": is_open and may(request.user, "cancel", found),
        "is_mine": found.person_id == request.user.pk,
        "is_left": is_open and room_selectors.has_left(request.user, found),
    }  # fmt: skip
    return render(request, "office/directory/booking.html", context, status=status)


@require_POST
@office_page
def cancel(request, booking_id):
    """Give the room back."""
    found = room_selectors.booking_for(request.user, booking_id, "cancel")
    form = CancelForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        room_services.cancel_booking(actor=request.actor, booking=found, reason=reason)
    except Unusable as error:
        with_errors(form, error.errors)
        starts, ends = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
        known = {"title": found.title, "on": starts.date(), "begins": starts.time(),
                 "ends": ends.time()}  # fmt: skip
        return _booking(request, found, BookingForm(initial=known), form, 422)
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The room is free again."))
    return redirect("directory:room", found.room_id)


@require_POST
@office_page
def take_over(request, booking_id):
    """A head takes over what somebody booked who has left."""
    found = room_selectors.booking_for(request.user, booking_id, "cancel")
    try:
        room_services.take_over(actor=request.actor, booking=found)
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
    else:
        messages.success(request, _("The booking is yours now."))
    return redirect("directory:rooms")


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def edit(request, room_id=None):
    """Add a room, or change one."""
    found = room_selectors.room_for(request.user, room_id, "manage") if room_id else None
    organs = headed_organs(request.user)
    if not organs:
        raise Http404
    names = ("name", "place", "seats", "equipment", "is_shared", "is_active")
    known = {name: getattr(found, name) for name in names} if found else None
    form = RoomForm(request.POST if request.method == "POST" else None, initial=known,
                    organs=[found.department] if found else organs)  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            room_services.save_room(actor=request.actor, room=found, **form.cleaned_data)
        except Unusable as error:
            with_errors(form, error.errors)
        except Conflict as error:
            form.add_error("is_active", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("directory:rooms")
    context = {"form": form, "room": found}
    status = 422 if form.errors else 200
    return render(request, "office/directory/room_edit.html", context, status=status)


@require_safe
@office_page
def calendar_file(request, room_id):
    """The bookings of a room for a calendar program."""
    found = room_selectors.room_for(request.user, room_id)
    content = feeds.file_of(request.user, room=found)
    services.note_export(actor=request.actor, what="room", label=str(found.pk), rows=1)
    return calendar_answer(content, "room.ics")
