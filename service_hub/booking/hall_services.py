"""Writes of halls: what is offered, opening hours, days with other hours."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.duties import standing_group

from . import selectors
from .models import Appointment, Hall, HallDay, Line, Opening, Window
from .places import plan_lock
from .policies import hall_duty
from .services import call_off

# Nobody plans further; a slip in the year is noticed.
FURTHEST = timedelta(days=366)


@transaction.atomic
def create_hall(
    *, actor: Actor, code: str, name: dict, address: dict, department, phone: str = ""
) -> Hall:
    """A new hall of an organ, in its division."""
    hall = Hall(
        code=code, name=name, address=address, phone=phone,
        department=department, region=department.region,
    )  # fmt: skip
    hall.full_clean()
    hall.save(force_insert=True)
    # Whoever gives out duties finds this one among the roles.
    standing_group(hall_duty(hall))
    record_audit(actor=actor, verb="hall.create", obj=hall, after={"code": code})
    transaction.on_commit(lambda: cache.delete(selectors.HALLS_KEY))
    return hall


@transaction.atomic
def add_line(*, actor: Actor, hall: Hall, letter: str, title: dict, items=(), **terms) -> Line:
    """A queue of a hall; `terms` are slot_minutes, capacity and days_ahead."""
    line = Line.objects.create(hall=hall, letter=letter, title=title, **terms)
    line.items.set(items)
    record_audit(actor=actor, verb="hall.line", obj=line, after={"letter": letter, **terms})
    return line


@transaction.atomic
def add_window(*, actor: Actor, hall: Hall, number: int, lines) -> Window:
    """A window of a hall that serves `lines`."""
    window = Window.objects.create(hall=hall, number=number)
    window.lines.set(lines)
    record_audit(actor=actor, verb="hall.window", obj=window, after={"number": number})
    return window


@transaction.atomic
def read_names(*, actor: Actor, hall: Hall, on: date, count: int) -> None:
    """Note that somebody read the names of `count` people who booked for the day. Raises NotAllowed
    for whoever does not work at the hall.
    """
    if not selectors.may_know_names(actor.user, hall):
        raise NotAllowed(_("Only those who work at this hall read the names."))
    after = {"on": on.isoformat(), "people": count, "fields": ["name"]}
    record_audit(actor=actor, verb="hall.names", obj=hall, after=after)


def _manages(actor: Actor, hall: Hall) -> None:
    if not actor.is_system and not selectors.may_manage(actor.user, hall):
        raise NotAllowed(_("Only the head of the office that runs the hall may change this."))


@transaction.atomic
def set_hours(*, actor: Actor, hall: Hall, weekday: int, hours: list[tuple[time, time]]) -> None:
    """The opening hours of a weekday from now on; an empty list closes it.

    Appointments outside the new hours stay: a single day is closed by `close_day`.
    """
    _manages(actor, hall)
    ordered = sorted(hours)
    if any(opens >= closes for opens, closes in ordered):
        raise Unusable({"hours": [_("The end comes after the beginning.")]})
    if any(one[1] > other[0] for one, other in itertools.pairwise(ordered)):
        raise Unusable({"hours": [_("These times overlap.")]})
    one_at_a_time(plan_lock(hall.pk))
    Opening.objects.filter(hall=hall, weekday=weekday).delete()
    Opening.objects.bulk_create(
        Opening(hall=hall, weekday=weekday, opens=opens, closes=closes) for opens, closes in ordered
    )
    shown = [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in ordered]
    record_audit(actor=actor, verb="hall.hours", obj=hall, after={"day": weekday, "hours": shown})


@transaction.atomic
def set_terms(*, actor: Actor, line: Line, capacity: int, days_ahead: int) -> Line:
    """How many appointments a slot takes, and how far ahead. Those made stay when it is fewer."""
    _manages(actor, line.hall)
    errors = {}
    if not 0 <= capacity <= 200:
        errors["capacity"] = [_("Enter a number from 0 to 200.")]
    if not 0 <= days_ahead <= 60:
        errors["days_ahead"] = [_("Enter a number from 0 to 60.")]
    if errors:
        raise Unusable(errors)
    before = {"capacity": line.capacity, "days_ahead": line.days_ahead}
    line.capacity, line.days_ahead = capacity, days_ahead
    line.save(update_fields=["capacity", "days_ahead"])
    after = {"capacity": capacity, "days_ahead": days_ahead}
    record_audit(actor=actor, verb="hall.terms", obj=line, before=before, after=after)
    return line


@transaction.atomic
def close_day(
    *,
    actor: Actor,
    hall: Hall,
    on: date,
    reason: str,
    opens: time | None = None,
    closes: time | None = None,
    at: datetime | None = None,
) -> int:
    """Close a hall on a day, or give it other hours; how many appointments were called off.

    Whoever had one outside the new hours is told the reason and the next free times.
    """
    _manages(actor, hall)
    errors = {}
    today = timezone.localdate(at or timezone.now())
    if on < today:
        errors["on"] = [_("This day is over.")]
    elif on > today + FURTHEST:
        errors["on"] = [_("This day is too far away. Enter one of the next twelve months.")]
    if not reason.strip():
        errors["reason"] = [_("Say why. The people who have an appointment read it.")]
    if (opens is None) != (closes is None) or (opens and opens >= closes):
        errors["closes"] = [_("The end comes after the beginning.")]
    if errors:
        raise Unusable(errors)
    one_at_a_time(plan_lock(hall.pk))
    HallDay.objects.update_or_create(
        hall=hall,
        on=on,
        defaults={
            "opens": opens, "closes": closes, "reason": reason.strip()[:200],
            "set_by": actor.user,
        },
    )  # fmt: skip
    record_audit(
        actor=actor, verb="hall.day", obj=hall, after={"on": on.isoformat(), "reason": reason}
    )
    booked = selectors.day_of_hall(hall, on).filter(state=Appointment.State.BOOKED)
    hit = [one for one in booked if not _inside(one, opens, closes)]
    return call_off(actor=actor, appointments=hit, reason=reason.strip()[:200], at=at)


def _inside(appointment: Appointment, opens: time | None, closes: time | None) -> bool:
    if opens is None:
        return False
    begins = timezone.localtime(appointment.starts_at).time()
    ends = timezone.localtime(appointment.ends_at).time()
    return opens <= begins and ends <= closes


@transaction.atomic
def open_day(*, actor: Actor, hall: Hall, on: date) -> None:
    """Take back what was said about a day: it has its usual hours again."""
    _manages(actor, hall)
    HallDay.objects.filter(hall=hall, on=on).delete()
    record_audit(actor=actor, verb="hall.day_back", obj=hall, after={"on": on.isoformat()})
