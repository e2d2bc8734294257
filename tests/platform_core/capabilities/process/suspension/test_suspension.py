"""A special procedure stops every clock of a process; nobody acts until it goes on."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.process import selectors, services, tasks
from platform_core.capabilities.process.models import ProcessEvent, Task
from platform_core.capabilities.process.suspension import selectors as suspensions
from platform_core.capabilities.process.suspension.models import Suspension
from platform_core.capabilities.process.suspension.services import (
    resume_as_planned,
    resume_process,
    suspend_process,
)
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_department

from ..makers import approve, make_napp, open_task, open_tasks, start
from ..test_choosing import desk, head_of

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
SWEEP = Actor.system("deadline sweep")


def on(month: int, day: int, hour: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=CHINA)


def review(days: int = 20, **more) -> list:
    return [approve("review", stage="review", deadline={"working_days": days}, **more)]


def suspend(user, task, at=None, **more):
    task.refresh_from_db()
    words = {"kind": "experts", "reason": "Three experts look at the plan.", **more}
    return suspend_process(
        actor=actor_of(user), task_id=task.pk, version=task.version, at=at, **words
    )


def resume(user, task, at=None):
    return resume_process(actor=actor_of(user), task_id=task.pk, at=at)


class TestClock:
    @pytest.mark.parametrize(
        ("begun", "days", "first", "last", "due"),
        [
            # Twenty days from 10 February with the Spring Festival, 12 to 25 February not counted.
            (on(2, 10), 20, on(2, 12), on(2, 25), date(2026, 3, 23)),
            # Within one day; on days off it costs nothing.
            (on(9, 14), 5, on(9, 16), on(9, 16, 15), date(2026, 9, 21)),
            (on(9, 14), 5, on(9, 19), on(9, 19, 15), date(2026, 9, 20)),
        ],
    )
    def test_working_days_inside_are_not_counted(self, clerk, begun, days, first, last, due):
        task = open_task(start(make_napp(review(days)), at=begun))
        suspend(clerk, task, at=first)
        task.refresh_from_db()
        assert task.due_at is None and task.warn_at is None
        resume(clerk, task, at=last)
        task.refresh_from_db()
        assert timezone.localtime(task.due_at) == on(due.month, due.day, 18)

    def test_a_planned_end_gives_the_new_day_at_once(self, clerk):
        task = open_task(start(make_napp(review()), at=on(2, 10)))
        suspend(clerk, task, at=on(2, 12), planned_until=date(2026, 2, 25))
        task.refresh_from_db()
        assert timezone.localtime(task.due_at) == on(3, 23, 18)

    def test_two_pauses_add_up(self, clerk):
        task = open_task(start(make_napp(review(5)), at=on(3, 2)))
        for day in (3, 5):
            suspend(clerk, task, at=on(3, day))
            resume(clerk, task, at=on(3, day, 15))
        task.refresh_from_db()
        assert timezone.localtime(task.due_at) == on(3, 11, 18)

    def test_what_was_late_stays_late(self, clerk):
        task = open_task(start(make_napp(review(2)), at=on(3, 2)))
        suspend(clerk, task, at=on(3, 9))
        task.refresh_from_db()
        assert timezone.localtime(task.due_at) == on(3, 4, 18)

    def test_nothing_is_told_while_it_stands(self, clerk):
        # The light was yellow already when the clock stopped.
        task = open_task(start(make_napp(review(5)), at=on(3, 2)))
        suspend(clerk, task, at=on(3, 9, 9))
        assert services.tell_deadlines(actor=SWEEP, now=on(6, 1)) == 0


class TestSuspending:
    def test_it_is_recorded_and_nobody_acts_meanwhile(self, clerk, other_clerk):
        instance = start(make_napp(review()))
        task = open_task(instance)
        suspend(clerk, task)
        instance.refresh_from_db()
        assert instance.status == "paused"
        event = ProcessEvent.objects.get(kind="suspended")
        assert event.opinion.startswith("Three experts") and event.data["kind"] == "experts"
        assert AuditEntry.objects.filter(verb="process.suspend").count() == 1
        found = selectors.task_for(other_clerk, task.pk)
        assert selectors.allowed_actions(other_clerk, found) == []
        with pytest.raises(Conflict, match="suspended"):
            services.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=1)
        with pytest.raises(Conflict, match="suspended"):
            services.claim_task(actor=actor_of(clerk), task_id=task.pk)
        resume(clerk, task)
        services.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=1)

    @pytest.mark.parametrize(
        ("changes", "place"),
        [({"kind": "holiday"}, "kind"), ({"reason": "  "}, "reason"),
         ({"reason": "\x00"}, "reason"),
         ({"reason": "x" * 1001}, "reason"), ({"planned_until": date(2020, 1, 1)}, "planned_until"),
         ({"planned_until": date(2200, 1, 1)}, "planned_until")],
    )  # fmt: skip
    def test_what_is_missing_is_named(self, clerk, changes, place):
        task = open_task(start(make_napp(review())))
        with pytest.raises(Unusable) as error:
            suspend(clerk, task, **changes)
        assert set(error.value.errors) == {place}

    def test_not_before_acceptance(self, clerk):
        task = open_task(start(make_napp([approve("a", stage="acceptance")])))
        with pytest.raises(Conflict):
            suspend(clerk, task)

    def test_not_while_the_applicant_is_asked(self, clerk):
        lanes = [{"steps": review()}, {"steps": [desk("other")]}]
        instance = start(make_napp([{"kind": "parallel", "branches": lanes}]))
        one, two = open_tasks(instance)
        services.act(
            actor=actor_of(clerk), task_id=one.pk, action="correct", version=1, opinion="Photo."
        )
        with pytest.raises(Conflict):
            suspend(clerk, two)

    def test_strangers_and_the_applicant_do_not(self, clerk, other_clerk, stranger, reviewer):
        task = open_task(start(make_napp(review()), starter=other_clerk))
        with pytest.raises(Http404):
            suspend(stranger, task)
        with pytest.raises(NotAllowed):
            suspend(other_clerk, task)

    def test_only_once_at_a_time(self, clerk):
        task = open_task(start(make_napp(review())))
        suspend(clerk, task)
        with pytest.raises(Conflict):
            suspend(clerk, task)
        assert Suspension.objects.count() == 1


class TestGoingOn:
    def test_a_head_lets_it_go_on_and_a_stranger_does_not(self, clerk, stranger):
        task = open_task(start(make_napp(review())))
        suspend(clerk, task)
        with pytest.raises(Http404):
            resume(stranger, task)
        resume(head_of(make_department("market"), "head"), task)
        with pytest.raises(Conflict):
            resume(clerk, task)

    def test_the_planned_end_comes_by_itself_and_once(self, clerk):
        instance = start(make_napp(review()), at=on(2, 10))
        task = open_task(instance)
        found = suspend(clerk, task, at=on(2, 12), planned_until=date(2026, 2, 25))
        assert not resume_as_planned(actor=SWEEP, suspension_id=found.pk, at=on(2, 25, 23))
        # However late the sweep comes, the pause ends with the planned day.
        assert resume_as_planned(actor=SWEEP, suspension_id=found.pk, at=on(3, 2))
        assert not resume_as_planned(actor=SWEEP, suspension_id=found.pk, at=on(3, 2))
        task.refresh_from_db()
        assert timezone.localtime(task.due_at) == on(3, 23, 18)
        event = ProcessEvent.objects.get(kind="resumed")
        assert event.actor is None and event.actor_name == "deadline sweep"

    def test_the_sweep_finds_it(self, clerk):
        task = open_task(start(make_napp(review())))
        yesterday = timezone.now() - timedelta(days=1)
        suspend(clerk, task, at=yesterday, planned_until=timezone.localdate(yesterday))
        tasks.sweep_deadlines()
        assert suspensions.past_their_plan() == []
        assert selectors.allowed_actions(clerk, selectors.task_for(clerk, task.pk))

    def test_the_light_may_warn_again(self, clerk):
        task = open_task(start(make_napp(review(20)), at=timezone.now()))
        Task.objects.filter(pk=task.pk).update(warned_at=timezone.now())
        suspend(clerk, task)
        resume(clerk, task)
        task.refresh_from_db()
        assert task.warned_at is None

    def test_a_withdrawal_ends_it(self, clerk):
        instance = start(make_napp(review()))
        suspend(clerk, open_task(instance))
        services.withdraw_process(actor=actor_of(clerk), instance=instance, reason="Sold.")
        instance.refresh_from_db()
        assert (instance.status, instance.outcome) == ("ended", "withdrawn")
        assert Suspension.objects.get().ended_at is not None
