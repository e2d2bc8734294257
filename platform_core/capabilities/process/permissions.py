"""Who may do what with a task: one place for selectors, services and the policy."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from security.organs.selectors import active_posts

from .models import ProcessInstance, Task

# The starter neither decides on an application of their own nor sends it about.
NOT_BY_STARTER = {"approve", "reject", "return", "correct"}


def in_pool(user, task: Task) -> bool:
    """Whether the task is the matter of a role that `user` holds in the task's department."""
    return any(
        post.department_id == task.pool_department_id
        and set(post.group_ids) & set(task.pool_groups)
        for post in active_posts(user)
    )


def is_head(user, task: Task) -> bool:
    """Whether `user` heads the department whose matter the task is."""
    return any(
        post.is_head and post.department_id == task.pool_department_id
        for post in active_posts(user)
    )


def may_handle(user, task: Task) -> bool:
    """Whether the task waits for `user`: it is theirs, or nobody's in a pool of theirs."""
    if user is None or not user.is_active:
        return False
    if task.assignee_id is not None:
        return task.assignee_id == user.id
    return in_pool(user, task)


def pool_condition(user) -> Q | None:
    """The condition for tasks in a pool of `user`; None when the user holds no role anywhere."""
    parts = [
        Q(pool_department=post.department_id, pool_groups__overlap=list(post.group_ids))
        for post in active_posts(user)
        if post.group_ids
    ]
    return reduce(or_, parts) if parts else None


def own_acts(task: Task, user, instance: ProcessInstance) -> bool:
    """Whether `user` would decide on an application of their own."""
    return task.kind == "approve" and user is not None and instance.starter_id == user.id
