"""Meeting rooms: a day of all of them, one with its weeks, booking it, keeping one."""

from datetime import time, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from collab_hub.office.access import office_page
from collab_hub.office.forms import with_errors
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.refusals import say_refused
from security.access import may
from security.organs.selectors import headed_ids, headed_organs

from .. import duty_selectors, feeds, room_selectors, room_services, series_services, services
from ..duties import moment_at
from ..finding import day_or_none
from ..forms import RoomForm, WeeklyForm
from ..policies import is_inside
from .bookings import at_fields, rows_of, taken
from .calendars import calendar_answer

DAYS_SHOWN = 14


@require_safe
@office_page
def rooms(request):
    """All rooms with what is booked on a day, one's own bookings, those of people who left."""
    if not is_inside(request.user):
        raise Http404
    on = day_or_none(request.GET.get("on", "")) or timezone.localdate()
    found = room_selectors.day_of(request.user, on, duty_selectors.here())
    shown = rows_of(request.user, [one for line in found for one in line["bookings"]])
    by_room: dict = {}
    for row in shown:
        by_room.setdefault(row["booking"].room_id, []).append(row)
    context = {
        "on": on, "before": on - timedelta(days=1), "after": on + timedelta(days=1),
        "lines": [(line["room"], by_room.get(line["room"].pk, [])) for line in found],
        "mine": rows_of(request.user, room_selectors.bookings_ahead(request.user)[:20]),
        "left": room_selectors.of_who_left(request.user)[: room_selectors.MOST_LEFT],
        "may_add": bool(headed_ids(request.user)), "kept": room_selectors.kept_rooms(request.user),
    }  # fmt: skip
    return render(request, "office/directory/rooms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office_page
def room(request, room_id):
    """Two weeks of a room, and booking it, once or every week."""
    found = room_selectors.room_for(request.user, room_id, "book")
    today = timezone.localdate()
    on = day_or_none(request.GET.get("on", "")) or today
    form = WeeklyForm(request.POST if request.method == "POST" else None, initial={"on": on})
    status, days = 200, []
    if request.method == "POST":
        status, days = _booked(request, found, form) if form.is_valid() else (422, [])
        if status == 302:
            return redirect("directory:room", found.pk)
    zone = duty_selectors.here()
    bookings = room_selectors.bookings_of(
        found, moment_at(on, time.min, zone), moment_at(on + timedelta(DAYS_SHOWN), time.min, zone)
    )
    context = {
        "room": found, "on": on, "before": on - timedelta(DAYS_SHOWN),
        "after": on + timedelta(DAYS_SHOWN), "rows": rows_of(request.user, bookings), "form": form,
        "keeps": may(request.user, "manage", found), "days": days,
        "free": sum(other is None for _one, other in days),
    }  # fmt: skip
    return render(request, "office/directory/room.html", context, status=status)


def _booked(request, found, form) -> tuple[int, list]:
    """(the answer's status, the days of a repetition when some are taken)."""
    try:
        words = _book(request, found, form)
    except Unusable as error:
        with_errors(form, at_fields(error))
        return 422, []
    except Conflict as error:
        days = error.facts.get("days", [])
        form.add_error("times" if days else "begins", str(error) if days else taken(error))
        return 409, days
    except NotAllowed as error:
        say_refused(request, error)
        return 302, []
    messages.success(request, words)
    return 302, []


def _book(request, found, form) -> str:
    given = form.cleaned_data
    if given["times"] == 1:
        room_services.book_room(actor=request.actor, room=found, **form.moments())
        return _("The room is yours at this time.")
    made = series_services.book_weekly(
        actor=request.actor, room=found, without=form.without(), **given
    )
    words = ngettext("The room is yours on %(n)d day.", "The room is yours on %(n)d days.",
                     len(made))  # fmt: skip
    return words % {"n": len(made)}


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
