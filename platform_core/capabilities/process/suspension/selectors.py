"""When the clock of a process stands, and who may stop it or let it go on. Reads only."""

from __future__ import annotations

from django.utils import timezone

from ..models import ProcessInstance, Task
from ..permissions import is_head, may_handle, own_acts
from .clock import Pause
from .models import Suspension

Status = ProcessInstance.Status


def current_of(instance: ProcessInstance) -> Suspension | None:
    """The suspension that runs, None while the process goes on."""
    if instance.status != Status.PAUSED:
        return None
    found = Suspension.objects.filter(instance=instance, ended_at=None)
    return found.select_related("began_by").first()


def current_of_subject(subject_type: str, subject_id) -> Suspension | None:
    """The suspension that runs in a process of the subject or in one of its sub-processes."""
    found = Suspension.objects.filter(
        instance__subject_type=subject_type,
        instance__subject_id=str(subject_id),
        instance__status=Status.PAUSED,
        ended_at=None,
    )
    return found.select_related("began_by").first()


def pauses_of(instance: ProcessInstance) -> list[Pause]:
    """The days that no deadline counts: (first, last); of a running suspension the planned last
    day, or None."""
    return _pauses(Suspension.objects.filter(instance=instance))


def pauses_of_subject(subject_type: str, subject_id) -> list[Pause]:
    """The pauses of all processes of a subject: a sub-process stops the clock of the case too."""
    rows = Suspension.objects.filter(instance__subject_type=subject_type)
    return _pauses(rows.filter(instance__subject_id=str(subject_id)))


def _pauses(rows) -> list[Pause]:
    found = rows.values_list("began_on", "ended_on", "planned_until", "ended_at")
    return [
        (first, last if ended else planned)
        for first, last, planned, ended in found
        if not ended or last is not None
    ]


def may_suspend(user, task: Task) -> bool:
    """Whether `user` may stop the clock at this task: it waits for them, and is past acceptance,
    whose own short term (art. 32) no procedure may stretch.
    """
    return (
        task.state == Task.State.OPEN
        and task.kind != "cc"
        and task.stage != "acceptance"
        and task.instance.status == Status.RUNNING
        and may_handle(user, task)
        and not own_acts(task, user, task.instance)
    )


def may_resume(user, task: Task) -> bool:
    """Whether `user` may let the process of this task go on: a handler of it, or the head."""
    if task.instance.status != Status.PAUSED or task.state != Task.State.OPEN or task.kind == "cc":
        return False
    return may_handle(user, task) or is_head(user, task)


def past_their_plan(today=None, limit: int = 200) -> list[Suspension]:
    """Suspensions whose planned last day is over, the oldest first."""
    today = today or timezone.localdate()
    found = Suspension.objects.filter(ended_at=None, planned_until__lt=today)
    running = found.filter(instance__status=Status.PAUSED)
    return list(running.order_by("planned_until", "pk")[:limit])
