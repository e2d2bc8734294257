"""Who may do what with a task: one place for selectors, services and the policy."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from security.organs.selectors import active_posts, headed_ids

from .delegation.selectors import standing_in
from .models import ProcessInstance, Task

# The starter neither decides on an application of their own nor sends it about.
NOT_BY_STARTER = {"approve", "reject", "return", "correct", "abstain", "decline", "add_signer"}


def in_pool(user, task: Task) -> bool:
    """Whether the task is the matter of a role that `user` holds in the task's department."""
    return any(
        post.department_id == task.pool_department_id
        and set(post.group_ids) & set(task.pool_groups)
        for post in active_posts(user)
    )


def is_head(user, task: Task) -> bool:
    """Whether `user` heads the department whose matter the task is."""
    return task.pool_department_id in headed_ids(user)


def may_handle(user, task: Task) -> bool:
    """Whether the task waits for `user`: it is theirs, or nobody's in a pool of theirs."""
    if user is None or not user.is_active:
        return False
    return _is_own(user, task) or principal_of(user, task) is not None


def _is_own(user, task: Task) -> bool:
    """Whether `user` may act in their own right, as nobody's deputy."""
    if task.assignee_id is not None:
        return task.assignee_id == user.id
    return in_pool(user, task)


def principal_of(user, task: Task):
    """On whose behalf `user` would act on the task; None for whoever acts in their own right, and
    for strangers."""
    found = stand_in_for(user, task)
    return found.principal if found else None


def stand_in_for(user, task: Task):
    """The delegation's StandIn by which the task waits for `user`; None without one."""
    if user is None or task.kind == "cc" or _is_own(user, task):
        return None
    napp = task.instance.napp_version.napp_id
    for one in standing_in(user):
        is_theirs = task.assignee_id == one.principal.pk
        if one.covers(napp) and (is_theirs or (not task.assignee_id and one.shares_pool(task))):
            return one
    return None


def pool_condition(user) -> Q | None:
    """The condition for tasks in a pool of `user` or of whom they stand in for; None when there is
    no such role."""
    parts = [
        Q(pool_department=post.department_id, pool_groups__overlap=list(post.group_ids))
        for post in active_posts(user)
        if post.group_ids
    ]
    parts += [
        _within(one, Q(pool_department=department, pool_groups__overlap=list(groups)))
        for one in standing_in(user)
        for department, groups in one.pools
        if groups
    ]
    return reduce(or_, parts) if parts else None


def mine_condition(user) -> Q:
    """The condition for tasks in the hands of `user`, or of whom they stand in for."""
    parts = [
        _within(one, Q(assignee=one.principal, state=Task.State.OPEN) & ~Q(kind="cc"))
        for one in standing_in(user)
    ]
    return reduce(or_, parts, Q(assignee=user))


def _within(stand_in, condition: Q) -> Q:
    if not stand_in.napps:
        return condition
    return condition & Q(instance__napp_version__napp__in=stand_in.napps)


def own_acts(task: Task, user, instance: ProcessInstance) -> bool:
    """Whether `user` would decide on an application of their own, or of whom they stand in for, or
    would fill two of the seats of one step."""
    if task.kind != "approve" or user is None:
        return False
    principal = principal_of(user, task)
    if principal is None:
        return instance.starter_id == user.id
    seats = Task.objects.filter(instance=instance, node=task.node, round=task.round)
    has_seat = seats.exclude(pk=task.pk).filter(Q(assignee=user) | Q(closed_by=user))
    return instance.starter_id in (user.id, principal.pk) or has_seat.exists()
