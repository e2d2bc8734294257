"""Every write by which a machine makes a process go on: a timer, a call's answer, a child's close.

An answer counts once: the row of the wait is looked at again under the lock of its process, and
whoever comes later finds it done or cancelled.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import structlog
from django.db import connection, transaction

from platform_core.capabilities.rules import as_rule_number
from platform_core.common.bounded_json import is_storable
from platform_core.common.outbox.registry import consumer
from platform_core.napps.hooks import run_hook
from platform_core.napps.selectors import reachable
from security.actors import Actor
from security.audit.services import record_audit

from . import engine
from .definitions import plan_for
from .locking import lock_instance
from .machine_checks import HOOK
from .models import ProcessInstance, Wait
from .waits import CALL, CALL_FAILED, CHILD_CLOSED
from .writing import Writer, named

SYSTEM = "process"
LONGEST_TEXT = 2_000
LARGEST_NUMBER = 10**15
BATCH = 200
log = structlog.get_logger(__name__)


class BadAnswer(Exception):
    """A hook gave back something that its step does not declare."""


@transaction.atomic
def wake(
    *, actor: Actor, wait_id, kind: str = "done", outcome: str = "", facts=None, now=None
) -> bool:
    """A machine has answered (`kind` done or failed): go on behind its step with the new `facts`.

    False when nobody waits for this any more, or a timer is not due. Emits what follows from it, as
    an act of people does.
    """
    now = now or database_now()
    found = Wait.objects.filter(pk=wait_id).values_list("instance", flat=True).first()
    if found is None:
        return False
    instance = lock_instance(id=found)
    wait = Wait.objects.get(pk=wait_id)
    if wait.state != Wait.State.WAITING or not _may_wake(instance, wait, now):
        return False
    wait.state = Wait.State.DONE if kind == "done" else Wait.State.FAILED
    wait.closed_at = now
    wait.save(update_fields=["state", "closed_at"])
    plan = plan_for(instance.napp_version, instance.process_key)
    writer = Writer(instance, plan, actor, now)
    state, changes = writer.moved(engine.Move(kind, wait.node, outcome, ticket=wait.ticket), facts)
    writer.record(_event(wait, kind, outcome), node=wait.node, data=named(plan.step(wait.node)))
    writer.follow(state, changes)
    writer.finish()
    record_audit(
        actor=actor,
        verb=f"process.{wait.kind}_{kind}",
        obj=instance,
        after={"node": wait.node, "outcome": outcome},
    )
    return True


def _may_wake(instance: ProcessInstance, wait: Wait, now) -> bool:
    """A timer fires when it is due, and never while a suspension has stopped the clock."""
    if wait.kind != "timer":
        return True
    is_due = wait.due_at is not None and wait.due_at <= now
    return is_due and instance.status != ProcessInstance.Status.PAUSED


def _event(wait: Wait, kind: str, outcome: str) -> str:
    if wait.kind == "timer":
        return "time_came"
    if wait.kind == "call":
        return "called" if kind == "done" else "call_failed"
    return "child_refused" if outcome == "rejected" else "child_done"


# -- the clock -------------------------------------------------------------------------------------


def sweep_timers(*, actor: Actor, now=None) -> int:
    """Let every process go on whose timer is due, each in a transaction of its own; returns how
    many.

    Safe to run late, twice or in several processes at once. The clock is the database's, so that a
    server whose own clock is wrong is neither early nor late. One process that cannot go on holds
    up no other.
    """
    now = now or database_now()
    woken, met = 0, set()
    while due := _due(now, met):
        for wait_id in due:
            met.add(wait_id)
            try:
                woken += wake(actor=actor, wait_id=wait_id, now=now)
            except Exception as error:  # whatever stops one process, the others go on
                log.exception("process.timer_failed", wait=str(wait_id), error=type(error).__name__)
    return woken


def _due(now, met: set) -> list:
    waiting = Wait.objects.filter(state=Wait.State.WAITING, due_at__lte=now).exclude(pk__in=met)
    waiting = waiting.exclude(instance__status=ProcessInstance.Status.PAUSED)
    due = reachable(waiting, "instance__napp_version__napp").order_by("due_at", "pk")
    return list(due.values_list("pk", flat=True)[:BATCH])


def database_now():
    """The clock of the database: one for all servers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


# -- calls of the N-app's code ---------------------------------------------------------------------


@consumer(CALL, when_dead=CALL_FAILED)
def call_hook(message) -> None:
    """Call the hook of a waiting step and go on with what it gave back.

    What the hook writes commits together with the step. It is given `call`, a key that stays the
    same at every attempt, for systems outside.
    """
    waits = Wait.objects.select_related("instance__napp_version__napp", "instance__record")
    wait = waits.filter(pk=message.payload["wait"], state=Wait.State.WAITING).first()
    if wait is None:
        return
    instance = wait.instance
    step = plan_for(instance.napp_version, instance.process_key).step(wait.node)
    facts = instance.state["facts"]
    answer = run_hook(
        instance.napp_version.napp.slug,
        HOOK,
        step.hook,
        call=str(wait.pk),
        subject={
            "type": instance.subject_type,
            "id": instance.subject_id,
            "number": instance.subject_number,
        },
        values={key: facts.get(key) for key in step.asks},
    )
    wake(actor=Actor.system(SYSTEM), wait_id=wait.pk, facts=_answered(step, answer))


@consumer(CALL_FAILED)
def give_to_people(message) -> None:
    """A call that kept failing becomes a task of the heads."""
    wake(actor=Actor.system(SYSTEM), wait_id=message.payload["wait"], kind="failed")


def _answered(step, answer) -> dict:
    """The facts in a hook's answer; BadAnswer for what the step does not declare."""
    types = {one.key: one.type for one in step.returns}
    if not isinstance(answer or {}, dict) or set(answer or {}) - set(types):
        raise BadAnswer(step.key)
    facts = {}
    for key, value in (answer or {}).items():
        if value is not None and not FITS[types[key]](value):
            raise BadAnswer(f"{step.key}: {key}")
        exact = as_rule_number(value) if isinstance(value, Decimal) else value
        facts[f"{step.key}_{key}"] = exact
    return facts


def _is_number(value) -> bool:
    is_plain = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return is_plain and abs(value) < LARGEST_NUMBER


def _is_date(value) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False


FITS = {
    "text": lambda value: (
        isinstance(value, str) and len(value) <= LONGEST_TEXT and is_storable(value)
    ),
    "number": _is_number,
    "yes_no": lambda value: isinstance(value, bool),
    "date": _is_date,
}


# -- sub-processes ---------------------------------------------------------------------------------


@consumer(CHILD_CLOSED)
def hear_of_child(message) -> None:
    """The process that waited for a child goes on with what the child has learned."""
    child = ProcessInstance.objects.filter(pk=message.payload["child"]).first()
    wait = Wait.objects.filter(child=child).first() if child else None
    if wait is None or child.status != ProcessInstance.Status.ENDED:
        return
    wake(
        actor=Actor.system(SYSTEM),
        wait_id=wait.pk,
        outcome="approved" if child.outcome == "approved" else "rejected",
        facts=child.state["facts"],
    )
