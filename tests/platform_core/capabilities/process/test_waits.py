"""Steps that wait for a machine: clocks, code, other processes; and whom a process tells what."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import services, waking
from platform_core.capabilities.process.models import ProcessEvent, ProcessInstance, Wait
from platform_core.capabilities.process.suspension.services import (
    resume_process,
    suspend_process,
)
from platform_core.common.outbox import services as outbox
from platform_core.common.outbox.models import OutboxMessage
from platform_core.napps import code
from platform_core.napps import services as napps
from security.actors import Actor
from tests.factories import MAKER, actor_of, make_official

from .makers import FORM, T, act, approve, make_napp, manifest, open_task, open_tasks, start, text

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CODE = "tests.fixtures.napps.library_card"


def deliver():
    """Everything that waits in the outbox, and what follows from it."""
    while ids := outbox.lease_due():
        for message_id in ids:
            outbox.deliver(message_id=message_id)


def timer(**term):
    return {"kind": "timer", "key": "rest", "title": text("Rest"), **term}


def sub(process="other", **more):
    return {"kind": "subprocess", "key": "below", "title": T, "process": process, **more}


def sweep(now):
    return waking.sweep_timers(actor=MAKER, now=now)


def kinds(instance):
    return list(ProcessEvent.objects.filter(instance=instance).values_list("kind", flat=True))


class TestTimers:
    def test_it_waits_for_working_days_and_goes_on_once(self, clerk):
        instance = start(make_napp([timer(working_days=2), approve("a")]), at=MONDAY)
        due = datetime(2026, 11, 25, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert Wait.objects.get().due_at == due and open_tasks(instance) == []
        assert sweep(due - timedelta(seconds=1)) == 0
        assert (sweep(due), sweep(due + timedelta(hours=1)), sweep(due)) == (1, 0, 0)
        assert open_task(instance).node == "a"
        assert kinds(instance) == ["started", "time_came"]

    def test_calendar_days_and_days_that_were_answered(self, clerk):
        start(make_napp([timer(days=3), approve("a")]), at=MONDAY)
        assert Wait.objects.get().due_at == MONDAY + timedelta(days=3)

    @pytest.mark.parametrize(
        ("answer", "due"),
        [
            ("2026-12-01", datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Shanghai"))),
            ("2026-11-01", MONDAY),
            (None, MONDAY),
            ("nonsense", MONDAY),
        ],
    )
    def test_until_a_day_that_was_answered(self, clerk, answer, due):
        field = {"type": "date", "key": "opens_on", "label": text("Opens on")}
        form = {**FORM, "key": "dates"}
        form["pages"] = [{"key": "main", "title": T, "fields": [field]}]
        version = make_napp([timer(until="opens_on"), approve("a")], forms=[FORM, form])
        start(version, at=MONDAY, facts={"opens_on": answer})
        assert Wait.objects.get().due_at == due

    def test_a_withdrawn_case_forgets_its_timer(self, clerk):
        instance = start(make_napp([timer(days=1), approve("a")]), at=MONDAY)
        services.withdraw_process(actor=Actor.anonymous(), instance=instance, reason="Sold.")
        assert Wait.objects.get().state == "cancelled"
        assert sweep(MONDAY + timedelta(days=9)) == 0

    def test_timers_of_a_disabled_napp_stand_still(self, clerk):
        version = make_napp([timer(days=1), approve("a")])
        instance = start(version, at=MONDAY)
        napps.disable_napp(actor=MAKER, napp=version.napp)
        assert sweep(MONDAY + timedelta(days=9)) == 0
        napps.open_napp(actor=MAKER, napp=version.napp)
        assert sweep(MONDAY + timedelta(days=9)) == 1
        assert open_task(instance)

    def test_one_that_cannot_go_on_holds_up_no_other(self, clerk):
        late = MONDAY + timedelta(days=9)
        stuck = start(make_napp([timer(days=1), approve("a")]), at=MONDAY)
        ProcessInstance.objects.filter(pk=stuck.pk).update(process_key="gone")
        version = make_napp([timer(days=1), approve("a")], slug="other_stall")
        fine = start(version, at=MONDAY)
        assert sweep(late) == 1
        assert open_task(fine) and open_tasks(stuck) == []
        assert Wait.objects.get(instance=stuck).state == "waiting"

    @pytest.mark.parametrize("term", [{"days": 10}, {"working_days": 5}])
    def test_a_suspension_stops_it_and_its_days_do_not_count(self, clerk, term):
        review = approve("review", stage="review")
        lanes = [{"steps": [timer(**term)]}, {"steps": [review]}]
        instance = start(make_napp([{"kind": "parallel", "branches": lanes}]), at=MONDAY)
        due, task = Wait.objects.get().due_at, open_task(instance)
        words = {"kind": "experts", "reason": "Three experts look at it."}
        suspend_process(
            actor=actor_of(clerk),
            task_id=task.pk,
            version=1,
            at=MONDAY + timedelta(days=1),
            **words,
        )
        assert sweep(due + timedelta(days=1)) == 0
        resume_process(actor=actor_of(clerk), task_id=task.pk, at=MONDAY + timedelta(days=2))
        # Tuesday and Wednesday are not counted, so Monday and Tuesday of the next week are.
        assert Wait.objects.get().due_at == due + timedelta(days=2)
        assert sweep(due + timedelta(days=2)) == 1


class TestSubProcesses:
    def family(self, below, after=None, **more):
        main = [approve("a"), sub(**more), *(after or [approve("z")])]
        processes = [
            {"key": "main", "title": T, "steps": main},
            {"key": "other", "title": T, "steps": below},
        ]
        return make_napp(main, processes=processes)

    def child(self, instance):
        return ProcessInstance.objects.get(parent=instance)

    def test_the_parent_waits_for_the_child(self, clerk, heard):
        instance = start(self.family([approve("b")]))
        act(clerk, open_task(instance))
        assert open_tasks(instance) == []
        child = self.child(instance)
        assert (child.subject_id, child.department) == (instance.subject_id, instance.department)
        act(clerk, open_task(child))
        deliver()
        assert open_task(instance).node == "z"
        assert kinds(instance) == ["started", "approved", "child_done"]
        assert [name for name, _facts in heard if name == "process.closed"] == []

    @pytest.mark.parametrize(
        ("says", "stands", "outcome"),
        [("reject", [], "rejected"), ("go_on", ["z"], ""), ("return", ["a"], "")],
    )
    def test_a_refused_child(self, clerk, says, stands, outcome):
        instance = start(self.family([approve("b")], on_rejected=says))
        act(clerk, open_task(instance))
        act(clerk, open_task(self.child(instance)), "reject")
        deliver()
        instance.refresh_from_db()
        assert [task.node for task in open_tasks(instance)] == stands
        assert instance.outcome == outcome

    def test_a_withdrawal_takes_all_generations_along(self, clerk):
        processes = [
            {"key": "main", "title": T, "steps": [sub()]},
            {"key": "other", "title": T, "steps": [sub("third")]},
            {"key": "third", "title": T, "steps": [approve("c")]},
        ]
        instance = start(make_napp([], processes=processes))
        services.withdraw_process(actor=Actor.anonymous(), instance=instance, reason="Sold.")
        outcomes = ProcessInstance.objects.values_list("status", "outcome")
        assert list(outcomes) == [("ended", "withdrawn")] * 3
        deliver()
        assert not Wait.objects.filter(state="waiting").exists()

    def test_a_return_past_it_takes_the_child_back(self, clerk):
        lanes = [{"steps": [sub()]}, {"steps": [approve("x")]}]
        main = [approve("a"), {"kind": "parallel", "branches": lanes}]
        processes = [
            {"key": "main", "title": T, "steps": main},
            {"key": "other", "title": T, "steps": [approve("b")]},
        ]
        instance = start(make_napp(main, processes=processes))
        act(clerk, open_task(instance))
        act(clerk, open_task(instance, "x"), "return", to_node="a")
        assert self.child(instance).outcome == "withdrawn"
        deliver()
        act(clerk, open_task(instance, "a"))
        assert ProcessInstance.objects.filter(parent=instance, status="running").count() == 1

    def test_what_a_child_learns_its_parent_knows(self, clerk):
        fill = {"kind": "fill", "key": "look", "title": T, "form": "opinion",
                "assign": {"role": "desk"}}  # fmt: skip
        rule = {"==": [{"var": "dangerous"}, True]}
        branches = [{"when": rule, "steps": [approve("yes")]}, {"steps": [approve("no")]}]
        after = [{"kind": "condition", "branches": branches}]
        instance = start(self.family([fill], after))
        act(clerk, open_task(instance))
        act(clerk, open_task(self.child(instance)), "submit", data={"dangerous": True})
        deliver()
        assert open_task(instance).node == "yes"

    def test_a_question_of_a_child_is_answered_to_it(self, clerk, heard):
        instance = start(self.family([approve("b", actions=["approve", "correct"])]))
        act(clerk, open_task(instance))
        act(clerk, open_task(self.child(instance)), "correct")
        services.answer_correction(actor=Actor.anonymous(), instance=instance)
        assert open_task(self.child(instance)).assignee == clerk

    def test_an_empty_child_is_over_at_once(self, clerk):
        instance = start(self.family([{"kind": "end"}]))
        act(clerk, open_task(instance))
        deliver()
        assert open_task(instance).node == "z"


class TestQuestions:
    ASK = {"kind": "correct", "title": T, "fields": ["dangerous"], "note": text("Look again.")}

    def test_a_step_asks_the_applicant_and_goes_on_with_the_answer(self, clerk, heard):
        rule = {"==": [{"var": "dangerous"}, True]}
        branches = [{"when": rule, "steps": [approve("yes")]}, {"steps": [approve("no")]}]
        instance = start(make_napp([self.ASK, {"kind": "condition", "branches": branches}]))
        instance.refresh_from_db()
        assert instance.status == "waiting"
        ((_name, asked),) = [one for one in heard if one[0] == "process.correction_asked"]
        assert (asked["task"], asked["fields"], asked["note"]) == (
            None,
            ["dangerous"],
            "Look again.",
        )
        services.answer_correction(
            actor=Actor.anonymous(), instance=instance, facts={"dangerous": True}
        )
        assert open_task(instance).node == "yes"
        assert kinds(instance) == ["started", "correction_asked", "correction_answered"]


class TestNotices:
    def notice(self, to, **more):
        words = {"title": text("On {number}"), "body": text("{napp}: {subject}")}
        return {"kind": "notify", "title": T, "to": to, "text": words, **more}

    def test_the_starter_and_holders_of_a_role_are_told_once(self, clerk, reviewer):
        steps = [self.notice("starter"), self.notice({"role": "boss"}), approve("a")]
        start(make_napp(steps), starter=clerk, subject_number="S-7")
        told = sorted(Message.objects.values_list("recipient__username", "body__en"))
        words = "Market stall: Chen Ning's stall"
        assert told == [("alice", words), ("carol", words)]
        assert Message.objects.first().title["en"] == "On S-7"

    def test_the_owner_of_the_subject_tells_the_applicant(self, clerk, monkeypatch):
        from platform_core.common import events

        heard = []
        monkeypatch.setitem(
            events._listeners, "process.applicant_told", [lambda **facts: heard.append(facts)]
        )
        start(make_napp([self.notice("applicant"), approve("a")]), starter=clerk)
        assert heard[0]["wording"]["text"]["title"]["en"] == "On {number}"
        assert not Message.objects.exists()


class TestCalls:
    CALL = {"kind": "call", "key": "fee", "title": T, "hook": "fee", "asks": ["dangerous"],
            "returns": [{"key": "due", "type": "number"}]}  # fmt: skip

    @pytest.fixture
    def hook(self, settings, monkeypatch):
        """The answer of the hook, and the calls it has had."""
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, CODE]
        called = []

        def fee(**given):
            called.append(given)
            if isinstance(fee.answer, Exception):
                raise fee.answer
            return fee.answer

        fee.__module__, fee.answer, fee.called = f"{CODE}.hooks", {"due": 30}, called
        monkeypatch.setitem(code._hooks, ("library_card", "step", "fee"), fee)
        return fee

    def napp(self):
        branches = [
            {"when": {">": [{"var": "fee_due"}, 20]}, "steps": [approve("dear")]},
            {"steps": [approve("cheap")]},
        ]
        steps = [self.CALL, {"kind": "condition", "branches": branches}]
        given = manifest(steps, slug="library_card")
        version = napps.register_napp(actor=MAKER, manifest=given, folder="library_card")
        napps.open_napp(actor=MAKER, napp=version.napp)
        return version

    def test_the_code_is_called_once_and_its_answer_steers(self, hook, clerk):
        instance = start(self.napp(), facts={"dangerous": True})
        deliver()
        deliver()
        (given,) = hook.called
        assert given["values"] == {"dangerous": True}
        assert given["call"] == str(Wait.objects.get().pk)
        assert open_task(instance).node == "dear"
        assert kinds(instance) == ["started", "called"]

    def fail(self):
        """The call until it is given up, and what is told of it."""
        while OutboxMessage.objects.filter(topic="process.call", state__in=["ready"]).exists():
            OutboxMessage.objects.filter(topic="process.call").update(
                due_at=datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")), attempts=33
            )
            deliver()
        deliver()

    def test_what_keeps_failing_becomes_a_task_of_the_heads(self, hook, clerk):
        head = make_official("dora", kind="market", duties=["head"])
        head.posts.update(is_head=True)
        hook.answer = RuntimeError()
        instance = start(self.napp())
        self.fail()
        task = open_task(instance)
        assert (task.kind, task.node, task.assignee) == ("call", "fee", head)
        hook.answer = {"due": 5}
        act(head, task, "retry")
        deliver()
        assert open_task(instance).node == "cheap"
        assert kinds(instance) == ["started", "call_failed", "retried", "called"]

    def test_what_was_done_by_hand_goes_on(self, hook, clerk):
        head = make_official("dora", kind="market", duties=["head"])
        head.posts.update(is_head=True)
        hook.answer = RuntimeError()
        instance = start(self.napp())
        self.fail()
        act(head, open_task(instance), "approve")
        assert open_task(instance).node == "cheap"

    @pytest.mark.parametrize(
        "answer", [{"due": "30"}, {"due": True}, {"due": float("nan")}, {"other": 1}, [1], "text"]
    )
    def test_an_answer_that_was_not_declared_is_a_failure(self, hook, clerk, answer):
        hook.answer = answer
        instance = start(self.napp())
        deliver()
        assert open_tasks(instance) == [] and Wait.objects.get().state == "waiting"
        assert OutboxMessage.objects.get(topic="process.call").last_error.startswith("BadAnswer")

    def test_a_withdrawn_case_calls_nobody(self, hook, clerk):
        instance = start(self.napp())
        services.withdraw_process(actor=Actor.anonymous(), instance=instance, reason="Sold.")
        deliver()
        assert hook.called == []
