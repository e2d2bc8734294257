"""Who gets a task: the holders of a role in a department, found from the case and its region, and
of them one where the definition chooses (see choosing.py)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from platform_core.napps.selectors import role_groups
from security.organs.models import Department
from security.organs.selectors import ancestor_region, department_for, users_holding

from .choosing import choose, heads_of, named_department
from .models import ProcessInstance, Task


@dataclass(frozen=True)
class Holders:
    """Whose matter a step is. `people` may act now; empty means that nobody holds the role."""

    department: Department | None
    groups: tuple[int, ...]
    people: tuple
    by_role: bool = True
    is_stranded: bool = False


def holders_of(step, instance: ProcessInstance) -> Holders:
    """The department, role groups and people for a step of `instance`.

    The starter is left out of decisions, because nobody decides on an application of their own.
    Without a holder the heads of the department get it; without a head it is stranded, not lost.
    What a machine could not do is the heads' matter at once.
    """
    if getattr(step, "assign", None) is None:
        return _heads(step, instance, instance.department, ())
    department = named_department(step, instance) or _department(step.assign.department, instance)
    groups = _groups(instance.napp_version.napp, step.assign.role)
    found = users_holding(groups, department) if department and groups else []
    people = _without_starter(step, instance, found)
    if people:
        return Holders(department, groups, people)
    return _heads(step, instance, department or instance.department, groups)


def _heads(step, instance: ProcessInstance, department, groups) -> Holders:
    heads = _without_starter(step, instance, heads_of(department)) if department else ()
    return Holders(department, groups, heads, by_role=False, is_stranded=not heads)


# Which groups a role means changes only with a version; the short life covers a group made since.
_GROUPS_LIVE_SECONDS = 30
_groups_of: dict[tuple[int, str], tuple[float, tuple[int, ...]]] = {}


def _groups(napp, role: str) -> tuple[int, ...]:
    key = (napp.current_id, role)
    until, found = _groups_of.get(key, (0.0, ()))
    if time.monotonic() >= until:
        found = tuple(sorted(role_groups(napp, role)))
        if len(_groups_of) > 2000:
            _groups_of.clear()
        _groups_of[key] = (time.monotonic() + _GROUPS_LIVE_SECONDS, found)
    return found


def tasks_for(step, instance: ProcessInstance, at, prefer=None) -> list[Task]:
    """The unsaved tasks that ask the right people to do `step`; at least one, whoever is missing.

    `prefer` gets the task alone when that person still holds the role: who asked the applicant
    for a correction reads the answer. Where all have to agree, all are asked again.
    """
    if getattr(step, "order", ()):
        return [task for role in step.order for task in _of_role(step, role, instance, at)]
    holders = holders_of(step, instance)
    asks_everybody = step.kind == "cc" or getattr(step, "mode", "any") != "any"
    may_prefer = prefer is not None and not asks_everybody
    if may_prefer and prefer.id in {person.id for person in holders.people}:
        return [_task(step, instance, holders, at, prefer)]
    if asks_everybody:
        return [_task(step, instance, holders, at, person) for person in holders.people] or (
            [] if step.kind == "cc" else [_task(step, instance, holders, at, None)]
        )
    chosen = choose(step, instance, holders) if hasattr(step, "assign") else None
    if chosen is not None:
        return [_task(step, instance, holders, at, chosen)]
    falls_to_head = holders.people and not holders.by_role
    return [_task(step, instance, holders, at, holders.people[0] if falls_to_head else None)]


def _of_role(step, role: str, instance: ProcessInstance, at) -> list[Task]:
    """The task of one role in a named order of roles."""
    assign = step.assign.model_copy(update={"role": role})
    return tasks_for(
        step.model_copy(update={"assign": assign, "order": (), "mode": "any"}), instance, at
    )


def _department(wanted, instance: ProcessInstance) -> Department | None:
    if wanted == "implementing":
        return instance.department
    region = instance.region or (instance.department.region if instance.department else None)
    if region is not None and wanted.level is not None:
        region = ancestor_region(region, wanted.level)
    return department_for(wanted.kind, region) if region is not None else None


def _without_starter(step, instance: ProcessInstance, people) -> tuple:
    if step.kind != "approve":
        return tuple(people)
    return tuple(person for person in people if person.id != instance.starter_id)


def _task(step, instance: ProcessInstance, holders: Holders, at, assignee) -> Task:
    return Task(
        instance=instance,
        node=step.key,
        kind=step.kind,
        stage=getattr(step, "stage", ""),
        title=step.title.model_dump(),
        assignee=assignee,
        pool_department=holders.department,
        pool_groups=list(holders.groups),
        is_stranded=holders.is_stranded and assignee is None,
        opened_at=at,
    )
