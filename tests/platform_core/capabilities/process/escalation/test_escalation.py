"""A step that nobody does in time: told, given to somebody else, or settled by the system, once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import services
from platform_core.capabilities.process.delegation.services import set_delegation
from platform_core.capabilities.process.escalation.services import sweep_escalations
from platform_core.capabilities.process.models import ProcessEvent, ProcessInstance, Task
from platform_core.capabilities.process.suspension.services import suspend_process
from platform_core.common.errors import Conflict
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_department, make_official

from ..makers import act, approve, make_napp, open_task, open_tasks, start
from ..test_capability import problems
from ..test_choosing import head_of
from ..test_concurrency import at_once

CHINA = ZoneInfo("Asia/Shanghai")
SWEEP = Actor.system("deadline sweep")
BASIS = {"zh": "《条例》第九条", "en": "Article 9 of the regulation"}


def on(day: int, hour: int = 10) -> datetime:
    """A moment of March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, tzinfo=CHINA)


def step(what: str, key="review", **more):
    days = {"working_days": 2, "on_timeout": what, **more.pop("deadline", {})}
    return approve(key, deadline=days, **more)


def sweep(at) -> int:
    return sweep_escalations(actor=SWEEP, now=at)


@pytest.fixture
def head(db):
    return head_of(make_department("market"), "head")


@pytest.mark.django_db
class TestWhoGetsIt:
    def test_the_head_gets_the_task(self, clerk, head):
        instance = start(make_napp([step("head")]), at=on(2))
        assert sweep(on(4, 17)) == 0
        assert sweep(on(4, 19)) == 1
        task = open_task(instance)
        assert task.assignee == head
        event = ProcessEvent.objects.get(kind="timed_out")
        assert (event.actor, event.data["to_name"]) == (None, str(head))
        assert AuditEntry.objects.filter(verb="task.escalate", acting_as="system").count() == 1
        told = Message.objects.filter(template="task_timed_out")
        assert set(told.values_list("recipient", flat=True)) == {clerk.pk, head.pk}
        assert sweep(on(5)) == 0
        act(head, task)

    def test_a_head_who_had_it_hands_it_to_the_head_above(self):
        above = make_department("economy")
        below = make_department("market", parent=above)
        head, chief = head_of(below, "head"), head_of(above, "chief")
        instance = start(make_napp([step("head")]), at=on(2))
        assert open_task(instance).assignee == head
        sweep(on(5))
        assert open_task(instance).assignee == chief

    def test_without_a_head_it_stays_where_it_is_and_is_told_once(self, clerk):
        instance = start(make_napp([step("head")]), at=on(2))
        assert (sweep(on(5)), sweep(on(6))) == (1, 0)
        assert open_task(instance).assignee is None

    def test_the_head_does_not_decide_on_an_own_application(self, clerk, head):
        instance = start(make_napp([step("head")]), starter=head, at=on(2))
        sweep(on(5))
        assert open_task(instance).assignee is None

    def test_the_deputy_gets_it_and_without_one_the_head(self, clerk, head):
        version = make_napp([step("deputy")])
        dora = make_official("dora", kind="market", duties=[], name="Dora")
        tasks = [open_task(start(version, at=on(2), subject_id=n)) for n in range(2)]
        services.claim_task(actor=actor_of(clerk), task_id=tasks[0].pk)
        today = timezone.localdate()
        set_delegation(
            actor=actor_of(clerk), principal=clerk, deputy=dora, valid_from=today, valid_until=today
        )
        sweep(on(5))
        holders = [Task.objects.get(pk=task.pk).assignee for task in tasks]
        assert holders == [dora, head]


@pytest.mark.django_db
class TestWhatTheSystemDoes:
    def test_it_passes(self, clerk, reviewer):
        steps = [step("pass", stage="review"), approve("decide", role="boss")]
        instance = start(make_napp(steps), at=on(2))
        sweep(on(5))
        assert open_task(instance).node == "decide"
        done = Task.objects.get(instance=instance, node="review")
        assert (done.outcome, done.closed_by) == ("approve", None)
        kinds = list(ProcessEvent.objects.filter(task=done).values_list("kind", flat=True))
        assert kinds == ["timed_out", "approved"]

    def test_a_decision_passes_with_its_basis_in_words(self, clerk):
        days = {"silence_is_consent": BASIS}
        instance = start(make_napp([step("pass", stage="decision", deadline=days)]), at=on(2))
        sweep(on(5))
        instance.refresh_from_db()
        assert instance.outcome == "approved"
        assert BASIS["zh"] in Task.objects.get(instance=instance).opinion
        assert ProcessEvent.objects.get(kind="timed_out").data["basis"] == BASIS

    def test_it_goes_back_one_step(self, clerk, reviewer):
        steps = [approve("first"), step("return", role="boss")]
        instance = start(make_napp(steps), at=on(2))
        act(clerk, open_task(instance), at=on(2, 11))
        sweep(on(5))
        assert open_task(instance).node == "first"

    def test_with_no_step_behind_it_the_head_gets_it(self, clerk, head):
        instance = start(make_napp([step("return")]), at=on(2))
        sweep(on(5))
        assert open_task(instance).assignee == head

    def test_it_is_refused(self, clerk):
        instance = start(make_napp([step("reject")]), at=on(2))
        sweep(on(5))
        instance.refresh_from_db()
        assert (instance.outcome, open_tasks(instance)) == ("rejected", [])


@pytest.mark.django_db
class TestWhen:
    @pytest.mark.parametrize(
        ("later", "before", "after"),
        [
            ({}, on(4, 17), on(4, 19)),
            ({"after_hours": 3}, on(4, 20), on(4, 22)),
            ({"after_days": 2}, on(6, 17), on(6, 19)),
            ({"after_days": 3}, on(8, 19), on(9, 19)),  # over a weekend
        ],
    )
    def test_hours_or_working_days_after_the_end(self, clerk, head, later, before, after):
        start(make_napp([step("head", deadline=later)]), at=on(2))
        assert (sweep(before), sweep(after)) == (0, 1)

    def test_not_while_the_clock_stands(self, clerk, head):
        task = open_task(start(make_napp([step("head")]), at=on(2)))
        suspend_process(
            actor=actor_of(clerk), task_id=task.pk, version=task.version, kind="experts",
            reason="Experts.", at=on(3),
        )  # fmt: skip
        assert sweep(on(30)) == 0

    def test_who_acts_late_but_first_is_heard(self, clerk, head):
        instance = start(make_napp([step("head")]), at=on(2))
        act(clerk, open_task(instance), at=on(9))
        assert sweep(on(10)) == 0

    def test_who_is_later_than_the_system_is_told(self, clerk):
        task = open_task(start(make_napp([step("reject")]), at=on(2)))
        sweep(on(5))
        with pytest.raises(Conflict):
            services.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=1)

    def test_one_that_fails_holds_up_no_other(self, clerk, head):
        version = make_napp([step("head")])
        bad = start(version, at=on(2), subject_id=1)
        ProcessInstance.objects.filter(pk=bad.pk).update(process_key="gone")
        start(version, at=on(2), subject_id=2)
        assert sweep(on(5)) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_escalate_once():
    make_official("alice", kind="market", duties=["clerk"])
    head_of(make_department("market"), "head")
    version = make_napp([step("head")])
    for number in range(4):
        start(version, subject_id=number, at=on(2))
    answers = at_once(*[lambda: sweep(on(5)) for _n in range(3)])
    assert sum(answers) == 4
    assert ProcessEvent.objects.filter(kind="timed_out").count() == 4
    connection.close()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (step("pass", stage="decision"), "Silence is not consent"),
        (step("pass", mode="vote", share=50, actions=["approve", "reject"]), "no vote"),
        (step("reject", actions=["approve"]), "does not offer"),
        (step("tell", deadline={"after_days": 1}), "nothing that comes later"),
        (step("head", deadline={"silence_is_consent": BASIS}), "on_timeout: pass only"),
        (step("head", deadline={"after_days": 1, "after_hours": 1}), "either"),
    ],
)
def test_what_may_not_be_published(given, words):
    found = problems([approve("first"), given])
    assert any(words in message for message in found.values()), found


def test_a_term_in_the_manifest_may_stay_plain(db, clerk):
    task = open_task(start(make_napp(), at=timezone.now() - timedelta(days=30)))
    assert task.escalate_at is None
    assert sweep(timezone.now()) == 0
