"""Reads of the queue: for the person, the window and the screen in the hall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from service_hub.evaluations.models import Visit

from .fairness import EARLY, HOLDERS_IN_A_ROW, minutes_to_wait
from .models import Hall, Line, Ticket, Window
from .selectors import plan_of

State = Ticket.State
BEFORE_OPENING = timedelta(minutes=30)
SERVED_LOOKED_AT = 10
ON_SCREEN = 8


@dataclass(frozen=True)
class Wait:
    """How a ticket stands: people before it, and minutes if anybody can tell."""

    ahead: int
    minutes: int | None


def label(ticket: Ticket) -> str:
    """The number as it is called: A012."""
    return f"{ticket.home.letter}{ticket.number:03d}"


def takes_numbers(hall: Hall, at: datetime) -> bool:
    """Whether the hall gives out numbers: from half an hour before it opens until it closes."""
    on = timezone.localdate(at)
    return any(
        _moment(on, opens) - BEFORE_OPENING <= at < _moment(on, closes)
        for opens, closes in plan_of(hall, on, on)[on]
    )


def _moment(on: date, time) -> datetime:
    return timezone.make_aware(datetime.combine(on, time))


def waiting_ticket(person, line: Line, on: date) -> Ticket | None:
    """The number with which a person waits in a queue of this day."""
    mine = Ticket.objects.filter(person=person, line=line, on=on, state=State.WAITING)
    return mine.select_related("home", "line__hall").first()


def _waiting(lines, on: date) -> QuerySet[Ticket]:
    found = Ticket.objects.filter(line__in=lines, on=on, state=State.WAITING)
    return found.select_related("home", "line__hall").order_by("rank_at", "number")


def waiting_groups(lines, at: datetime) -> tuple[QuerySet, QuerySet]:
    """(appointments whose time has come, walk-ins) that wait in these queues, each in order."""
    waiting = _waiting(lines, timezone.localdate(at))
    return waiting.filter(is_holder=True, rank_at__lte=at + EARLY), waiting.filter(is_holder=False)


def early_holders(lines, at: datetime) -> QuerySet:
    """Appointments that are here before their time: called when nobody else waits."""
    waiting = _waiting(lines, timezone.localdate(at))
    return waiting.filter(is_holder=True, rank_at__gt=at + EARLY)


def called_lately(lines, on: date) -> list[bool]:
    """Of the numbers called last, newest first, whether they were appointments."""
    called = Ticket.objects.filter(line__in=lines, on=on, called_at__isnull=False)
    return list(
        called.order_by("-called_at").values_list("is_holder", flat=True)[:HOLDERS_IN_A_ROW]
    )


def ticket_at(window: Window) -> Ticket | None:
    """The number that is at a window now."""
    there = Ticket.objects.filter(window=window, state=State.CALLED)
    return there.select_related("home", "line__hall", "window", "appointment__case").first()


def ticket_for(hall: Hall, ticket_id) -> Ticket:
    """A number of this hall, else Http404; its address is as secret as the slip of paper."""
    found = Ticket.objects.filter(pk=ticket_id, line__hall=hall)
    found = found.select_related("home", "line__hall", "window").first()
    if found is None:
        raise Http404
    return found


def wait_of(ticket: Ticket, at: datetime) -> Wait:
    """How many stand before a waiting ticket, and about how long that takes."""
    before = _waiting([ticket.line_id], ticket.on)
    before = before.filter(
        Q(rank_at__lt=ticket.rank_at) | Q(rank_at=ticket.rank_at, number__lt=ticket.number)
    )
    ahead = before.count()
    pace = _paces([ticket.line_id], ticket.on, at)
    return Wait(ahead, _minutes(ticket.line_id, ahead, pace))


def waits_of(hall: Hall, at: datetime) -> list[dict]:
    """Each queue of the hall with how many wait and how long a new number would: {line, waiting,
    minutes}. Three queries however many queues.
    """
    on = timezone.localdate(at)
    waiting = Count("tickets", filter=Q(tickets__on=on, tickets__state=State.WAITING))
    lines = list(hall.lines.annotate(waiting=waiting).order_by("letter"))
    pace = _paces([one.pk for one in lines], on, at)
    return [
        {"line": one, "waiting": one.waiting, "minutes": _minutes(one.pk, one.waiting, pace)}
        for one in lines
    ]


def _paces(lines, on: date, at: datetime) -> tuple[dict, dict]:
    """(seconds that the last matters took, windows that called within the hour), by queue."""
    served = Ticket.objects.filter(line__in=lines, on=on, state=State.SERVED).order_by("-ended_at")
    times: dict[int, list[float]] = {}
    rows = served.values_list("line", "called_at", "ended_at")[: SERVED_LOOKED_AT * len(lines)]
    for line, called, ended in rows:
        times.setdefault(line, []).append((ended - called).total_seconds())
    lately = Ticket.objects.filter(line__in=lines, on=on, called_at__gte=at - timedelta(hours=1))
    windows = lately.values_list("line").annotate(n=Count("window", distinct=True))
    return times, dict(windows)


def _minutes(line: int, ahead: int, pace: tuple[dict, dict]) -> int | None:
    times, windows = pace
    return minutes_to_wait(ahead, times.get(line, [])[:SERVED_LOOKED_AT], windows.get(line, 1))


def screen_of(hall: Hall, on: date) -> list[Ticket]:
    """What the screen shows: the numbers at the windows, called last first."""
    called = Ticket.objects.filter(line__hall=hall, on=on, state=State.CALLED)
    return list(called.select_related("home", "window").order_by("-called_at")[:ON_SCREEN])


def window_of(hall: Hall, number: int) -> Window:
    """A window of the hall, else Http404."""
    found = Window.objects.filter(hall=hall, number=number).prefetch_related("lines").first()
    if found is None:
        raise Http404
    found.hall = hall
    return found


def was_visit_noted(clerk, ticket: Ticket) -> bool:
    """Whether the clerk has recorded a visit since the number was called, as at the intake."""
    return Visit.objects.filter(clerk=clerk, at__gte=ticket.called_at).exists()
