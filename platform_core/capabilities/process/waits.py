"""Steps at which a process waits for a machine, as rows: begun, cancelled, and children started.

Called while a move is written, under the lock of the instance. A child is locked after its parent
and never the other way round: what a child tells its parent goes through the outbox.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from platform_core.common import workcalendar
from platform_core.common.days import midnight
from platform_core.common.outbox.services import send

from .models import ProcessInstance, Wait

CALL, CALL_FAILED = "process.call", "process.call_failed"
CHILD_CLOSED = "process.child_closed"


def begin(writer, step, ticket: int) -> Wait:
    """The row of a step that waits with this ticket, and what makes it go on."""
    wait = Wait(
        instance=writer.instance, node=step.key, kind=step.kind, ticket=ticket, since=writer.at
    )
    if step.kind == "timer":
        wait.due_at = due_at(step, writer.instance.state["facts"], writer.at)
    elif step.kind == "call":
        send(topic=CALL, key=f"{CALL}:{wait.pk}", payload={"wait": str(wait.pk)})
    writer.waits.append(wait)
    return wait


def set_clocks(instance: ProcessInstance, plan, pauses) -> None:
    """Compute the terms that are running anew, without the days of `pauses` (both ends in); a pause
    without an end moves nothing until it has one."""
    running = Wait.objects.filter(instance=instance, state=Wait.State.WAITING, kind="timer")
    timers, ended = list(running), [(first, last) for first, last in pauses if last is not None]
    for wait in timers:
        step, began = plan.step(wait.node), timezone.localdate(wait.since)
        if step.working_days is not None:
            term = (wait.since, step.working_days, ended)
            wait.due_at = workcalendar.if_known(workcalendar.due_at, *term)
        elif step.days is not None:
            held = sum(
                (last - max(first, began)).days + 1 for first, last in ended if last >= began
            )
            wait.due_at = wait.since + timedelta(days=step.days + held)
    Wait.objects.bulk_update(timers, ["due_at"])


def due_at(step, facts: dict, at: datetime) -> datetime | None:
    """When a timer that begins at `at` is over; at once when the day asked for is empty or past,
    None while its working days are not known.
    """
    if step.working_days is not None:
        return workcalendar.if_known(workcalendar.due_at, at, step.working_days)
    if step.days is not None:
        return at + timedelta(days=step.days)
    day = _day(facts.get(step.until))
    return at if day is None else max(at, midnight(day))


def _day(answer):
    try:
        return datetime.strptime(answer, "%Y-%m-%d").date()
    except (TypeError, ValueError):
        return None


def cancel(writer, nodes: list[str]) -> list[ProcessInstance]:
    """Nobody waits at these steps any more; the running processes that were waited for, locked with
    all that run below them: whoever acts in them locks them before the subject, and so do we."""
    rows = Wait.objects.filter(instance=writer.instance, node__in=nodes, state=Wait.State.WAITING)
    children = _lock_running(waited_for__in=list(rows))
    below = children
    while below:
        below = _lock_running(parent__in=below)
    rows.update(state=Wait.State.CANCELLED, closed_at=writer.at)
    return children


def _lock_running(**which) -> list[ProcessInstance]:
    running = ProcessInstance.objects.select_for_update(of=("self",)).filter(**which)
    return list(running.exclude(status=ProcessInstance.Status.ENDED).order_by("pk"))


def tell_parent(child: ProcessInstance) -> None:
    """The process that waits for `child` hears of its close after the commit, once."""
    key = f"{CHILD_CLOSED}:{child.pk}"
    send(topic=CHILD_CLOSED, key=key, payload={"child": str(child.pk)})


def waiting_child(instance: ProcessInstance) -> ProcessInstance | None:
    """The process below `instance`, at any depth, that waits for the applicant."""
    level = [instance.pk]
    while level:
        below = list(ProcessInstance.objects.filter(parent__in=level).order_by("started_at", "pk"))
        asked = next((one for one in below if one.status == ProcessInstance.Status.WAITING), None)
        if asked is not None:
            return asked
        level = [one.pk for one in below if one.status == ProcessInstance.Status.RUNNING]
    return None
