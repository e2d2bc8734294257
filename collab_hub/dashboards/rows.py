"""The rows that figures count and lists show: one definition for both, so that they agree.

Tasks and items of the units count; copies to read do not. Open rows have no `closed_at`, and what
came in on some day is still open or was closed later: so every question is answered from the index
by unit and closing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import F, IntegerField, Q, QuerySet, Value

from collab_hub.inbox.holders import TASK_NAPP
from collab_hub.inbox.models import WorkItem
from platform_core.capabilities.process.models import Task
from platform_core.common.subjects import item_source

from .policies import Scope
from .slices import DROPPED, FINISHED, OPEN, RECEIVED, Slice

STATES = {
    OPEN: Task.State.OPEN,
    FINISHED: Task.State.DONE,
    DROPPED: Task.State.CANCELLED,
}
KEPT = Q(due_at__isnull=False, closed_at__lte=F("due_at"))
MISSED = Q(closed_at__gt=F("due_at"))
WITHOUT = Q(due_at=None)
DUE = {"kept": KEPT, "missed": MISSED, "without": WITHOUT, "with": Q(due_at__isnull=False)}


def rows(scope: Scope, chosen: Slice, now: datetime) -> dict[str, QuerySet]:
    """{"task": …, "work": …}: the rows of the slice in the units of the scope, in no order."""
    if not scope.has_names and chosen.person:
        # Nobody learns from a list what they may not read in a table.
        chosen = replace(chosen, person=None)
    condition = _common(chosen, now)
    return {what: found.filter(condition) for what, found in of_scope(scope, chosen).items()}


def of_scope(scope: Scope, chosen: Slice) -> dict[str, QuerySet]:
    """The same whatever their state, days and person: as kind, service and step narrow them."""
    tasks, work = _tasks(scope), _work(scope)
    if chosen.service:
        tasks = with_items(tasks)
    return {"task": tasks.filter(_of_tasks(chosen)), "work": work.filter(_of_work(chosen))}


def _tasks(scope: Scope) -> QuerySet[Task]:
    found = Task.objects.filter(pool_department__in=scope.ids).exclude(kind="cc")
    if scope.hidden:
        found = found.exclude(**{f"{TASK_NAPP}__in": scope.hidden})
    return found


def _work(scope: Scope) -> QuerySet[WorkItem]:
    found = WorkItem.objects.filter(pool_department__in=scope.ids)
    if scope.hidden:
        found = found.filter(Q(napp=None) | ~Q(napp__in=scope.hidden))
    return found


def with_items(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """The tasks with `item`, the id of the service item that their process is about, or None."""
    source = item_source()
    item = source.item_of("instance") if source else Value(None, output_field=IntegerField())
    return tasks.annotate(item=item)


def lights(now: datetime) -> dict[str, Q]:
    """The condition of each light, as `workcalendar.deadline_light` has it."""
    warned = Q(warn_at__lte=now)
    running = Q(due_at__gte=now)
    return {
        "red": Q(due_at__lt=now),
        "yellow": running & warned,
        "green": running & (Q(warn_at=None) | Q(warn_at__gt=now)),
        "none": WITHOUT,
    }


def _common(chosen: Slice, now: datetime) -> Q:
    if chosen.what == OPEN:
        found = Q(state=STATES[OPEN], closed_at=None)
        if chosen.light:
            found &= lights(now)[chosen.light]
        if chosen.person is not None:
            found &= Q(assignee=chosen.person or None)
        return found
    begins, ends = chosen.days.moments()
    if chosen.what == RECEIVED:
        there = Q(closed_at=None) | Q(closed_at__gte=begins)
        return there & Q(opened_at__gte=begins, opened_at__lt=ends) & ~Q(state=Task.State.LATER)
    found = Q(state=STATES[chosen.what], closed_at__gte=begins, closed_at__lt=ends)
    return found & DUE.get(chosen.due, Q())


def _of_tasks(chosen: Slice) -> Q:
    found = _kind(chosen.kind, "task")
    if chosen.service:
        first, _dot, key = chosen.service.partition(".")
        if first == "item":
            found &= Q(item=int(key))
        elif first == "napp":
            found &= Q(item=None, **{TASK_NAPP: int(key)})
        else:
            found &= Q(pk__in=[])
    if chosen.step:
        version, process, node = chosen.step
        found &= Q(instance__napp_version=version, instance__process_key=process, node=node)
        found &= Q(kind__in=STEPS)
    return found


# The kinds of task that are a step of their process; opinions of other organs are asked beside one.
STEPS = ("approve", "fill")


def _of_work(chosen: Slice) -> Q:
    if chosen.step:
        return Q(pk__in=[])
    found = _kind(chosen.kind, "work")
    if chosen.service:
        first, _dot, key = chosen.service.partition(".")
        if first == "napp":
            found &= Q(napp=int(key))
        else:
            found &= Q(napp=None, kind=key) if first == "kind" else Q(pk__in=[])
    return found


def _kind(kind: str, what: str) -> Q:
    if not kind:
        return Q()
    first, _dot, key = kind.partition(".")
    return Q(kind=key) if first == what else Q(pk__in=[])
