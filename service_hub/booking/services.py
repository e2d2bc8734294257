"""Writes of appointments: book, move, cancel, arrive, not come."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from platform_core.common.locks import beside_others, one_at_a_time
from platform_core.common.outbox.services import send
from platform_core.common.templatetags.ui import day as day_words
from security.accounts.selectors import profile_answers
from security.actors import Actor
from security.audit.services import record_audit
from security.crypto import blind_index
from security.identifiers import mobile_problem, plain_mobile
from service_hub.cases.codes import new_follow_code

from . import selectors
from .hours import barred_until
from .letters import tell
from .models import Appointment, Line, Ticket
from .places import free_place, move_place, plan_lock, take_place

State = Appointment.State
MOST_OPEN = 3
REMINDERS = {"day": timedelta(days=1), "hours": timedelta(hours=2)}
LATE = timedelta(minutes=30)
IN_QUEUE = (Ticket.State.WAITING, Ticket.State.CALLED)
TIMER = "booking.timer"


@transaction.atomic
def book_appointment(
    *,
    actor: Actor,
    line: Line,
    starts_at: datetime,
    name: str = "",
    mobile: str = "",
    item=None,
    case=None,
    at: datetime | None = None,
) -> Appointment:
    """Book one place. Somebody without an account gives name and mobile number.

    Raises Unusable at name or mobile, Conflict with the next free slots (facts: `free`) when the
    slot is full or cannot be booked, or when the person has as many as one may.
    """
    at = at or timezone.now()
    name, mobile = _who(actor, name, mobile)
    one_at_a_time(f"booking:{actor.user.pk if actor.user else blind_index(mobile, 'mobile')}")
    beside_others(plan_lock(line.hall_id))
    _within_limits(actor.user, mobile, line, at)
    slot = _bookable(line, starts_at, at)
    if not take_place(line, starts_at):
        raise _full(line, at)
    code = new_follow_code()
    appointment = Appointment(
        line=line,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        item=item,
        case=case,
        person=actor.user,
        name=name,
        mobile=mobile,
        code=code,
        booked_at=at,
    )
    appointment.save(force_insert=True)
    _set_timers(appointment, at)
    record_audit(actor=actor, verb="appointment.book", obj=appointment, after=_when(appointment))
    tell(appointment, "booked", actor=actor)
    return appointment


def _who(actor: Actor, name: str, mobile: str) -> tuple[str, str]:
    known = profile_answers(actor.user) if actor.user else {}
    name = known.get("name") or " ".join(name.split())
    mobile = mobile.strip() or known.get("mobile", "")
    errors = {}
    if not 2 <= len(name) <= 50:
        errors["name"] = [_("Enter the name of the person who comes.")]
    if mobile and (problem := mobile_problem(mobile)):
        errors["mobile"] = [problem]
    if not mobile and actor.user is None:
        errors["mobile"] = [_("Enter a mobile number. We send the reminder there.")]
    if errors:
        raise Unusable(errors)
    return name, plain_mobile(mobile) if mobile else ""


def _within_limits(user, mobile: str, line: Line, at: datetime) -> None:
    barred = barred_until(selectors.no_shows_of(user, mobile, at), timezone.localdate(at))
    if barred:
        words = _("You did not come three times. You can book again after %(day)s, or just come.")
        raise Conflict(words % {"day": day_words(barred)})
    booked = list(selectors.open_appointments(user, mobile).values_list("line", flat=True))
    if line.pk in booked:
        raise Conflict(_("You have an appointment for this already. Move it, or cancel it first."))
    if len(booked) >= MOST_OPEN:
        words = _("You have %(most)s appointments. Cancel one first.")
        raise Conflict(words % {"most": MOST_OPEN})


def _bookable(line: Line, starts_at: datetime, at: datetime):
    slot = selectors.slot_at(line, starts_at, at)
    if slot is None:
        raise Conflict(
            _("This time cannot be booked. Choose another one."),
            free=selectors.next_free(line, at),
        )
    return slot


def _full(line: Line, at: datetime) -> Conflict:
    return Conflict(
        _("This time was taken a moment ago. Choose another one."),
        free=selectors.next_free(line, at),
    )


def _when(appointment: Appointment) -> dict:
    return {"line": appointment.line_id, "starts_at": appointment.starts_at.isoformat()}


def _set_timers(appointment: Appointment, at: datetime) -> None:
    """Reminders that still lie ahead, and the moment after which one has not come."""
    starts_at = appointment.starts_at
    due = {kind: starts_at - before for kind, before in REMINDERS.items()}
    due = {kind: moment for kind, moment in due.items() if moment > at}
    due["missed"] = appointment.ends_at + LATE
    stamp = starts_at.isoformat()
    for kind, moment in due.items():
        send(
            topic=TIMER,
            key=f"{TIMER}:{appointment.pk}:{kind}:{stamp}",
            payload={"appointment": str(appointment.pk), "kind": kind, "starts_at": stamp},
            due_at=moment,
        )


def _locked(appointment: Appointment) -> Appointment:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("line__hall")
    return rows.get(pk=appointment.pk)


@transaction.atomic
def move_appointment(
    *, actor: Actor, appointment: Appointment, starts_at: datetime, at: datetime | None = None
) -> Appointment:
    """Put an appointment to another slot of the same queue; the old place is free at once.

    Raises Conflict as booking does; the old place is then kept.
    """
    at = at or timezone.now()
    beside_others(plan_lock(appointment.line.hall_id))
    found = _locked(appointment)
    _still_booked(found)
    slot = _bookable(found.line, starts_at, at)
    before = _when(found)
    if not move_place(found.line, found.starts_at, starts_at):
        raise _full(found.line, at)
    found.starts_at, found.ends_at = slot.starts_at, slot.ends_at
    found.moved += 1
    found.save(update_fields=["starts_at", "ends_at", "moved"])
    _set_timers(found, at)
    record_audit(actor=actor, verb="appointment.move", obj=found, before=before, after=_when(found))
    tell(found, "moved", actor=actor)
    return found


def _still_booked(appointment: Appointment) -> None:
    if appointment.state != State.BOOKED:
        raise Conflict(_("This appointment is over."))


@transaction.atomic
def cancel_appointment(
    *, actor: Actor, appointment: Appointment, at: datetime | None = None
) -> Appointment:
    """Give the place back."""
    found = _locked(appointment)
    _still_booked(found)
    _end(found, State.CANCELLED, at)
    free_place(found.line, found.starts_at)
    record_audit(actor=actor, verb="appointment.cancel", obj=found)
    tell(found, "cancelled", actor=actor)
    return found


@transaction.atomic
def correct_appointment(
    *, actor: Actor, appointment: Appointment, name: str = "", mobile: str = ""
) -> Appointment:
    """Put right who comes, or where they are reached. Raises Conflict when it is over."""
    found = _locked(appointment)
    _still_booked(found)
    found.name, found.mobile = name or found.name, mobile or found.mobile
    found.save(update_fields=["name", "mobile", "mobile_index"])
    changed = [key for key, value in (("name", name), ("mobile", mobile)) if value]
    record_audit(actor=actor, verb="appointment.correct", obj=found, after={"fields": changed})
    return found


@transaction.atomic
def forget_appointments(
    *, actor: Actor, user, is_closing: bool, at: datetime | None = None
) -> dict[str, int]:
    """At a person's wish their name and number leave what is over. When the account closes, what
    lies ahead is cancelled first, and its place is free. Gives {"cancelled", "forgotten"}.
    """
    mine = Appointment.objects.filter(person=user)
    ahead = list(mine.filter(state=State.BOOKED)) if is_closing else []
    for one in ahead:
        cancel_appointment(actor=actor, appointment=one, at=at)
    over = list(mine.exclude(state=State.BOOKED).select_for_update())
    for one in over:
        one.person, one.name, one.mobile = None, "", ""
        one.save(update_fields=["person", "name", "mobile", "mobile_index"])
    tickets = Ticket.objects.filter(person=user)
    if not is_closing:
        tickets = tickets.exclude(state__in=IN_QUEUE)
    told = {"cancelled": len(ahead), "forgotten": len(over) + tickets.update(person=None)}
    record_audit(actor=actor, verb="appointment.forget", obj=user, after=told)
    return told


def _end(appointment: Appointment, state: str, at: datetime | None) -> None:
    appointment.state, appointment.ended_at = state, at or timezone.now()
    appointment.save(update_fields=["state", "ended_at"])


@transaction.atomic
def note_arrival(
    *, actor: Actor, appointment: Appointment, at: datetime | None = None
) -> Appointment:
    """The person is here. Raises Conflict on another day, or when the appointment is over."""
    at = at or timezone.now()
    found = _locked(appointment)
    _still_booked(found)
    on = timezone.localdate(found.starts_at)
    if on != timezone.localdate(at):
        words = _("This appointment is on %(day)s, not today.")
        raise Conflict(words % {"day": day_words(on)})
    _end(found, State.ARRIVED, at)
    record_audit(actor=actor, verb="appointment.arrive", obj=found)
    return found


@transaction.atomic
def ring(*, actor: Actor, appointment_id, kind: str, starts_at: str) -> None:
    """A timer rings: remind, or note that nobody came. Nothing when it was moved or is over."""
    found = (
        Appointment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("line__hall", "person")
        .filter(pk=appointment_id, state=State.BOOKED)
        .first()
    )
    if found is None or found.starts_at != parse_datetime(starts_at):
        return
    if kind == "missed":
        _end(found, State.NO_SHOW, None)
        record_audit(actor=actor, verb="appointment.missed", obj=found)
    tell(found, kind, actor=actor)


@transaction.atomic
def call_off(*, actor: Actor, appointments, reason: str, at: datetime | None = None) -> int:
    """The hall cannot keep these appointments: each person is told why and what is free next."""
    count = 0
    for one in appointments:
        found = _locked(one)
        if found.state != State.BOOKED:
            continue
        _end(found, State.CALLED_OFF, at)
        free_place(found.line, found.starts_at)
        record_audit(actor=actor, verb="appointment.call_off", obj=found, after={"reason": reason})
        free = selectors.next_free(found.line, at or timezone.now())
        tell(found, "called_off", actor=actor, reason=reason, free=free)
        count += 1
    return count
