"""Who waits may urge: from half of the term on, once a working day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process.models import ProcessEvent, Task
from platform_core.capabilities.process.reassignment import reassign_task
from platform_core.capabilities.process.urging.selectors import urgeable
from platform_core.capabilities.process.urging.services import urge_process, urge_task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from tests.factories import actor_of, make_citizen, make_department

from ..makers import T, act, approve, make_napp, open_task, start
from ..test_choosing import head_of

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")


def on(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, tzinfo=CHINA)


def ten_days(**more):
    return start(make_napp([approve("review", deadline={"working_days": 10})]), at=on(2), **more)


def urge(instance, at, user=None):
    return urge_process(actor=actor_of(user), instance=instance, at=at)


def test_whoever_has_it_is_told_and_the_task_is_marked(clerk, other_clerk):
    instance, dave = ten_days(), make_citizen("dave")
    (task,) = urge(instance, on(9), dave)
    task.refresh_from_db()
    assert task.urged_at == on(9)
    told = Message.objects.filter(template="task_urged").values_list("recipient", flat=True)
    assert set(told) == {clerk.pk, other_clerk.pk}
    event = ProcessEvent.objects.get(kind="urged")
    assert (event.actor, event.task) == (dave, task)


def test_not_before_half_of_the_term(clerk):
    instance = ten_days()
    assert urgeable(instance, on(6))[1] == on(9).date()
    with pytest.raises(Conflict, match="9 March"):
        urge(instance, on(6))
    assert urge(instance, on(9))


def test_once_a_working_day(clerk):
    instance = ten_days()
    urge(instance, on(13))
    for day in (13, 14, 15):  # a Friday and its weekend
        with pytest.raises(Conflict):
            urge(instance, on(day, 15))
    urge(instance, on(16))
    assert ProcessEvent.objects.filter(kind="urged").count() == 2


def test_without_a_term_from_the_next_working_day_on(clerk):
    instance = start(make_napp([approve("review")]), at=on(6))
    with pytest.raises(Conflict):
        urge(instance, on(7))
    assert urge(instance, on(9))


def test_nobody_is_urged_when_nothing_waits(clerk):
    instance = ten_days()
    act(clerk, open_task(instance))
    with pytest.raises(Conflict, match="Nothing waits"):
        urge(instance, on(16))


def test_in_the_office_who_began_it_and_the_head_may(clerk, other_clerk, stranger):
    instance = ten_days(starter=other_clerk)
    head = head_of(make_department("market"), "head")
    task = open_task(instance)
    with pytest.raises(NotAllowed):
        urge_task(actor=actor_of(clerk), task_id=task.pk, at=on(9))
    with pytest.raises(Http404):
        urge_task(actor=actor_of(stranger), task_id=task.pk, at=on(9))
    urge_task(actor=actor_of(other_clerk), task_id=task.pk, at=on(9))
    urge_task(actor=actor_of(head), task_id=task.pk, at=on(10))
    assert Task.objects.get(pk=task.pk).urged_at == on(10)
    # Whoever gets it from the head was not urged, and nobody gets what they have.
    given = {"actor": actor_of(head), "task_id": task.pk, "to_user": clerk, "reason": "On leave."}
    assert reassign_task(**given, version=task.version).urged_at is None
    with pytest.raises(Unusable):
        reassign_task(**given, version=task.version + 1)


def test_whoever_works_in_the_sub_process_is_urged(clerk):
    main = {
        "key": "main",
        "title": T,
        "steps": [{"kind": "subprocess", "key": "child", "title": T, "process": "below"}],
    }
    below = {"key": "below", "title": T, "steps": [approve("go", deadline={"working_days": 2})]}
    instance = start(make_napp(processes=[main, below]), at=on(2))
    (task,) = urge(instance, on(9))
    assert (task.node, task.instance.parent) == ("go", instance)
    with pytest.raises(Conflict):
        urge(instance, on(9))
