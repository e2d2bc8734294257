"""Deadlines are told once, to whoever has to act, whatever the clock or the workers do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import services, tasks
from platform_core.capabilities.process.models import Task
from platform_core.napps import services as napps
from tests.factories import MAKER, make_official

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
