"""Stopping the clock for a special procedure, and letting it go on."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from security.actors import Actor
from security.audit.services import record_audit

from .. import moves
from ..locking import lock_instance, lock_task
from ..models import ProcessInstance, Task
from ..permissions import principal_of
from . import selectors
from .models import Suspension
from .setting import set_clocks

Status = ProcessInstance.Status
LONGEST = timedelta(days=366)
LONGEST_REASON = 1000


@transaction.atomic
def suspend_process(
    *,
    actor: Actor,
    task_id,
    version: int,
    kind: str,
    reason: str,
    planned_until: date | None = None,
    at=None,
) -> Suspension:
    """Stop every clock of the process from today on, until `planned_until` or until it is resumed.

    Asks for the kind of procedure and a reason, which the applicant reads. Raises what `act` does,
    Conflict while the process waits for the applicant, Unusable for what is missing. Emits
    process.suspended.
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    instance, task = lock_task(actor=actor, task_id=task_id, version=version)
    _check_place(actor, instance, task)
    reason = _checked(kind, reason, planned_until, today)
    principal = principal_of(actor.user, task)
    found = Suspension.objects.create(
        instance=instance,
        node=task.node,
        kind=kind,
        reason=reason,
        began_by=actor.user,
        began_at=at,
        began_on=today,
        planned_until=planned_until,
    )
    instance.status = Status.PAUSED
    instance.save(update_fields=["status"])
    until = planned_until.isoformat() if planned_until else None
    moves.record_alone(
        instance, actor, "suspended", task, at, principal,
        opinion=reason, data={"kind": kind, "until": until},
    )  # fmt: skip
    set_clocks(instance)
    after = {"status": instance.status, "kind": kind, "until": until}
    record_audit(actor=actor, verb="process.suspend", obj=instance, after=after)
    facts = {"instance": instance, "task": task, "actor": actor, "at": at}
    emit("process.suspended", **facts, suspension=found)
    emit("process.moved", instance=instance, actor=actor, at=at)
    return found


@transaction.atomic
def resume_process(*, actor: Actor, task_id, at=None) -> ProcessInstance:
    """Let the process of the task go on from today, the last day that does not count.

    Http404 for strangers, NotAllowed for whoever may only see it, Conflict when nothing is
    suspended. Emits process.resumed.
    """
    at = at or timezone.now()
    instance, task = lock_task(actor=actor, task_id=task_id, version=None)
    if instance.status != Status.PAUSED:
        raise Conflict(_("Nothing is suspended here."))
    if not selectors.may_resume(actor.user, task):
        raise NotAllowed(_("Whoever handles this step, or the head, lets it go on."))
    _resume(actor, instance, at, task)
    return instance


@transaction.atomic
def resume_as_planned(*, actor: Actor, suspension_id, at=None) -> bool:
    """Let a process go on whose suspension has come to its planned end; False when it had gone on
    before. However late this runs, the pause ends with the planned day.
    """
    at = at or timezone.now()
    planned = Suspension.objects.get(pk=suspension_id)
    instance = lock_instance(id=planned.instance_id)
    found = selectors.current_of(instance)
    if found is None or found.pk != planned.pk or found.planned_until is None:
        return False
    if found.planned_until >= timezone.localdate(at):
        return False
    _resume(actor, instance, at)
    return True


@transaction.atomic
def end_with_process(*, actor: Actor, instance: ProcessInstance, at) -> None:
    """Close the suspension of a process that ends while it is suspended (a withdrawal)."""
    running = Suspension.objects.filter(instance=instance, ended_at=None)
    running.update(ended_at=at, ended_on=timezone.localdate(at), ended_by=actor.user)


def _resume(actor: Actor, instance: ProcessInstance, at, task: Task | None = None) -> None:
    found = Suspension.objects.get(instance=instance, ended_at=None)
    today = timezone.localdate(at)
    found.ended_at, found.ended_by = at, actor.user
    found.ended_on = min(today, found.planned_until or today)
    found.save(update_fields=["ended_at", "ended_by", "ended_on"])
    instance.status = Status.RUNNING
    instance.save(update_fields=["status"])
    open_tasks = Task.objects.filter(instance=instance, state=Task.State.OPEN)
    task = task or open_tasks.exclude(kind="cc").first()
    moves.record_alone(instance, actor, "resumed", task, at)
    set_clocks(instance)
    record_audit(
        actor=actor, verb="process.resume", obj=instance, after={"status": instance.status}
    )
    emit("process.resumed", instance=instance, task=task, actor=actor, at=at, suspension=found)
    emit("process.moved", instance=instance, actor=actor, at=at)


def _check_place(actor: Actor, instance: ProcessInstance, task: Task) -> None:
    if selectors.may_suspend(actor.user, task):
        return
    if instance.status == Status.WAITING:
        raise Conflict(_("The applicant is asked for a correction; the clock can stop afterwards."))
    if task.stage == "acceptance":
        raise Conflict(_("Before acceptance no clock runs that could be stopped."))
    raise NotAllowed(_("You may not stop the clock at this step."))


def _checked(kind: str, reason: str, planned_until: date | None, today: date) -> str:
    problems, reason = {}, reason.strip()
    moves.must_be_storable("reason", reason)
    if kind not in Suspension.Kind.values:
        problems["kind"] = [_("Choose the procedure that is waited for.")]
    if not reason:
        problems["reason"] = [_("Give the reason: the applicant is told in writing.")]
    elif len(reason) > LONGEST_REASON:
        problems["reason"] = [
            _("Shorten this to %(limit)d characters.") % {"limit": LONGEST_REASON}
        ]
    if planned_until is not None and planned_until < today:
        problems["planned_until"] = [_("This day has passed already.")]
    elif planned_until is not None and planned_until - today > LONGEST:
        problems["planned_until"] = [_("At most a year ahead.")]
    if problems:
        raise Unusable(problems)
    return reason
