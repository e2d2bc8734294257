"""Reads of halls, free slots and appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.core.cache import cache
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from redis.exceptions import RedisError

from platform_core.common.days import midnight
from platform_core.common.workcalendar import CalendarUnknown, is_workday
from security.access import get_or_404, may, visible_to
from security.crypto import blind_index
from service_hub.cases.codes import plain_code

from .hours import days_from, hours_on, slots_of
from .models import Appointment, Hall, HallDay, Line, Slot

State = Appointment.State
HALLS_KEY, REMEMBERED = "booking:halls", 300
COMING = timedelta(days=14)
RELATED = ("line__hall__region", "item__napp", "case")


@dataclass(frozen=True)
class Free:
    """A slot with the places that are left in it."""

    starts_at: datetime
    ends_at: datetime
    left: int


def halls(region=None, item=None) -> list[Hall]:
    """Active halls, those of `region`'s division first; with `item` only those that offer it."""
    found = Hall.objects.filter(is_active=True).select_related("region", "department")
    if item is not None:
        found = found.filter(lines__items=item).distinct()
    near = region.pk if region is not None else None
    return sorted(found, key=lambda hall: (hall.region_id != near, hall.code))


def hall_for(user, code: str, verb: str = "read") -> Hall:
    """The hall with this code when `user` may do `verb` in it, else Http404."""
    found = Hall.objects.select_related("region", "department")
    return get_or_404(user, verb, found, code=code)


def halls_served(user) -> list[Hall]:
    """The halls in which this official calls numbers."""
    return list(visible_to(user, "serve", Hall.objects.select_related("region", "department")))


def has_halls(regions) -> bool:
    """Whether any of these divisions has a hall; asked by every page of the office, so remembered
    for a while.
    """
    try:
        known = cache.get(HALLS_KEY)
        if known is None:
            known = _regions_of_halls()
            cache.set(HALLS_KEY, known, REMEMBERED)
    except RedisError:  # pages go on without the cache
        known = _regions_of_halls()
    return not set(known).isdisjoint(regions)


def _regions_of_halls() -> list[int]:
    return sorted(set(Hall.objects.values_list("region", flat=True)))


def may_manage(user, hall: Hall) -> bool:
    return may(user, "manage", hall)


def may_know_names(user, hall: Hall) -> bool:
    return may(user, "names", hall)


def lines_of(hall: Hall, item=None) -> list[Line]:
    """The queues of a hall, by letter; with `item` only those that serve it."""
    found = hall.lines.prefetch_related("items")
    return list(found.filter(items=item) if item is not None else found)


def line_of(hall: Hall, line_id) -> Line:
    """A queue of the hall, else Http404."""
    found = Line.objects.filter(hall=hall, pk=line_id).first()
    if found is None:
        raise Http404
    found.hall = hall
    return found


def is_offered(item) -> bool:
    """Whether one can book a visit in person for `item` anywhere."""
    return Line.objects.filter(items=item, hall__is_active=True).exists()


def plan_of(hall: Hall, first: date, last: date) -> dict[date, list]:
    """The opening hours of each day from `first` to `last`; a day the calendar does not know is
    closed.
    """
    weekly: dict[int, list] = {}
    for one in hall.openings.all():
        weekly.setdefault(one.weekday, []).append((one.opens, one.closes))
    exceptions = {
        one.on: [(one.opens, one.closes)] if one.opens and one.closes else []
        for one in hall.days.filter(on__gte=first, on__lte=last)
    }
    days = days_from(first, (last - first).days)
    return {day: hours_on(day, weekly, exceptions, _works) for day in days}


def _works(day: date) -> bool:
    try:
        return is_workday(day)
    except CalendarUnknown:
        return False


def free_slots(line: Line, now: datetime, *, on: date | None = None) -> dict[date, list[Free]]:
    """The slots of each open day that can still be booked, full ones with 0 left; with `on` only
    that day. As many queries however many days.
    """
    today = timezone.localdate(now)
    first, last = (on, on) if on else (today, today + timedelta(days=line.days_ahead))
    if first < today or last > today + timedelta(days=line.days_ahead):
        return {}
    taken = dict(
        Slot.objects.filter(
            line=line,
            starts_at__gte=midnight(first),
            starts_at__lt=midnight(last + timedelta(days=1)),
        ).values_list("starts_at", "taken")
    )
    found = {}
    for day, hours in plan_of(line.hall, first, last).items():
        slots = [_free(line, day, *times, taken) for times in slots_of(hours, line.slot_minutes)]
        slots = [one for one in slots if one.starts_at > now]
        if slots:
            found[day] = slots
    return found


def _free(line: Line, day: date, opens, closes, taken: dict) -> Free:
    starts_at = timezone.make_aware(datetime.combine(day, opens))
    ends_at = timezone.make_aware(datetime.combine(day, closes))
    return Free(starts_at, ends_at, max(line.capacity - taken.get(starts_at, 0), 0))


def slot_at(line: Line, starts_at: datetime, now: datetime) -> Free | None:
    """The slot of `line` that begins at this moment, if it can be booked at all."""
    on = timezone.localdate(starts_at)
    slots = free_slots(line, now, on=on).get(on, [])
    return next((one for one in slots if one.starts_at == starts_at), None)


def next_free(line: Line, now: datetime, limit: int = 3) -> list[Free]:
    """The next slots with a place left."""
    found = [one for slots in free_slots(line, now).values() for one in slots if one.left]
    return found[:limit]


def appointment_for(user, appointment_id, verb: str = "own") -> Appointment:
    """The appointment when `user` may do `verb` with it, else Http404."""
    found = Appointment.objects.select_related(*RELATED)
    return get_or_404(user, verb, found, pk=appointment_id)


def appointment_proved(appointment_id) -> Appointment | None:
    """An appointment without an account; only for a session that made it or proved its code."""
    found = Appointment.objects.select_related(*RELATED)
    return found.filter(pk=appointment_id, person=None).first()


def appointment_with_code(code: str) -> Appointment | None:
    """The appointment with this code; the caller limits the rate."""
    index = blind_index(plain_code(code), "appointment")
    return Appointment.objects.select_related(*RELATED).filter(code_index=index).first()


def appointments_of(user) -> QuerySet[Appointment]:
    """A person's appointments, those still to come first."""
    found = visible_to(user, "own", Appointment.objects.select_related(*RELATED))
    return found.order_by("-starts_at")


def booked_at(user, known, line: Line, starts_at: datetime) -> Appointment | None:
    """The appointment of this person, or with an id that this session `known`, in this slot."""
    found = Appointment.objects.filter(line=line, starts_at=starts_at, state=State.BOOKED)
    mine = found.filter(person=user) if user else found.filter(person=None, pk__in=known)
    return mine.first()


def appointments_between(user, first: datetime, last: datetime) -> QuerySet[Appointment]:
    """A person's appointments that are booked for this time, earliest first."""
    mine = Appointment.objects.filter(person=user, state=State.BOOKED)
    mine = mine.filter(starts_at__gte=first, starts_at__lte=last)
    return mine.select_related("line__hall").order_by("starts_at")


def open_appointments(user, mobile: str) -> QuerySet[Appointment]:
    """What the same person, by account or mobile number, has booked and not used."""
    found = Appointment.objects.filter(state=State.BOOKED)
    return _of(found, user, mobile)


def no_shows_of(user, mobile: str, now: datetime) -> list[datetime]:
    """When the same person did not come in the last 90 days."""
    found = Appointment.objects.filter(state=State.NO_SHOW, starts_at__gte=now - timedelta(days=90))
    return list(_of(found, user, mobile).values_list("starts_at", flat=True))


def _of(found, user, mobile: str):
    if user is not None:
        return found.filter(person=user)
    return found.filter(person=None, mobile_index=blind_index(mobile, "mobile"))


def day_of_hall(hall: Hall, on: date) -> QuerySet[Appointment]:
    """The appointments of a hall on a day, by time, with who booked."""
    return _of_day(hall, on).select_related("line", "item", "person__identity")


def numbers_of_hall(hall: Hall, on: date) -> QuerySet[Appointment]:
    """The appointments of a hall on a day, by time, with the number of who has come; nothing about
    a person is read.
    """
    found = _of_day(hall, on).only(
        "starts_at", "state", "line__title", "item", "ticket__number", "ticket__home__letter"
    )
    return found.select_related("line", "item", "ticket__home")


def _of_day(hall: Hall, on: date) -> QuerySet[Appointment]:
    found = Appointment.objects.filter(
        line__hall=hall, starts_at__gte=midnight(on), starts_at__lt=midnight(on + timedelta(days=1))
    )
    return found.order_by("starts_at", "line")


def hall_with_plan(hall: Hall) -> Hall:
    """The hall with its queues, windows and hours, for its page in the office."""
    found = Hall.objects.select_related("region", "department").prefetch_related(
        "lines__items", Prefetch("windows__lines"), "openings"
    )
    return found.get(pk=hall.pk)


def halls_near(region, today: date) -> list[Hall]:
    """Active halls of the division and of those above and below it, nearest first, read with their
    hours and with the coming days on which these are others (`coming`).
    """
    codes = [code for code in region.path.split("/") if code]
    coming = HallDay.objects.filter(on__gte=today, on__lte=today + COMING).order_by("on")
    found = Hall.objects.filter(
        Q(region__code__in=codes) | Q(region__path__startswith=region.path), is_active=True
    ).select_related("region")
    return list(
        found.prefetch_related("openings", Prefetch("days", coming, to_attr="coming")).order_by(
            "-region__level", "code"
        )
    )


def hours_in_lines(hall: Hall, days) -> list[tuple[object, object, str]]:
    """The usual hours as (first weekday, last weekday, hours): days in a row that have the same are
    one line, closed days are left out; `days` are (number, words).
    """
    week = week_of(hall, days)
    lines = []
    for hours, same in groupby(week, key=lambda one: one["hours"]):
        named = [one["day"] for one in same]
        if hours:
            lines.append((named[0], named[-1], hours))
    return lines


def week_of(hall: Hall, days) -> list[dict]:
    """The usual hours by weekday: {day, hours}; `days` are (number, words)."""
    weekly: dict[int, list[str]] = {}
    for one in hall.openings.all():
        weekly.setdefault(one.weekday, []).append(f"{one.opens:%H:%M}-{one.closes:%H:%M}")
    return [{"day": words, "hours": ", ".join(weekly.get(number, []))} for number, words in days]


def coming_days(hall: Hall, today: date) -> list:
    """The days with other hours that still come."""
    return list(hall.days.filter(on__gte=today).order_by("on")[:60])
