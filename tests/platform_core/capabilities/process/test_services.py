"""What people do with tasks, through the services, on real tables."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.process import selectors, services
from platform_core.capabilities.process.definitions import ProcessUnknown
from platform_core.capabilities.process.models import ProcessEvent, Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.napps import services as napps
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import MAKER, actor_of, make_citizen, make_department, make_official

from .makers import T, act, approve, make_napp, open_task, open_tasks, start

pytestmark = pytest.mark.django_db
LONG_PAST = date(2020, 1, 1)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def events_of(instance):
    return list(ProcessEvent.objects.filter(instance=instance).values_list("seq", "kind"))


class TestStart:
    def test_the_first_task_waits_in_the_pool_with_its_deadline(self, clerk):
        instance = start(make_napp(), at=MONDAY)
        task = open_task(instance)
        assert (task.node, task.stage, task.assignee) == ("accept", "acceptance", None)
        assert task.pool_department == make_department("market")
        assert task.due_at == datetime(2026, 11, 24, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert list(selectors.inbox(clerk, "pool")) == [task]

    def test_only_facts_that_conditions_ask_are_kept(self, clerk):
        rule = {"==": [{"var": "dangerous"}, True]}
        steps = [
            {
                "kind": "condition",
                "branches": [{"when": rule, "steps": [approve("a")]}, {"steps": [approve("b")]}],
            }
        ]
        instance = start(make_napp(steps), facts={"dangerous": True, "name": "Chen Ning"})
        assert instance.state["facts"] == {"dangerous": True}
        assert open_task(instance).node == "a"

    def test_an_unknown_process_is_named(self, clerk):
        with pytest.raises(ProcessUnknown):
            services.start_process(
                actor=MAKER,
                napp_version=make_napp(),
                process_key="none",
                subject_type="x",
                subject_id="1",
                subject_label="x",
            )


class TestApproval:
    def test_from_start_to_close(self, clerk, reviewer, heard):
        instance = start(make_napp())
        act(clerk, open_task(instance), opinion="Complete.")
        act(reviewer, open_task(instance))
        instance.refresh_from_db()
        assert (instance.status, instance.outcome) == ("ended", "approved")
        kinds = ["started", "approved", "approved", "closed"]
        assert events_of(instance) == list(enumerate(kinds, 1))
        assert [name for name, _facts in heard] == [
            "process.stage_reached",
            "process.task_opened",
            "process.step_done",
            "process.stage_reached",
            "process.task_opened",
            "process.step_done",
            "process.closed",
        ]
        assert heard[-1][1]["outcome"] == "approved"
        assert all("at" in facts and "actor" in facts for _name, facts in heard)

    def test_it_costs_eight_statements(self, clerk, reviewer):
        version = make_napp()
        act(clerk, open_task(start(version)))
        task, actor = open_task(start(version)), actor_of(clerk)
        with CaptureQueriesContext(connection) as caught:
            services.act(actor=actor, task_id=task.pk, action="approve", version=task.version)
        statements = [q["sql"] for q in caught if "SAVEPOINT" not in q["sql"]]
        assert len(statements) <= 8, "\n".join(statements)

    def test_every_act_is_audited(self, clerk, reviewer):
        task = act(clerk, open_task(start(make_napp())))
        entry = AuditEntry.objects.get(verb="task.approve", object_id=str(task.pk))
        assert entry.actor_id == clerk.pk
        assert entry.after["state"] == "done"

    def test_all_holders_have_to_agree(self, clerk, other_clerk, reviewer):
        instance = start(make_napp([approve("sign", mode="all"), approve("b", role="boss")]))
        one, two = open_tasks(instance)
        assert {one.assignee_id, two.assignee_id} == {clerk.pk, other_clerk.pk}
        act(one.assignee, one)
        assert [task.node for task in open_tasks(instance)] == ["sign"]
        act(two.assignee, two)
        assert open_task(instance).node == "b"

    def test_parallel_desks_both_have_to_be_done(self, clerk, reviewer):
        lanes = [{"steps": [approve("a")]}, {"steps": [approve("b", role="boss")]}]
        instance = start(make_napp([{"kind": "parallel", "branches": lanes}, approve("c")]))
        act(reviewer, open_task(instance, "b"))
        assert [task.node for task in open_tasks(instance)] == ["a"]
        act(clerk, open_task(instance, "a"))
        assert open_task(instance).node == "c"

    def test_a_filled_form_steers_what_follows(self, clerk, reviewer):
        fill = {
            "kind": "fill",
            "key": "look",
            "title": T,
            "form": "opinion",
            "assign": {"role": "desk"},
        }
        rule = {"==": [{"var": "dangerous"}, True]}
        branches = [{"when": rule, "steps": [approve("yes")]}, {"steps": [approve("no")]}]
        instance = start(make_napp([fill, {"kind": "condition", "branches": branches}]))
        task = open_task(instance)
        with pytest.raises(Unusable) as refused:
            act(clerk, task, "submit", data={})
        assert "dangerous" in refused.value.errors
        act(clerk, task, "submit", data={"dangerous": True})
        assert open_task(instance).node == "yes"
        event = ProcessEvent.objects.get(instance=instance, kind="submitted")
        assert event.data["record"]


class TestOtherMoves:
    def test_a_rejection_needs_its_reason_and_closes(self, clerk, heard):
        instance = start(make_napp())
        with pytest.raises(Unusable) as refused:
            act(clerk, open_task(instance), "reject", opinion=" ")
        assert list(refused.value.errors) == ["opinion"]
        act(clerk, open_task(instance), "reject", opinion="The place is taken.")
        instance.refresh_from_db()
        assert (instance.status, instance.outcome, open_tasks(instance)) == (
            "ended",
            "rejected",
            [],
        )
        assert heard[-1][1]["opinion"] == "The place is taken."

    def test_a_correction_waits_and_comes_back_to_who_asked(self, clerk, other_clerk, heard):
        instance = start(make_napp(), facts={"dangerous": False})
        act(clerk, open_task(instance), "correct", opinion="A better photo.", fields=["photo"])
        instance.refresh_from_db()
        assert (instance.status, open_tasks(instance)) == ("waiting", [])
        asked = dict(heard)["process.correction_asked"]
        assert (asked["fields"], asked["note"]) == (["photo"], "A better photo.")
        services.answer_correction(actor=Actor.anonymous(), instance=instance, facts={})
        instance.refresh_from_db()
        assert instance.status == "running"
        assert open_task(instance).assignee == clerk
        with pytest.raises(Conflict):
            services.answer_correction(actor=Actor.anonymous(), instance=instance)

    def test_a_return_goes_back_and_says_why(self, clerk, reviewer, heard):
        instance = start(make_napp())
        act(clerk, open_task(instance))
        task = open_task(instance)
        assert selectors.return_choices(task) == [("accept", {"zh": "Accept", "en": "Accept"})]
        with pytest.raises(Unusable):
            act(reviewer, task, "return", to_node="decide")
        act(reviewer, task, "return", to_node="accept", opinion="Look again.")
        assert open_task(instance).node == "accept"
        assert dict(heard)["process.returned"]["to_node"] == "accept"

    def test_a_return_cancels_the_tasks_of_parallel_siblings(self, clerk, reviewer):
        lanes = [{"steps": [approve("a")]}, {"steps": [approve("b", role="boss")]}]
        instance = start(make_napp([approve("first"), {"kind": "parallel", "branches": lanes}]))
        act(clerk, open_task(instance))
        sibling = open_task(instance, "b")
        act(clerk, open_task(instance, "a"), "return", to_node="first")
        assert [task.node for task in open_tasks(instance)] == ["first"]
        with pytest.raises(Conflict) as late:
            act(reviewer, sibling, version=1)
        assert late.value.facts["who"] == "Alice"

    def test_handing_over_only_to_a_colleague_with_the_role(
        self, clerk, other_clerk, reviewer, stranger
    ):
        instance = start(make_napp())
        task = open_task(instance)
        for wrong in (reviewer, stranger, None, "nonsense"):
            with pytest.raises(Unusable) as refused:
                act(clerk, task, "transfer", to_user=wrong)
            assert list(refused.value.errors) == ["to_user"]
        act(clerk, task, "transfer", to_user=other_clerk.pk)
        task.refresh_from_db()
        assert (task.assignee, task.state) == (other_clerk, "open")
        with pytest.raises(NotAllowed):
            act(clerk, task)
        act(other_clerk, task)

    def test_a_withdrawal_closes_whatever_is_open(self, clerk, heard):
        instance = start(make_napp())
        services.withdraw_process(actor=Actor.anonymous(), instance=instance, reason="Sold.")
        instance.refresh_from_db()
        assert (instance.outcome, open_tasks(instance)) == ("withdrawn", [])
        assert heard[-1][0] == "process.closed"
        with pytest.raises(Conflict):
            services.withdraw_process(actor=Actor.anonymous(), instance=instance, reason="")

    def test_reading_items_are_told_and_wait_for_nobody(self, clerk, reviewer):
        cc = {"kind": "cc", "title": T, "assign": {"role": "boss"}}
        instance = start(make_napp([cc, approve("a")]))
        assert open_task(instance, "a")
        (item,) = selectors.inbox(reviewer, "cc")
        assert selectors.allowed_actions(reviewer, item) == ["read"]
        act(clerk, open_task(instance, "a"))
        services.mark_read(actor=actor_of(reviewer), task_id=item.pk)
        services.mark_read(actor=actor_of(reviewer), task_id=item.pk)
        item.refresh_from_db()
        assert (item.state, item.outcome) == ("done", "read")
        assert selectors.inbox_counts(reviewer)["cc"] == 0


class TestAllHaveToAgree:
    def test_a_correction_asks_all_of_them_again(self, clerk, other_clerk):
        instance = start(make_napp([approve("sign", mode="all")]))
        one, two = open_tasks(instance)
        act(one.assignee, one)
        act(two.assignee, two, "correct")
        services.answer_correction(actor=Actor.anonymous(), instance=instance)
        assert {task.assignee for task in open_tasks(instance)} == {clerk, other_clerk}

    def test_nobody_gets_two_seats(self, clerk, other_clerk):
        third = make_official("erin", kind="market", duties=["clerk"])
        instance = start(make_napp([approve("sign", mode="all")]))
        third.posts.update(valid_until=LONG_PAST)
        seat = next(task for task in open_tasks(instance) if task.assignee == clerk)
        assert selectors.colleagues_for(clerk, seat) == []
        late_hire = make_official("finn", kind="market", duties=["clerk"])
        act(clerk, seat, "transfer", to_user=late_hire)


class TestHostileText:
    @pytest.mark.parametrize("text", ["a\x00b", "half \ud800 pair"])
    def test_what_cannot_be_stored_is_refused_at_its_field(self, clerk, text):
        instance = start(make_napp())
        task = open_task(instance)
        for action, field, more in (
            ("approve", "opinion", {"opinion": text}),
            ("correct", "fields", {"opinion": "Why.", "fields": [text]}),
        ):
            with pytest.raises(Unusable) as refused:
                act(clerk, task, action, **more)
            assert list(refused.value.errors) == [field]
        with pytest.raises(Unusable):
            services.withdraw_process(actor=Actor.anonymous(), instance=instance, reason=text)
        assert not selectors.inbox(clerk, "pool", q=text).exists()

    def test_rare_characters_are_kept(self, clerk):
        task = act(clerk, open_task(start(make_napp())), opinion="𠮷田 👍 <b>&amp;</b>")
        task.refresh_from_db()
        assert task.opinion == "𠮷田 👍 <b>&amp;</b>"


class TestPool:
    def test_claim_and_release(self, clerk, other_clerk):
        task = open_task(start(make_napp()))
        services.claim_task(actor=actor_of(clerk), task_id=task.pk)
        task.refresh_from_db()
        assert selectors.allowed_actions(clerk, task)[-1] == "release"
        assert selectors.allowed_actions(other_clerk, task) == []
        with pytest.raises(Conflict) as late:
            services.claim_task(actor=actor_of(other_clerk), task_id=task.pk)
        assert late.value.facts["who"] == "Alice"
        services.release_task(actor=actor_of(clerk), task_id=task.pk)
        services.claim_task(actor=actor_of(other_clerk), task_id=task.pk)
        task.refresh_from_db()
        assert task.assignee == other_clerk

    def test_claiming_twice_changes_nothing(self, clerk):
        task = open_task(start(make_napp()))
        services.claim_task(actor=actor_of(clerk), task_id=task.pk)
        services.claim_task(actor=actor_of(clerk), task_id=task.pk)
        task.refresh_from_db()
        assert task.version == 2

    def test_without_a_holder_the_head_gets_it(self):
        head = make_official("dora", kind="market", duties=["head"])
        head.posts.update(is_head=True)
        assert open_task(start(make_napp())).assignee == head

    def test_without_anybody_it_stays_in_the_pool_and_is_flagged(self, stranger):
        task = open_task(start(make_napp()))
        assert (task.assignee, task.is_stranded) == (None, True)
        assert list(selectors.stranded_tasks()) == [task]
        late_hire = make_official("erin", kind="market", duties=["clerk"])
        act(late_hire, task)

    def test_a_department_higher_up(self, reviewer):
        make_official("finn", kind="economy", region="330100", duties=["reviewer"])
        step = approve("up", role="boss")
        step["assign"]["department"] = {"kind": "economy", "level": 2}
        assert open_task(start(make_napp([step]))).pool_department.region.code == "330100"


class TestFourEyes:
    def test_the_starter_may_not_decide_on_it(self, clerk, other_clerk):
        instance = start(make_napp(), starter=clerk)
        task = open_task(instance)
        assert selectors.allowed_actions(clerk, task) == ["claim", "transfer"]
        for action in ("approve", "reject"):
            with pytest.raises(NotAllowed):
                act(clerk, task, action)
        act(other_clerk, task)

    def test_the_starter_has_no_seat_among_all(self, clerk, other_clerk):
        instance = start(make_napp([approve("sign", mode="all")]), starter=clerk)
        assert open_task(instance).assignee == other_clerk


class TestLate:
    def test_a_stale_version_names_who_and_when(self, clerk, other_clerk):
        instance = start(make_napp())
        task = open_task(instance)
        act(clerk, task)
        with pytest.raises(Conflict) as late:
            act(other_clerk, task, version=1)
        assert late.value.facts["who"] == "Alice"
        assert late.value.facts["action"] == "approve"
        assert "Alice" in str(late.value) and "approved" in str(late.value)

    def test_a_claimed_task_names_its_holder(self, clerk, other_clerk):
        task = open_task(start(make_napp()))
        services.claim_task(actor=actor_of(clerk), task_id=task.pk)
        with pytest.raises(Conflict) as late:
            act(other_clerk, task, version=1)
        assert (late.value.facts["who"], late.value.facts["action"]) == ("Alice", "claimed")

    def test_an_action_that_the_step_does_not_have(self, clerk):
        task = open_task(start(make_napp()))
        for action in ("fly", "submit", "", "__class__"):
            with pytest.raises(Unusable):
                act(clerk, task, action)

    def test_a_long_opinion_is_refused(self, clerk):
        with pytest.raises(Unusable):
            act(clerk, open_task(start(make_napp())), opinion="x" * 2001)


class TestStrangers:
    def test_a_stranger_gets_404(self, clerk, stranger):
        task = open_task(start(make_napp()))
        for person in (stranger, make_citizen("eve")):
            with pytest.raises(Http404):
                act(person, task)
            with pytest.raises(Http404):
                services.claim_task(actor=actor_of(person), task_id=task.pk)
            with pytest.raises(Http404):
                selectors.task_for(person, task.pk)
        with pytest.raises(Http404):
            services.act(actor=Actor.anonymous(), task_id=task.pk, action="approve", version=1)

    def test_nonsense_ids_are_404(self, clerk):
        for wrong in ("nonsense", "", None, [], {"a": 1}, "00000000-0000-0000-0000-000000000000"):
            with pytest.raises(Http404):
                services.act(actor=actor_of(clerk), task_id=wrong, action="approve", version=1)
            with pytest.raises(Http404):
                selectors.task_for(clerk, wrong)

    def test_a_disabled_napp_cannot_be_reached(self, clerk):
        version = make_napp()
        task = open_task(start(version))
        napps.disable_napp(actor=MAKER, napp=version.napp)
        with pytest.raises(Http404):
            act(clerk, task)
        with pytest.raises(Http404):
            selectors.task_for(clerk, task.pk)
        assert not selectors.inbox(clerk, "pool").exists()
        assert Task.objects.filter(pk=task.pk, state="open").exists()
