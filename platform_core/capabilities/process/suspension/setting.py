"""The deadlines of a process computed anew, without the days in which its clock stood."""

from __future__ import annotations

from django.utils import timezone

from platform_core.common import workcalendar

from .. import waits
from ..definitions import plan_for
from ..escalation.terms import escalate_at
from ..models import ProcessInstance, Task
from ..seating import UNDONE
from . import selectors
from .clock import ended, paused, unless_standing


def set_clocks(instance: ProcessInstance) -> None:
    """Compute the deadlines of what is open anew; a light that turns green again may warn again.

    The caller holds the lock of the instance.
    """
    plan = plan_for(instance.napp_version, instance.process_key)
    pauses = selectors.pauses_of(instance)
    waits.set_clocks(instance, plan, pauses)
    # Whoever is not asked yet has no term; who waits for a signer keeps the one that has begun.
    tasks = Task.objects.filter(instance=instance, state__in=UNDONE)
    tasks = tasks.filter(node__in=plan.places).exclude(kind="cc")
    tasks = list(tasks.exclude(state=Task.State.LATER, due_at=None))
    for task in tasks:
        term = getattr(plan.step(task.node), "deadline", None)
        if term is None:
            continue
        days = term.working_days
        known = workcalendar.if_known(workcalendar.due_at, task.opened_at, days, ended(pauses))
        task.awaits_calendar = known is None
        task.due_at = known and unless_standing(known, pauses)
        warn = task.due_at and paused(workcalendar.warn_at, task.opened_at, days, pauses)
        task.warn_at = warn if task.due_at is not None else None
        task.escalate_at = escalate_at(term, task.due_at) if task.signs_for is None else None
        if task.warn_at is None or task.warn_at > timezone.now():
            task.warned_at = None
        if task.due_at is None or task.due_at > timezone.now():
            task.overdue_told_at = None
    fields = ["due_at", "warn_at", "escalate_at", "warned_at", "overdue_told_at",
              "awaits_calendar"]  # fmt: skip
    Task.objects.bulk_update(tasks, fields)
