"""What happens to the seats of an open step, as rows: asked in their turn, held, added, dropped.

Called while a move is written, under the lock of the instance. The engine knows numbers, the tasks
know people.
"""

from __future__ import annotations

from django.db.models import F

from platform_core.common import workcalendar

from .escalation.terms import escalate_at
from .models import Task

UNDONE = (Task.State.OPEN, Task.State.LATER)


def numbered(tasks: list[Task], round_: int, turns: bool) -> list[Task]:
    """The new tasks of a step with their seats; with `turns` only the first is asked now."""
    for seat, task in enumerate(tasks, 1):
        task.round, task.seat = round_, seat
        if turns and seat > 1:
            task.state = Task.State.LATER
    return tasks


def set_deadline(task: Task, step, at) -> None:
    """The term of whoever is asked begins when they are asked."""
    deadline = getattr(step, "deadline", None)
    if deadline is not None and task.state == Task.State.OPEN:
        if_known = workcalendar.if_known
        task.due_at = if_known(workcalendar.due_at, at, deadline.working_days)
        task.warn_at = task.due_at and if_known(workcalendar.warn_at, at, deadline.working_days)
        task.awaits_calendar = task.due_at is None
        # A signer's silence says nothing: it neither agrees nor sends the case about.
        if task.signs_for is None:
            task.escalate_at = escalate_at(deadline, task.due_at)


def take_turn(writer, node: str, seat: int) -> Task:
    """The seat may act now: a task that waited is opened, one that was done comes back."""
    rows = latest_round(writer.instance, node).filter(seat=seat)
    task = rows.filter(state=Task.State.LATER).first()
    if task is None:
        task = _asked_again(rows.order_by("-closed_at").first(), writer.at)
        set_deadline(task, writer.plan.step(node), writer.at)
        writer.opened.append(task)
        return task
    task.state, task.version = Task.State.OPEN, task.version + 1
    if task.due_at is None:
        task.opened_at = writer.at
        set_deadline(task, writer.plan.step(node), writer.at)
    task.save(update_fields=["state", "version", "opened_at", "warn_at", "due_at", "escalate_at",
                             "awaits_calendar"])  # fmt: skip
    writer.called.append(task)
    return task


def hold(writer, node: str, seat: int) -> None:
    """The seat may not act until its signers have."""
    rows = latest_round(writer.instance, node).filter(seat=seat, state=Task.State.OPEN)
    rows.update(state=Task.State.LATER, version=F("version") + 1)


def drop(writer, node: str, seat: int) -> None:
    """A signer is not asked any more."""
    rows = latest_round(writer.instance, node).filter(seat=seat, state__in=UNDONE)
    rows.update(state=Task.State.CANCELLED, closed_at=writer.at, version=F("version") + 1)


def add_signer(writer, asking: Task, seat: int, person, when: str) -> Task:
    """The task of a signer whom the holder of `asking` has chosen."""
    task = _like(asking, writer.at)
    task.seat, task.signs_for, task.assignee, task.pool_groups = seat, asking.seat, person, []
    if when == "after":
        task.state = Task.State.LATER
    set_deadline(task, writer.plan.step(asking.node), writer.at)
    writer.opened.append(task)
    return task


def latest_round(instance, node: str):
    """The tasks of the newest opening of a step."""
    rows = Task.objects.filter(instance=instance, node=node)
    newest = rows.order_by("-round").values_list("round", flat=True)[:1]
    return rows.filter(round=newest)


def _asked_again(done: Task, at) -> Task:
    task = _like(done, at)
    task.signs_for, task.assignee = done.signs_for, done.closed_by
    return task


def _like(task: Task, at) -> Task:
    return Task(
        instance_id=task.instance_id,
        node=task.node,
        round=task.round,
        seat=task.seat,
        kind=task.kind,
        stage=task.stage,
        title=task.title,
        pool_department=task.pool_department,
        pool_groups=list(task.pool_groups),
        opened_at=at,
    )
