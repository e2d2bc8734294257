"""The boxes of the inbox: what is in them, in which order, and at what cost."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.process import selectors, services
from platform_core.capabilities.process.models import Task
from tests.factories import actor_of, make_citizen, make_official

from .makers import T, act, approve, make_napp, open_task, start

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def version(db):
    return make_napp()


def numbers(user, box, **more):
    return [task.instance.subject_id for task in selectors.inbox(user, box, **more)]


class TestBoxes:
    def test_a_task_moves_from_pool_to_mine_to_done(self, clerk, other_clerk, reviewer, version):
        instance = start(version, subject_id="7")
        task = open_task(instance)
        assert numbers(clerk, "pool") == numbers(other_clerk, "pool") == ["7"]
        services.claim_task(actor=actor_of(clerk), task_id=task.pk)
        assert (numbers(clerk, "mine"), numbers(clerk, "pool")) == (["7"], [])
        assert numbers(other_clerk, "pool") == []
        act(clerk, task)
        assert (numbers(clerk, "mine"), numbers(clerk, "done")) == ([], ["7"])
        assert numbers(reviewer, "pool") == ["7"]

    def test_sent_shows_the_newest_task_of_what_i_began(
        self, clerk, other_clerk, reviewer, version
    ):
        instance = start(version, starter=clerk, subject_id="7")
        (row,) = selectors.inbox(clerk, "sent")
        assert row.node == "accept"
        act(other_clerk, open_task(instance))
        (row,) = selectors.inbox(clerk, "sent")
        assert (row.node, row.state) == ("decide", "open")
        act(reviewer, open_task(instance))
        (row,) = selectors.inbox(clerk, "sent")
        assert (row.node, row.state) == ("decide", "done")

    def test_nobody_unknown_and_citizens_have_nothing(self, clerk, version):
        start(version)
        assert not selectors.inbox(make_citizen("eve"), "pool").exists()
        assert not selectors.inbox(None, "mine").exists()
        assert not selectors.inbox(clerk, "nonsense").exists()
        assert selectors.inbox_counts(None) == dict.fromkeys(
            ("mine", "pool", "cc", "late", "today"), 0
        )

    def test_the_pool_is_that_of_role_and_department(self, clerk, reviewer, stranger, version):
        start(version)
        assert numbers(clerk, "pool") and not numbers(reviewer, "pool")
        assert not numbers(stranger, "pool")


class TestFilters:
    @pytest.fixture
    def three(self, version):
        with time_machine.travel(MONDAY - timedelta(days=7), tick=False):
            start(
                version,
                subject_id="late",
                label={"zh": "王芳的摊位", "en": "Stall of Wang Fang"},
                subject_number="ZJ2026-001",
            )
        with time_machine.travel(MONDAY - timedelta(days=3), tick=False):
            start(version, subject_id="today", label="Chen Ning 100%", subject_number="ZJ2026-002")
        with time_machine.travel(MONDAY, tick=False):
            start(version, subject_id="later", label="𠮷田的摊位")

    def test_the_most_urgent_stands_first(self, clerk, three):
        assert numbers(clerk, "pool") == ["late", "today", "later"]
        assert numbers(clerk, "pool", order="newest") == ["later", "today", "late"]

    def test_search_by_name_and_number(self, clerk, three):
        assert numbers(clerk, "pool", q="王芳") == ["late"]
        assert numbers(clerk, "pool", q="zj2026-002") == ["today"]
        assert numbers(clerk, "pool", q="𠮷") == ["later"]
        assert numbers(clerk, "pool", q="0%") == ["today"]
        assert numbers(clerk, "pool", q="_") == numbers(clerk, "pool", q="\\") == []

    def test_by_deadline_and_napp(self, clerk, three):
        with time_machine.travel(MONDAY, tick=False):
            assert numbers(clerk, "pool", due="late") == ["late"]
            assert numbers(clerk, "pool", due="today") == ["today"]
            assert selectors.inbox_counts(clerk) == {
                "mine": 0, "pool": 3, "cc": 0, "late": 1, "today": 1,
            }  # fmt: skip
        assert len(numbers(clerk, "pool", napp="market_stall")) == 3
        assert numbers(clerk, "pool", napp="other") == []


class TestCost:
    @pytest.mark.parametrize("box", selectors.BOXES)
    def test_a_page_costs_the_same_for_one_and_for_three(self, clerk, other_clerk, box):
        cc = {"kind": "cc", "title": T, "assign": {"role": "desk"}}
        version = make_napp([cc, approve("a")])

        def more():
            instance = start(version, starter=clerk if box == "sent" else None)
            if box == "mine":
                services.claim_task(actor=actor_of(clerk), task_id=open_task(instance, "a").pk)
            if box == "done":
                act(clerk, open_task(instance, "a"))

        def cost():
            with CaptureQueriesContext(connection) as caught:
                for task in selectors.inbox(clerk, box):
                    str(task.assignee), task.instance.napp_version.napp.title
                    str(task.pool_department), str(task.instance.region)
                selectors.inbox_counts(clerk)
            return len(caught)

        more()
        cost()  # reads the person's posts, which a request does once
        one = cost()
        more()
        more()
        assert selectors.inbox(clerk, box).count() == 3
        assert one == cost() <= 2

    @pytest.mark.parametrize(("box", "index"), [("pool", "task_pool"), ("mine", "task_mine")])
    def test_a_big_inbox_is_read_from_its_index(self, clerk, reviewer, version, box, index):
        task = open_task(start(version))
        others = make_official("gus", kind="health", duties=["clerk"])
        fields = {f.attname: getattr(task, f.attname) for f in Task._meta.fields if f.name != "id"}
        fields["pool_department_id"] = others.posts.get().department_id
        crowd = [Task(**fields | {"assignee": (n % 2 and others) or None}) for n in range(3000)]
        Task.objects.bulk_create(crowd)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Task._meta.db_table}")
        plan = selectors.inbox(clerk, box).explain()
        assert index in plan, plan


class TestAccess:
    def test_who_may_see_a_task(self, clerk, other_clerk, reviewer, stranger, version):
        head = make_official("dora", kind="market", duties=["head"])
        head.posts.update(is_head=True)
        outsider = make_official("finn", kind="market", duties=[])
        instance = start(version)
        task = open_task(instance)

        def seers(task):
            people = (clerk, other_clerk, reviewer, head, outsider, stranger)
            return [p.username for p in people if selectors_see(p, task)]

        assert seers(task) == ["alice", "bob", "dora"]
        act(clerk, task)
        assert seers(open_task(instance)) == ["alice", "carol", "dora"]

    def test_taking_part_shows_the_process(self, clerk, reviewer, stranger, version):
        instance = start(version)
        act(clerk, open_task(instance))
        assert selectors.instance_for(clerk, instance.pk) == instance
        assert [task.node for task in selectors.tasks_of(clerk, instance)] == ["decide"]
        assert selectors.tasks_of(stranger, instance) == []

    def test_a_citizen_who_began_it_does_not_see_internal_tasks(self, version):
        alice = make_citizen("eve")
        instance = start(version, starter=alice)
        assert not selectors_see(alice, open_task(instance))

    def test_history_is_in_order_and_names_people(self, clerk, reviewer, version):
        instance = start(version)
        act(clerk, open_task(instance), opinion="Fine.")
        kinds = [(event.kind, event.actor_name) for event in selectors.history(instance)]
        assert kinds == [("started", ""), ("approved", "Alice")]

    def test_colleagues_are_those_with_the_role(self, clerk, other_clerk, reviewer, version):
        task = open_task(start(version))
        assert selectors.colleagues_for(clerk, task) == [other_clerk]
        assert selectors.colleagues_for(reviewer, task) == []


def selectors_see(user, task) -> bool:
    from security.access import may

    return may(user, "see", task)
