"""Whether a process may be urged now. Reads only."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from platform_core.common import workcalendar

from ..definition import HUMAN
from ..models import ProcessEvent, ProcessInstance, Task


def urgeable(instance: ProcessInstance, now: datetime) -> tuple[list[Task], date | None]:
    """(the open tasks of which half of the term has passed, the first day on which one may urge).

    No tasks while nothing waits for the office; the day is None then, and when it is today.
    """
    if instance.status != ProcessInstance.Status.RUNNING:
        return [], None
    today = timezone.localdate(now)
    tasks = Task.objects.filter(instance=instance, state=Task.State.OPEN, kind__in=HUMAN)
    days = {task: half_term(task) for task in tasks.select_related("assignee", "pool_department")}
    if not days:
        return [], None
    last = last_urged(instance)
    rest = _working_days_after(last, 1) if last else today
    first = max(min(days.values()), rest)
    if first > today:
        return [], first
    return [task for task, day in days.items() if day <= today], None


def working_at(instance: ProcessInstance) -> ProcessInstance:
    """Where people work for a process now: itself, or the sub-process that it waits for."""
    while instance.status == ProcessInstance.Status.RUNNING:
        tasks = Task.objects.filter(instance=instance, state=Task.State.OPEN, kind__in=HUMAN)
        running = ProcessInstance.objects.filter(
            parent=instance, status=ProcessInstance.Status.RUNNING
        )
        below = None if tasks.exists() else running.order_by("started_at", "pk").first()
        if below is None:
            break
        instance = below
    return instance


def half_term(task: Task) -> date:
    """The day on which half of the task's working days are over; without a term the next one."""
    opened = timezone.localdate(task.opened_at)
    if task.due_at is None:
        return _working_days_after(opened, 1)
    days = workcalendar.working_days_between(opened, timezone.localdate(task.due_at))
    return _working_days_after(opened, (max(days, 0) + 1) // 2)


def _working_days_after(day: date, days: int) -> date:
    """Past the known calendar plain days count: this only holds back who asks too often."""
    found = workcalendar.if_known(workcalendar.add_working_days, day, days)
    return found or day + timedelta(days=days)


def last_urged(instance: ProcessInstance) -> date | None:
    """The day on which the process was urged last."""
    events = ProcessEvent.objects.filter(instance=instance, kind="urged").order_by("-seq")
    at = events.values_list("at", flat=True).first()
    return timezone.localdate(at) if at else None
