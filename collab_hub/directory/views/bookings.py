"""Bookings of rooms: as lines of a page, and one of them: changing it, giving it back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused
from platform_core.common.templatetags.ui import moment
from security.access import may

from .. import room_selectors, room_services
from ..forms import BookingForm, CancelForm
from ..words import span_words

FIELDS = {"starts_at": "begins", "ends_at": "ends"}


def rows_of(user, bookings) -> list[dict]:
    """Bookings as the reader sees them: the title, or only who has the room."""
    bookings = list(bookings)
    titled = room_selectors.readable(user, bookings)
    return [
        {"booking": one, "hours": span_words(one.starts_at, one.ends_at),
         "title": one.title if one.pk in titled else "", "is_mine": one.person_id == user.pk,
         "may_open": one.pk in titled}
        for one in bookings
    ]  # fmt: skip


def at_fields(error: Unusable) -> dict:
    """What is wrong, at the fields of the form."""
    return {FIELDS.get(key, key): words for key, words in error.errors.items()}


def taken(error: Conflict) -> str:
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
    may_change = _may_change(request.user, found)
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
        room_services.change_booking(actor=request.actor, booking=found, **form.moments())
    except Unusable as error:
        with_errors(form, at_fields(error))
        return 422
    except Conflict as error:
        form.add_error("begins", taken(error))
        return 409
    except NotAllowed as error:
        say_refused(request, error)
        return 302
    messages.success(request, _("Changed."))
    return 302


def _may_change(user, found) -> bool:
    """What is booked for a meeting is moved with it."""
    is_own = room_selectors.meeting_of(found) is None
    return is_own and found.state == "booked" and may(user, "change", found)


def _booking(request, found, form, cancelling, status: int = 200):
    is_open = found.is_ahead
    meeting = room_selectors.meeting_of(found)
    notice = meeting.notice if meeting else None
    later = list(room_selectors.later_of(found))
    context = {
        "booking": found, "form": form, "cancelling": cancelling,
        "hours": span_words(found.starts_at, found.ends_at), "is_open": is_open,
        "may_change": is_open and _may_change(request.user, found),
        "may_cancel": is_open and may(request.user, "cancel", found),
        "is_mine": found.person_id == request.user.pk,
        "later": rows_of(request.user, later), "is_meeting": meeting is not None,
        "notice": notice if notice and may(request.user, "read", notice) else None,
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
        ended = room_services.cancel_booking(
            actor=request.actor, booking=found, reason=reason, with_later="later" in request.POST
        )
    except Unusable as error:
        with_errors(form, error.errors)
        starts, ends = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
        known = {"title": found.title, "on": starts.date(), "begins": starts.time(),
                 "ends": ends.time()}  # fmt: skip
        return _booking(request, found, BookingForm(initial=known), form, 422)
    except (Conflict, NotAllowed) as error:
        say_refused(request, error)
    else:
        words = ngettext("The room is free again.", "The room is free again on %(n)d days.",
                         len(ended))  # fmt: skip
        messages.success(request, words % {"n": len(ended)} if len(ended) > 1 else words)
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
