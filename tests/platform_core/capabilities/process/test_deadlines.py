"""Deadlines are told once, to whoever has to act, whatever the clock or the workers do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import selectors, services, tasks
from platform_core.capabilities.process.models import Task
from platform_core.napps import services as napps
from security.organs.services import end_post
from tests.factories import MAKER, actor_of, make_admin, make_official

from .makers import act, approve, make_napp, open_task, start

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def sweep(at):
    with time_machine.travel(at, tick=False):
        return tasks.sweep_deadlines()


def told():
    return sorted(Message.objects.values_list("template", "recipient__username"))


def test_everybody_in_the_pool_is_told_once_that_it_is_due_soon(clerk, other_clerk):
    start(make_napp(), at=MONDAY)
    assert sweep(MONDAY) == 0
    assert sweep(TUESDAY) == 1
    assert sweep(TUESDAY + timedelta(hours=1)) == 0
    assert told() == [("task_due_soon", "alice"), ("task_due_soon", "bob")]


def test_a_late_task_is_told_to_its_holder_and_the_heads(clerk, other_clerk):
    head = make_official("dora", kind="market", duties=["head"])
    head.posts.update(is_head=True)
    task = open_task(start(make_napp(), at=MONDAY))
    services.claim_task(actor=MAKER.of(clerk), task_id=task.pk)
    sweep(TUESDAY)
    sweep(WEDNESDAY)
    sweep(WEDNESDAY)
    assert told() == [
        ("task_due_soon", "alice"),
        ("task_overdue", "alice"),
        ("task_overdue", "dora"),
    ]


def test_after_a_long_stop_only_the_late_notice_is_sent(clerk):
    start(make_napp(), at=MONDAY)
    sweep(WEDNESDAY)
    assert told() == [("task_overdue", "alice")]


def test_a_clock_that_jumps_back_tells_nothing_twice(clerk):
    start(make_napp(), at=MONDAY)
    sweep(TUESDAY)
    assert sweep(MONDAY) == 0
    sweep(TUESDAY)
    assert len(told()) == 1


def test_a_closed_task_is_not_told(clerk):
    act(clerk, open_task(start(make_napp([approve("a", deadline={"working_days": 1})]), at=MONDAY)))
    assert sweep(WEDNESDAY) == 0


def test_a_same_day_matter_begins_yellow_and_is_told_only_when_late(clerk):
    start(make_napp([approve("a", deadline={"working_days": 0})]), at=MONDAY)
    sweep(MONDAY + timedelta(hours=1))
    assert told() == []
    sweep(TUESDAY)
    assert told() == [("task_overdue", "alice")]


def test_a_disabled_napp_is_silent_and_told_when_it_is_back(clerk):
    version = make_napp()
    start(version, at=MONDAY)
    napps.disable_napp(actor=MAKER, napp=version.napp)
    assert sweep(WEDNESDAY) == 0
    napps.open_napp(actor=MAKER, napp=version.napp)
    assert sweep(WEDNESDAY) == 1


def test_a_stranded_task_finds_its_holder_when_there_is_one(stranger):
    task = open_task(start(make_napp()))
    sweep(MONDAY)
    assert Task.objects.get(pk=task.pk).is_stranded
    make_official("alice", kind="market", duties=["clerk"])
    sweep(MONDAY)
    assert not Task.objects.get(pk=task.pk).is_stranded


def make_head(username: str = "frank", *, kind: str = "market"):
    head = make_official(username, kind=kind, duties=["head"])
    head.posts.update(is_head=True)
    return head


def leave(official):
    for post in official.posts.all():
        end_post(actor=MAKER, post=post, on=MONDAY.date() - timedelta(days=1))


def test_a_pool_whose_last_holder_has_left_is_found_and_falls_to_the_head(clerk, other_clerk):
    task = open_task(start(make_napp(), at=MONDAY))
    leave(clerk)
    assert not selectors.stranded_tasks().exists()
    leave(other_clerk)
    assert list(selectors.stranded_tasks()) == [task]
    head = make_head()
    sweep(MONDAY)
    assert Task.objects.get(pk=task.pk).assignee == head
    assert not selectors.stranded_tasks().exists()


def test_what_a_person_had_who_has_left_goes_back_to_the_pool(clerk, other_clerk):
    task = open_task(start(make_napp(), at=MONDAY))
    services.claim_task(actor=actor_of(clerk), task_id=task.pk, version=task.version)
    sweep(MONDAY)
    assert Task.objects.get(pk=task.pk).assignee == clerk
    clerk.is_active = False
    clerk.save(update_fields=["is_active"])
    assert list(selectors.stranded_tasks()) == [task]
    sweep(MONDAY)
    assert Task.objects.get(pk=task.pk).assignee is None
    assert list(selectors.inbox(other_clerk, "pool")) == [task]


def test_heads_see_what_nobody_can_do_in_their_department_alone(stranger):
    task = open_task(start(make_napp()))
    head = make_head()
    elsewhere = make_head("grace", kind="health")
    assert list(selectors.stranded_for(head)) == [task]
    assert list(selectors.stranded_for(make_admin())) == [task]
    assert not selectors.stranded_for(elsewhere).exists()
    assert not selectors.stranded_for(stranger).exists()
