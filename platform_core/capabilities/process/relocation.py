"""A process that began in the wrong department goes on in another one of the same function."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from security.actors import Actor
from security.audit.services import record_audit

from .definitions import plan_for
from .locking import lock_instance
from .models import ProcessInstance, Task
from .moves import record_alone
from .seating import set_deadline
from .services import find_holder


@transaction.atomic
def move_to_department(
    *, actor: Actor, instance: ProcessInstance, department, reason: str, at: datetime
) -> ProcessInstance:
    """Move the process and its open tasks to `department`; nobody has them in hand then, and their
    terms begin anew. What was done stays as it is.
    """
    instance = lock_instance(id=instance.pk)
    before = instance.department_id
    instance.department = department
    instance.save(update_fields=["department"])
    plan = plan_for(instance.napp_version, instance.process_key)
    tasks = Task.objects.filter(
        instance=instance, state=Task.State.OPEN, pool_department=before
    ).exclude(kind="cc")
    for task in tasks:
        task.pool_department, task.assignee, task.claimed_at = department, None, None
        task.version, task.is_stranded = task.version + 1, True
        task.opened_at, task.warned_at, task.overdue_told_at = at, None, None
        if task.node in plan.places:
            set_deadline(task, plan.step(task.node), at)
        task.save()
        record_alone(instance, actor, "relocated", task, at, opinion=reason[:400])
    for task in tasks:
        find_holder(actor=actor, task_id=task.pk)
    after = {"from": before, "to": department.pk}
    record_audit(actor=actor, verb="process.relocate", obj=instance, after=after)
    return instance
