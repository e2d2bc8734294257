"""Which one of the holders of a role gets a task, where the definition does not leave it to them.

Called while a move is written, in its transaction. Taking turns and sharing the load lock one row
for each node and department, so of two moves at once the second sees what the first gave out. The
rows are locked in the order in which a process reads, always after the instance.
"""

from __future__ import annotations

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from security.accounts.models import User
from security.organs.models import Department, Post
from security.organs.selectors import department_by_code, department_for

from .definition import HUMAN
from .models import AssignmentTurn, ProcessInstance, Task

# No tree of organs is as deep; a circle of parents would otherwise be climbed for ever.
MOST_SUPERIORS = 12


def choose(step, instance: ProcessInstance, holders):
    """The person for `step` among or above `holders`, or None where it is left to the pool."""
    assign = step.assign
    if assign.by == "pool":
        return None
    if assign.by == "superior":
        return _superior(step, instance)
    if assign.by == "same_as":
        return _who_did(step, instance)
    if not holders.people or not holders.by_role:
        return None
    if assign.by == "field":
        named = str(_answer(assign.field, instance) or "")
        return next((one for one in holders.people if named in (str(one.pk), one.username)), None)
    turn = _locked_turn(step, instance, holders.department)
    people = sorted(holders.people, key=lambda person: person.pk)
    chosen = _least_loaded(people) if assign.by == "least_loaded" else _next(people, turn.last_id)
    turn.last = chosen
    turn.save(update_fields=["last"])
    return chosen


def named_department(step, instance: ProcessInstance) -> Department | None:
    """The department that an answer names for `step`, by function or by code; None without one."""
    assign = step.assign
    if assign.by != "field":
        return None
    answer = _answer(assign.field, instance)
    if not isinstance(answer, str) or not answer:
        return None
    if assign.kinds:
        kind = assign.kinds.get(answer)
        region = instance.region or (instance.department.region if instance.department else None)
        return department_for(kind, region) if kind and region else None
    found = department_by_code(answer)
    return found if found is not None and found.is_active else None


def _answer(field: str, instance: ProcessInstance):
    return instance.state.get("facts", {}).get(field)


def heads_of(department: Department) -> list:
    """The active people who head `department` today, the longest-serving post first."""
    posts = _posts_today().filter(department=department, is_head=True)
    return list(
        {post.user_id: post.user for post in posts.select_related("user").order_by("id")}.values()
    )


def _posts_today():
    today = timezone.localdate()
    return Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        valid_from__lte=today,
        user__is_active=True,
    )


# -- taking turns ----------------------------------------------------------------------------------


def _locked_turn(step, instance: ProcessInstance, department) -> AssignmentTurn:
    place = {
        "napp": instance.napp_version.napp,
        "process_key": instance.process_key,
        "node": step.key,
        "department": department,
    }
    AssignmentTurn.objects.get_or_create(**place)
    return AssignmentTurn.objects.select_for_update().get(**place)


def _next(people: list, last_id):
    return next((one for one in people if last_id is not None and one.pk > last_id), people[0])


def _least_loaded(people: list):
    """Who has the fewest open tasks; of equals who has waited longest for one."""
    latest = Task.objects.filter(assignee=OuterRef("pk"), kind__in=HUMAN).order_by("-opened_at")
    found = User.objects.filter(pk__in=[one.pk for one in people]).annotate(
        load=Count("tasks", filter=Q(tasks__state=Task.State.OPEN, tasks__kind__in=HUMAN)),
        latest=Subquery(latest.values("opened_at")[:1]),
    )
    first = found.order_by("load", F("latest").asc(nulls_first=True), "pk").first()
    return next(one for one in people if one.pk == first.pk)


# -- people around the case ------------------------------------------------------------------------


def _superior(step, instance: ProcessInstance):
    """The head above the starter or the last handler: of the own department, else of the next."""
    below = _last_closer(instance) if step.assign.of == "handler" else instance.starter
    posts = _posts_today().filter(user=below).select_related("department") if below else []
    own = sorted(posts, key=lambda post: (post.department_id != instance.department_id, post.pk))
    department = own[0].department if own else None
    for _level in range(MOST_SUPERIORS):
        if department is None:
            return None
        for head in heads_of(department):
            if head.pk != below.pk and _may_do(step, instance, head):
                return head
        department = department.parent
    return None


def _who_did(step, instance: ProcessInstance):
    done = Task.objects.filter(instance=instance, node=step.assign.step, state=Task.State.DONE)
    last = done.exclude(closed_by=None).select_related("closed_by").order_by("-closed_at").first()
    person = last.closed_by if last else None
    if person is None or not _may_do(step, instance, person):
        return None
    return person if _posts_today().filter(user=person).exists() else None


def _last_closer(instance: ProcessInstance):
    done = Task.objects.filter(instance=instance, state=Task.State.DONE, kind__in=HUMAN)
    last = done.exclude(closed_by=None).select_related("closed_by").order_by("-closed_at").first()
    return last.closed_by if last else None


def _may_do(step, instance: ProcessInstance, person) -> bool:
    is_own = step.kind == "approve" and person.pk == instance.starter_id
    return person.is_active and not is_own
