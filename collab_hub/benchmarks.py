"""What the collaboration hub measures: completing a step and opening the inbox."""

from __future__ import annotations

from collections import Counter

from django.urls import reverse

from platform_core.capabilities.process.selectors import waiting_in_pools
from platform_core.common.benchmarks import Call, NothingToMeasure, register_benchmark
from platform_core.common.benchmarks.people import form, headers_of
from security.organs.selectors import users_holding


def _busiest_pool() -> tuple[list, object]:
    """The open first steps of the department with most of them, and somebody who may do them."""
    tasks = waiting_in_pools().filter(kind="approve")[:5000]
    pools = Counter((task.pool_department, tuple(task.pool_groups), task.node) for task in tasks)
    for (department, groups, node), _count in pools.most_common():
        people = users_holding(groups, department)
        if people:
            same = [
                task
                for task in tasks
                if task.pool_department == department
                and (tuple(task.pool_groups), task.node) == (groups, node)
            ]
            return same, people[0]
    raise NothingToMeasure("no task waits in a pool; file some cases first")


@register_benchmark("complete_step", "Complete a step", 20, writes=True)
def complete_step(count: int) -> list[Call]:
    """The press on “Approve” on a task's page: the next task opens, the applicant is told."""
    tasks, person = _busiest_pool()
    headers = headers_of(person)
    calls = []
    for task in tasks[:count]:
        extra, body = form({"action": "approve", "version": task.version, "opinion": "This is so."})
        path = reverse("office:task_act", args=[task.pk])
        calls.append(Call("POST", path, headers | extra, body, (302,)))
    return calls


@register_benchmark("open_inbox", "Open the inbox", 30)
def open_inbox(count: int) -> list[Call]:
    """The first page of a busy inbox."""
    _tasks, person = _busiest_pool()
    return [Call("GET", reverse("office:inbox"), headers_of(person))] * count
