"""Where time goes: the log of a real process, and the same figures from plain numbers."""

from datetime import timedelta
from statistics import median

import pytest

from collab_hub.dashboards import steps
from collab_hub.dashboards.periods import Period
from collab_hub.dashboards.policies import scope_for
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.suspension import services as suspension
from tests.factories import actor_of, make_department

from ..makers import make_case, open_task
from .makers import at, head_of

pytestmark = pytest.mark.django_db
BEGAN = at(2026, 11, 2, 9)
NOW = at(2026, 11, 27, 15)
PERIOD = Period.of("month", BEGAN.date())


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def handled(stall, clerk, *, wait: float, work: float, claims: bool = True) -> None:
    """A case whose first step waited and was worked on so many hours."""
    task, actor = open_task(make_case(stall, at=BEGAN)), actor_of(clerk)
    if claims:
        task = process.claim_task(actor=actor, task_id=task.pk, at=BEGAN + hours(wait))
    process.act(
        actor=actor, task_id=task.pk, action="approve", version=task.version,
        at=BEGAN + hours(wait + work),
    )  # fmt: skip


def test_waiting_and_working_are_told_apart_by_the_log(stall, clerk):
    head = head_of(make_department("market"), "hua")
    waits, works = [30.0, 2.0, 50.0, 8.0, 20.0], [1.0, 0.5, 3.0, 0.25, 2.0]
    for wait, work in zip(waits, works, strict=True):
        handled(stall, clerk, wait=wait, work=work)
    found = {one.key[2]: one for one in steps.steps(scope_for(head, {}), PERIOD, NOW)}
    accept, decide = found["accept"], found["decide"]
    assert accept.key[:2] == (stall.pk, "main") and accept.done == 5
    assert accept.waits == hours(median(waits)) and accept.works == hours(median(works))
    # Between the two longest of five, six tenths of the way.
    assert accept.waits_90 == hours(30 + 0.6 * 20) and accept.works_90 == hours(2 + 0.6 * 1)
    assert accept.waited == hours(sum(waits)) and accept.worked == hours(sum(works))
    assert (decide.done, decide.queue, decide.waits) == (0, 5, None)
    assert decide.oldest == BEGAN + hours(2.5) and decide.late == 5
    loss = steps.loss(list(found.values()))
    assert (loss.step.key, loss.share, loss.before) == (accept.key, 100, 94)


def test_a_step_decided_from_the_pool_waited_and_a_stopped_clock_counts_for_nobody(
    stall, clerk, reviewer
):
    head = head_of(make_department("market"), "hua")
    handled(stall, clerk, wait=0, work=26, claims=False)
    (first, *_rest) = steps.steps(scope_for(head, {}), PERIOD, NOW)
    assert (first.waits, first.works) == (hours(26), hours(0))

    task = Task.objects.get(node="decide")
    actor = actor_of(reviewer)
    task = process.claim_task(actor=actor, task_id=task.pk, at=BEGAN + hours(30))
    suspension.suspend_process(
        actor=actor, task_id=task.pk, version=task.version, kind="hearing", reason="A hearing.",
        at=BEGAN + hours(32),
    )  # fmt: skip
    suspension.resume_process(actor=actor, task_id=task.pk, at=BEGAN + hours(80))
    task.refresh_from_db()
    process.act(
        actor=actor, task_id=task.pk, action="approve", version=task.version, at=BEGAN + hours(83)
    )
    found = {one.key[2]: one for one in steps.steps(scope_for(head, {}), PERIOD, NOW)}
    assert (found["decide"].waited, found["decide"].worked) == (hours(4), hours(2 + 3))
    # Nothing was done in the month before, and nothing waits any more.
    assert steps.steps(scope_for(head, {}), PERIOD.moved(-1), NOW) == []
