"""Sub-processes: a child is started with what its parent knows, and withdrawn with it.

The caller holds the lock of the parent; a child's lock is taken after it.
"""

from __future__ import annotations

from security.statements import update

from .definitions import needed_facts, plan_for
from .locking import lock_instance
from .models import ProcessInstance, Wait


def start_child(writer, wait: Wait) -> ProcessInstance:
    """Start the process that the step of `wait` names, for the same subject."""
    parent = writer.instance
    key = writer.plan.step(wait.node).process
    plan = plan_for(parent.napp_version, key)
    child = ProcessInstance(
        parent=parent,
        napp_version=parent.napp_version,
        process_key=key,
        subject_type=parent.subject_type,
        subject_id=parent.subject_id,
        subject_label=parent.subject_label,
        subject_number=parent.subject_number,
        record_id=parent.record_id,
        starter_id=parent.starter_id,
        region=parent.region,
        department=parent.department,
        started_at=writer.at,
    )
    inner = type(writer)(child, plan, writer.actor, writer.at)
    inner.record("started")
    inner.follow(*inner.started(needed_facts(plan, parent.state["facts"])))
    inner.finish()
    wait.child = child
    update(wait, ["child"])
    return child


def withdraw_orphan(writer, child: ProcessInstance) -> None:
    """Withdraw a process for which nobody waits any more, with whatever runs below it."""
    child = lock_instance(id=child.pk)
    if child.status == ProcessInstance.Status.ENDED:
        return
    plan = plan_for(child.napp_version, child.process_key)
    inner = type(writer)(child, plan, writer.actor, writer.at)
    inner.withdraw("")
    inner.finish()
