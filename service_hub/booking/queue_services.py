"""Writes of the queue: take a number, call, call again, transfer, not there, done."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.locks import one_at_a_time
from security.access import may
from security.actors import Actor
from security.audit.services import record_audit
from service_hub.evaluations.services import record_visit

from . import queue_selectors as queue
from .fairness import HOLDER, place_of, turns
from .models import Appointment, Line, Ticket, Window
from .services import note_arrival

State = Ticket.State
LAST_NUMBER = 999
NEXT = """
    insert into service_hub_ticketserial (line_id, "on", last) values (%s, %s, 1)
    on conflict (line_id, "on") do update set last = service_hub_ticketserial.last + 1
    where service_hub_ticketserial.last < %s
    returning last
"""


@transaction.atomic
def take_ticket(
    *, actor: Actor, line: Line, at: datetime | None = None, appointment: Appointment | None = None
) -> Ticket:
    """A number in a queue. A signed-in person who waits in it already gets the same one.

    Raises Conflict when the hall is closed or the numbers of the day are used up.
    """
    at = at or timezone.now()
    if not queue.takes_numbers(line.hall, at):
        raise Conflict(_("The hall gives out no numbers now. Look at its opening hours."))
    person = appointment.person if appointment else actor.user
    if person is not None and not actor.is_system:
        one_at_a_time(f"ticket:{person.pk}")
        waiting = queue.waiting_ticket(person, line, timezone.localdate(at))
        if waiting is not None and appointment is None:
            return waiting
    is_holder, rank_at = place_of(at, appointment.starts_at if appointment else None)
    ticket = Ticket.objects.create(
        home=line,
        line=line,
        on=timezone.localdate(at),
        number=_number(line, timezone.localdate(at)),
        appointment=appointment,
        person=person,
        is_holder=is_holder,
        rank_at=rank_at,
        taken_at=at,
    )
    record_audit(actor=actor, verb="ticket.take", obj=ticket, after={"number": queue.label(ticket)})
    return ticket


def _number(line: Line, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [line.pk, on, LAST_NUMBER])
        row = cursor.fetchone()
    if row is None:
        raise Conflict(_("Today's numbers are used up. Please book an appointment."))
    return row[0]


@transaction.atomic
def check_in(*, actor: Actor, appointment: Appointment, at: datetime | None = None) -> Ticket:
    """Somebody with an appointment is here: a number that is called at its time.

    A second time gives the same number.
    """
    # Two presses come one after the other.
    Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    given = Ticket.objects.filter(appointment=appointment).select_related("line__hall").first()
    if given is not None:
        return given
    note_arrival(actor=actor, appointment=appointment, at=at)
    return take_ticket(actor=actor, line=appointment.line, at=at, appointment=appointment)


@transaction.atomic
def call_next(
    *, actor: Actor, window: Window, current: str = "", at: datetime | None = None
) -> Ticket | None:
    """Call the next number to a window; the one that is there is done. None when nobody waits then.

    `current` is the ticket that the clerk saw there, so that a second press calls nobody: Conflict.
    """
    at = at or timezone.now()
    window = _locked_window(actor, window)
    _finish_current(actor, window, current, at)
    ticket = _head(window, at)
    if ticket is None:
        return None
    ticket.state, ticket.window, ticket.clerk, ticket.called_at = (
        State.CALLED,
        window,
        actor.user,
        at,
    )
    ticket.save(update_fields=["state", "window", "clerk", "called_at"])
    record_audit(actor=actor, verb="ticket.call", obj=ticket, after={"window": window.number})
    return ticket


def _locked_window(actor: Actor, window: Window) -> Window:
    if not may(actor.user, "serve", window.hall):
        raise NotAllowed(_("Only officials of this hall call numbers."))
    rows = Window.objects.select_for_update(of=("self",)).select_related("hall")
    return rows.get(pk=window.pk)


def _finish_current(actor: Actor, window: Window, seen: str, at: datetime) -> None:
    there = queue.ticket_at(window)
    if there is not None and str(there.pk) != seen:
        words = _("%(number)s is called to this window already.")
        raise Conflict(words % {"number": queue.label(there)})
    if there is not None:
        _done(actor, there, at)


def _head(window: Window, at: datetime) -> Ticket | None:
    """The ticket whose turn it is, locked; what another window is calling is passed over."""
    lines = list(window.lines.values_list("pk", flat=True))
    holders, walk_ins = queue.waiting_groups(lines, at)
    recent = queue.called_lately(lines, timezone.localdate(at))
    for turn in turns(holders.exists(), walk_ins.exists(), recent):
        group = holders if turn == HOLDER else walk_ins
        found = group.select_for_update(skip_locked=True, of=("self",)).first()
        if found is not None:
            return found
    return queue.early_holders(lines, at).select_for_update(skip_locked=True, of=("self",)).first()


def _done(actor: Actor, ticket: Ticket, at: datetime) -> None:
    """The matter at the window is finished: a visit that can be rated, once."""
    ticket.state, ticket.ended_at = State.SERVED, at
    ticket.save(update_fields=["state", "ended_at"])
    record_audit(actor=actor, verb="ticket.done", obj=ticket)
    if not queue.was_visit_noted(actor.user, ticket):
        case = ticket.appointment.case if ticket.appointment_id else None
        name = _("Window %(number)s") % {"number": ticket.window.number}
        record_visit(actor=actor, case=case, window=name, at=at)


def _at_window(actor: Actor, ticket: Ticket) -> Ticket:
    """The ticket, locked, when it is called to a window of a hall where the actor serves."""
    rows = Ticket.objects.select_for_update(of=("self",))
    found = rows.select_related("line__hall", "window", "home").get(pk=ticket.pk)
    if not may(actor.user, "serve", found.line.hall):
        raise NotAllowed(_("Only officials of this hall call numbers."))
    if found.state != State.CALLED:
        raise Conflict(_("This number is not at a window."))
    return found


@transaction.atomic
def finish_ticket(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """Done, without calling the next one."""
    found = _at_window(actor, ticket)
    _done(actor, found, at or timezone.now())
    return found


@transaction.atomic
def recall_ticket(*, actor: Actor, ticket: Ticket) -> Ticket:
    """Call the same number once more."""
    found = _at_window(actor, ticket)
    found.recalls += 1
    found.save(update_fields=["recalls"])
    record_audit(actor=actor, verb="ticket.recall", obj=found, after={"times": found.recalls})
    return found


@transaction.atomic
def miss_ticket(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """Nobody came to the window."""
    found = _at_window(actor, ticket)
    found.state, found.ended_at = State.NO_SHOW, at or timezone.now()
    found.save(update_fields=["state", "ended_at"])
    record_audit(actor=actor, verb="ticket.miss", obj=found)
    return found


@transaction.atomic
def transfer_ticket(*, actor: Actor, ticket: Ticket, line: Line) -> Ticket:
    """Send the person on to another queue of the hall, where they keep the time they came."""
    found = _at_window(actor, ticket)
    if line.hall_id != found.line.hall_id:
        raise Conflict(_("This queue is in another hall."))
    before = found.line_id
    found.line, found.state, found.window = line, State.WAITING, None
    found.called_at, found.recalls = None, 0
    found.save(update_fields=["line", "state", "window", "called_at", "recalls"])
    record_audit(
        actor=actor, verb="ticket.transfer", obj=found, before={"line": before},
        after={"line": line.pk},
    )  # fmt: skip
    return found


@transaction.atomic
def leave_queue(*, actor: Actor, ticket: Ticket, at: datetime | None = None) -> Ticket:
    """The person gives the number back."""
    found = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if found.state != State.WAITING:
        raise Conflict(_("This number waits no longer."))
    found.state, found.ended_at = State.LEFT, at or timezone.now()
    found.save(update_fields=["state", "ended_at"])
    record_audit(actor=actor, verb="ticket.leave", obj=found)
    return found
