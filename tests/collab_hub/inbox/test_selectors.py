from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collab_hub.inbox import selectors
from collab_hub.inbox.boxes import day_end
from collab_hub.inbox.lines import group_key, grouped, inbox_page
from collab_hub.inbox.query import InboxQuery
from collab_hub.inbox.rows import row
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from tests.factories import actor_of

from ..makers import COPY, DECIDE, make_case, make_napp, open_task


def seen(user, **query) -> set[str]:
    return {str(task.instance) for task in selectors.tasks(user, InboxQuery(**query))}


def due(instance, delta) -> None:
    Task.objects.filter(instance=instance).update(due_at=timezone.now() + delta)


def act(user, instance, action="approve", **more):
    task = open_task(instance)
    return process.act(
        actor=actor_of(user), task_id=task.pk, action=action, version=task.version, **more
    )


def test_a_new_case_waits_in_the_pool_of_the_post(stall, clerk, other_clerk, reviewer, stranger):
    make_case(stall, label="a stall")
    for user in (clerk, other_clerk):
        assert seen(user) == seen(user, box="pool") == {"a stall"}
        assert seen(user, box="mine") == set()
    assert seen(reviewer) == seen(stranger) == set()


def test_a_claimed_task_leaves_the_pool_of_the_others(stall, clerk, other_clerk):
    task = open_task(make_case(stall, label="a stall"))
    process.claim_task(actor=actor_of(clerk), task_id=task.pk, version=task.version)
    assert seen(clerk, box="mine") == seen(clerk) == {"a stall"}
    assert seen(other_clerk) == set()


def test_done_sent_and_copies_have_their_boxes(clerk, reviewer):
    version = make_napp(COPY, DECIDE | {"assign": {"role": "desk"}})
    case = make_case(version, label="a stall", starter=reviewer)
    assert seen(reviewer, box="sent") == {"a stall"}
    assert seen(reviewer, box="cc") == {"a stall"}
    task = Task.objects.exclude(kind="cc").get(instance=case)
    process.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=task.version)
    assert seen(clerk, box="done") == {"a stall"}
    assert seen(clerk) == set()


@pytest.mark.parametrize(
    ("key", "delta"),
    [
        ("late", timedelta(days=-1)),
        ("soon", timedelta(days=2)),
        ("later", timedelta(days=9)),
    ],
)
def test_tasks_stand_in_the_group_of_their_deadline(stall, clerk, key, delta):
    due(make_case(stall), delta)
    rows = inbox_page(clerk, InboxQuery()).rows
    assert [group.key for group in grouped(rows)] == [key]


def test_groups_turn_at_midnight_of_the_office():
    now = timezone.make_aware(timezone.datetime(2026, 11, 23, 12, 0))
    end = day_end(now)
    assert end.isoformat() == "2026-11-24T00:00:00+08:00"
    for moment, key in (
        (None, "none"),
        (now - timedelta(seconds=1), "late"),
        (now, "today"),
        (end - timedelta(seconds=1), "today"),
        (end, "soon"),
        (end + timedelta(days=3), "later"),
    ):
        assert group_key(moment, now) == key


def test_filters_narrow_the_list(stall, clerk):
    late, far = make_case(stall, label="late one"), make_case(stall, label="far one")
    due(late, timedelta(days=-2))
    due(far, timedelta(days=30))
    assert seen(clerk, due="late") == {"late one"}
    assert seen(clerk, due="soon") == set()
    assert seen(clerk, q="FAR") == {"far one"}
    assert seen(clerk, q=far.subject_number) == {"far one"}
    assert seen(clerk, stage="acceptance") == {"late one", "far one"}
    assert seen(clerk, stage="decision") == set()
    assert seen(clerk, napp="market_stall") == {"late one", "far one"}
    assert seen(clerk, napp="other") == set()
    napps, kinds = selectors.choices(clerk, "all")
    assert napps == [("market_stall", stall.napp.title)]
    assert [key for key, _title in kinds] == ["approve"]


def test_the_most_urgent_stands_first(stall, clerk):
    for label, days in (("third", 9), ("first", -1), ("second", 2)):
        due(make_case(stall, label=label), timedelta(days=days))
    found = [str(t.instance) for t in selectors.tasks(clerk, InboxQuery())]
    assert found == ["first", "second", "third"]


def test_today_is_counted_as_it_is_listed(stall, clerk, other_clerk):
    late, done, taken = make_case(stall), make_case(stall), make_case(stall)
    due(late, timedelta(days=-1))
    act(clerk, done)
    process.claim_task(actor=actor_of(other_clerk), task_id=open_task(taken).pk)
    numbers = selectors.today_numbers(clerk)
    assert (numbers.waiting, numbers.late, numbers.done_today) == (1, 1, 1)
    assert selectors.tasks(clerk, InboxQuery()).count() == numbers.waiting
    assert selectors.tasks(clerk, InboxQuery(due="late")).count() == numbers.late


def test_the_month_of_a_unit_counts_its_steps(stall, clerk, reviewer, stranger):
    on_time, late, waiting = make_case(stall), make_case(stall), make_case(stall)
    due(late, timedelta(days=-1))
    due(waiting, timedelta(days=-1))
    act(clerk, on_time)
    act(clerk, late)
    (month,) = selectors.unit_months(clerk)
    assert month.department.kind == "market"
    # Both approvals opened a second step of the same department.
    assert (month.received, month.finished, month.on_time) == (5, 2, 50)
    assert (month.open, month.late) == (3, 1)
    (other,) = selectors.unit_months(stranger)
    assert (other.received, other.finished, other.on_time) == (0, 0, None)


def test_a_list_costs_the_same_for_one_row_and_for_three(stall, clerk):
    def cost() -> int:
        fresh = type(clerk).objects.get(pk=clerk.pk)
        with CaptureQueriesContext(connection) as queries:
            rows = [row(task) for task in selectors.tasks(fresh, InboxQuery())]
            assert [str(r.task.instance.napp_version.napp) for r in rows]
        return len(queries)

    make_case(stall)
    one = cost()
    make_case(stall)
    make_case(stall)
    assert cost() == one
