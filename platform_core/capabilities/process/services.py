"""Every write of processes: start, act on a task, claim and release, withdraw, answer a correction.

Locks are always taken in one order, instance before task, so two clerks never wait for one another.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict
from security.actors import Actor
from security.audit.services import record_audit

from . import deadlines, engine, moves, waits
from .assignment import holders_of
from .definitions import needed_facts, plan_for
from .locking import lock_instance, lock_pool_task, lock_task
from .models import ProcessInstance, Task
from .permissions import principal_of
from .selectors import stranded_tasks
from .suspension.services import end_with_process
from .writing import Writer


@transaction.atomic
def start_process(
    *,
    actor: Actor,
    napp_version,
    process_key: str,
    subject_type: str,
    subject_id: str,
    subject_label,
    subject_number: str = "",
    record=None,
    facts: dict | None = None,
    region=None,
    department=None,
    starter=None,
    at=None,
    instance_id=None,
) -> ProcessInstance:
    """Start a process of `napp_version` for a subject and open its first tasks.

    `subject_label` is a text in both languages ({"zh", "en"}) or one for both. `facts` are the
    values that conditions may ask; only the ones they do ask are kept. `department` is the
    implementing department of the case. `instance_id` is a new UUID when the subject was given it
    beforehand. Emits process.stage_reached, process.task_opened and, when
    nothing has to be done, process.closed. Raises definitions.ProcessUnknown.
    """
    at = at or timezone.now()
    plan = plan_for(napp_version, process_key)
    instance = ProcessInstance(
        id=instance_id or uuid4(),
        napp_version=napp_version,
        process_key=process_key,
        subject_type=subject_type,
        subject_id=str(subject_id),
        subject_label=_both_languages(subject_label),
        subject_number=subject_number,
        record=record,
        starter=starter or actor.user,
        region=region,
        department=department,
        started_at=at,
    )
    writer = Writer(instance, plan, actor, at)
    writer.record("started")
    writer.follow(*writer.started(needed_facts(plan, facts or {})))
    writer.finish()
    record_audit(actor=actor, verb="process.start", obj=instance, after={"process": process_key})
    return instance


@transaction.atomic
def act(
    *,
    actor: Actor,
    task_id,
    action: str,
    version: int,
    opinion: str = "",
    data: dict | None = None,
    to_user=None,
    to_node: str | None = None,
    fields: list[str] | None = None,
    when: str = "",
    back: str = "",
    at=None,
) -> Task:
    """Do `action` on a task and return the task: approve, submit, reject, abstain, correct, return,
    transfer, add_signer, decline, retry.

    `version` is the task's version that the person saw: when somebody else was faster, Conflict
    names who and when (facts: who, at, action, version). `opinion` is required to reject,
    correct and return; `to_node` names the step to return to, `to_user` the colleague (a User
    or an id) to hand the task to or to ask as a signer, `when` (before or after) that signer signs,
    `back` (again or direct; "" as the step says) how a returned process comes back, `fields` the
    answers to correct, `data` the values of a fill-in
    step.
    Raises Http404 for strangers, NotAllowed for who may see but not act, Unusable for missing
    parts. Emits process.step_done and what follows from it. Costs eight statements for a plain
    approval.
    """
    at = at or timezone.now()
    instance, task = lock_task(actor=actor, task_id=task_id, version=version)
    plan = plan_for(instance.napp_version, instance.process_key)
    request = moves.Request(
        action, opinion.strip(), data, to_user, to_node, tuple(fields or ()), when, back
    )
    moves.check(instance, plan, task, actor, request)
    writer = Writer(instance, plan, actor, at)
    writer.principal = principal_of(actor.user, task)
    before = {"state": task.state, "assignee": task.assignee_id}
    moves.HANDLERS[action](writer, task, request)
    writer.finish()
    after = {"state": task.state, "assignee": task.assignee_id, "action": action, "node": task.node}
    if writer.principal:
        after["on_behalf_of"] = writer.principal.pk
    record_audit(actor=actor, verb=f"task.{action}", obj=task, before=before, after=after)
    return task


@transaction.atomic
def claim_task(*, actor: Actor, task_id, version: int | None = None, at=None) -> Task:
    """Take a task out of the pool for oneself. Conflict when a colleague was faster."""
    at = at or timezone.now()
    instance, task = lock_pool_task(actor=actor, task_id=task_id, version=version)
    if task.assignee_id is None:
        # What a deputy takes is the principal's: it stays where it is when the deputy's time ends.
        principal = principal_of(actor.user, task)
        task.assignee, task.claimed_at = principal or actor.user, at
        task.version += 1
        task.save(update_fields=["assignee", "claimed_at", "version"])
        _note(instance, actor, "claimed", task, at, principal)
    return task


@transaction.atomic
def release_task(*, actor: Actor, task_id, version: int | None = None, at=None) -> Task:
    """Put a task of one's own back into the pool that it came from."""
    at = at or timezone.now()
    instance, task = lock_pool_task(actor=actor, task_id=task_id, version=version)
    if not moves.may_release(task, actor.user):
        raise Conflict(_("This task was given to you in person and cannot go back to the pool."))
    principal = principal_of(actor.user, task)
    task.assignee, task.claimed_at, task.version = None, None, task.version + 1
    task.save(update_fields=["assignee", "claimed_at", "version"])
    _note(instance, actor, "released", task, at, principal)
    return task


@transaction.atomic
def mark_read(*, actor: Actor, task_id, at=None) -> Task:
    """Close a reading item (cc) of one's own; a second time changes nothing."""
    at = at or timezone.now()
    instance, task = lock_task(actor=actor, task_id=task_id, version=None)
    if task.kind == "cc" and task.state == Task.State.OPEN and task.assignee_id == actor.user.pk:
        task.state, task.outcome, task.closed_at = Task.State.DONE, "read", at
        task.closed_by, task.version = actor.user, task.version + 1
        task.save(update_fields=["state", "outcome", "closed_at", "closed_by", "version"])
        _note(instance, actor, "read", task, at)
    return task


@transaction.atomic
def withdraw_process(
    *, actor: Actor, instance: ProcessInstance, reason: str, at=None
) -> ProcessInstance:
    """Close a running process with the outcome "withdrawn" and cancel its tasks.

    The caller decides whether `actor` is the applicant (or the office); Conflict when it has ended.
    """
    at = at or timezone.now()
    moves.must_be_storable("reason", reason)
    instance = lock_instance(id=instance.pk)
    moves.must_run(instance)
    if instance.status == ProcessInstance.Status.PAUSED:
        end_with_process(actor=actor, instance=instance, at=at)
    writer = Writer(instance, plan_for(instance.napp_version, instance.process_key), actor, at)
    writer.withdraw(reason)
    writer.finish()
    record_audit(actor=actor, verb="process.withdraw", obj=instance, after={"outcome": "withdrawn"})
    return instance


@transaction.atomic
def answer_correction(
    *, actor: Actor, instance: ProcessInstance, facts: dict | None = None, at=None
) -> ProcessInstance:
    """The applicant has corrected: go on where the correction was asked, with the new `facts`.

    The task opens again for whoever asked. Conflict when nothing is waiting for the applicant.
    Emits process.correction_answered.
    """
    at = at or timezone.now()
    instance = lock_instance(id=instance.pk)
    moves.must_run(instance)
    if instance.status != ProcessInstance.Status.WAITING:
        # The question may have been asked by a sub-process.
        child = waits.waiting_child(instance)
        instance = lock_instance(id=child.pk) if child else instance
    if instance.status != ProcessInstance.Status.WAITING:
        raise Conflict(_("Nothing is waiting for a correction here."))
    plan = plan_for(instance.napp_version, instance.process_key)
    asked = moves.correction_task(instance)
    writer = Writer(instance, plan, actor, at)
    state, changes = writer.moved(engine.Move("answer"), facts)
    writer.record("correction_answered", node=asked.node if asked else "")
    # Before what follows, which may be the next question.
    writer.announce("process.correction_answered", task=asked)
    writer.follow(state, changes, prefer=asked.closed_by if asked else None)
    writer.finish()
    record_audit(actor=actor, verb="process.answer_correction", obj=instance)
    return instance


@transaction.atomic
def tell_deadlines(*, actor: Actor, now=None, limit: int = 200) -> int:
    """Tell whoever has to act that a task is due soon or late, once per task; returns how many
    tasks.

    Safe to run in several processes at once and as often as one likes: a task is locked while it is
    told, others skip it, and the notice carries a key of its own.
    """
    now = now or timezone.now()
    tasks = deadlines.untold(now, limit)
    for task in tasks:
        deadlines.tell(actor, task, now)
    Task.objects.bulk_update(tasks, ["warned_at", "overdue_told_at"])
    return len(tasks)


@transaction.atomic
def find_holder(*, actor: Actor, task_id) -> bool:
    """Try again to find somebody for a task that nobody can do; True when one was found."""
    instance = lock_instance(task=task_id)
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.state != Task.State.OPEN:
        return False
    if not (task.is_stranded or stranded_tasks().filter(pk=task_id).exists()):
        return False
    plan = plan_for(instance.napp_version, instance.process_key)
    # Another organ that is asked is no step: its people are the department's own to name.
    if task.node not in plan.places:
        return False
    holders = holders_of(plan.step(task.node), instance)
    if not holders.people:
        return False
    task.pool_department, task.pool_groups = holders.department, list(holders.groups)
    task.assignee = None if holders.by_role else holders.people[0]
    task.is_stranded, task.version = False, task.version + 1
    task.save(
        update_fields=["pool_department", "pool_groups", "assignee", "is_stranded", "version"]
    )
    _note(instance, actor, "holder_found", task, timezone.now())
    return True


def _both_languages(label) -> dict[str, str]:
    if not isinstance(label, dict):
        label = {"zh": str(label), "en": str(label)}
    return {language: text[:200] for language, text in label.items()}


def _note(
    instance: ProcessInstance, actor: Actor, kind: str, task: Task, at, principal=None
) -> None:
    """An event and an audit row for what moves a task between people but not the process."""
    moves.record_alone(instance, actor, kind, task, at, principal)
    record_audit(
        actor=actor,
        verb=f"task.{kind}",
        obj=task,
        after={"assignee": task.assignee_id, "node": task.node},
    )
