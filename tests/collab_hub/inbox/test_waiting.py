"""One list of tasks and items: its order, pages, filters and counts, and what it costs."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from collab_hub.inbox import selectors
from collab_hub.inbox.boxes import parts
from collab_hub.inbox.lines import inbox_page
from collab_hub.inbox.merging import Place, page_of
from collab_hub.inbox.models import Snooze, WorkItem
from collab_hub.inbox.query import InboxQuery
from collab_hub.inbox.snoozing import snooze, wake
from collab_hub.inbox.work import close_work
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.delegation.services import end_delegation, set_delegation
from platform_core.capabilities.process.models import Task
from platform_core.common.errors import Unusable
from platform_core.timetable import TIMETABLE
from security.accounts.models import User
from tests.factories import actor_of, make_department, make_official

from ..makers import make_case, make_napp, open_task
from .kinds import put

HOUR = timedelta(hours=1)


def fresh(user):
    return User.objects.get(pk=user.pk)


def titles(user, **query) -> list[str]:
    return [one.title for one in inbox_page(fresh(user), InboxQuery(**query)).rows]


def due(instance, delta) -> None:
    # What the process says of the warning depends on the hour of the day.
    Task.objects.filter(instance=instance).update(due_at=timezone.now() + delta, warn_at=None)


def test_tasks_and_items_stand_in_one_order_and_are_filtered_alike(stall, clerk, stranger):
    now = timezone.now()
    due(make_case(stall, label="case in 2 h"), 2 * HOUR)
    due(make_case(stall, label="case late"), -HOUR)
    put(clerk, title="notice in 1 h", due_at=now + HOUR, warn_at=now - HOUR)
    put(clerk, title="notice some day", number="2026-7", reason="You are named")
    put(department=make_department("market"), title="notice for all", due_at=now + 3 * HOUR)
    everything = ["case late", "notice in 1 h", "case in 2 h", "notice for all", "notice some day"]
    assert titles(clerk) == everything
    assert titles(clerk, box="mine") == ["notice in 1 h", "notice some day"]
    assert titles(clerk, box="pool") == ["case late", "case in 2 h", "notice for all"]
    assert titles(clerk, light="red") == ["case late"]
    assert titles(clerk, light="yellow") == ["notice in 1 h"]
    assert titles(clerk, kind="test_notice", light="green") == ["notice for all"]
    assert titles(clerk, kind="approve") == ["case late", "case in 2 h"]
    assert titles(clerk, q="2026-7") == titles(clerk, q="SOME day") == ["notice some day"]
    assert titles(clerk, napp="market_stall") == ["case late", "case in 2 h"]
    assert titles(stranger) == []
    close_work(actor=actor_of(clerk), item=WorkItem.objects.get(number="2026-7"), outcome="confirm")
    assert titles(clerk, box="done") == ["notice some day"]


def test_pages_go_on_from_a_place_and_show_every_line_once(stall, clerk):
    when = timezone.now() + HOUR
    for number in range(4):
        due(make_case(stall, label=f"case {number}"), HOUR)
        put(clerk, title=f"due {number}", due_at=when)
        put(clerk, title=f"some day {number}")
    whole = titles(clerk)
    assert len(whole) == 12
    for size in (1, 3, 5):
        forward, after, pages = [], "", 0
        while pages == 0 or after:
            page = inbox_page(clerk, InboxQuery(), after=after, size=size)
            forward += [one.title for one in page.rows]
            after, pages, last = page.after, pages + 1, page
        assert forward == whole and pages == -(-12 // size)
        backward, before = [one.title for one in last.rows], last.before
        while before:
            page = inbox_page(clerk, InboxQuery(), before=before, size=size)
            backward = [one.title for one in page.rows] + backward
            before = page.before
        assert backward == whole
    for bad in ("x", "AAAA", "é", "MS8yLzMvNA"):
        assert Place.read(bad) is None
        for place in ({"after": bad}, {"before": bad}):
            page = inbox_page(clerk, InboxQuery(), size=5, **place)
            assert [one.title for one in page.rows] == whole[:5] and not page.before


def test_a_page_costs_the_same_for_one_line_and_for_three(stall, clerk):
    def cost() -> int:
        reader = fresh(clerk)
        with CaptureQueriesContext(connection) as queries:
            inbox_page(reader, InboxQuery())
            selectors.box_counts(reader)
            selectors.choices(reader, "all")
        return len(queries)

    def more():
        make_case(stall)
        put(clerk)
        put(department=make_department("market"))

    more()
    one = cost()
    more()
    more()
    assert cost() == one


def test_a_hundred_thousand_lines_are_not_read_to_show_a_page(stall, clerk):
    make_case(stall)
    put(clerk)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO collab_hub_workitem (id, kind, object_type, object_id, holder,"
            " assignee_id, pool_department_id, pool_groups, title, reason, number, url_name,"
            " url_args, state, outcome, opened_at, due_at, version)"
            " SELECT gen_random_uuid(), kind, object_type, gen_random_uuid(), holder, assignee_id,"
            " pool_department_id, pool_groups, title, reason, number, url_name, url_args, state,"
            " outcome, opened_at, opened_at + n * interval '1 minute', 1"
            " FROM collab_hub_workitem, generate_series(1, 100000) AS n"
        )
        cursor.execute("ANALYZE collab_hub_workitem")
    reader = fresh(clerk)
    with CaptureQueriesContext(connection) as queries:
        page = inbox_page(reader, InboxQuery(), size=50)
        page = inbox_page(reader, InboxQuery(), size=50, after=page.after)
        counts = selectors.box_counts(reader)
    assert len(page.rows) == 50
    assert selectors.shown_count(counts["mine"]) == "999+" == selectors.shown_count(counts["all"])
    seen = []
    for query in [one["sql"] for one in queries if "collab_hub_workitem" in one["sql"]]:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query)
            seen += list(nodes(cursor.fetchone()[0][0]["Plan"]))
    big = [one for one in seen if one.get("Relation Name") == "collab_hub_workitem"]
    assert big and not [one for one in big if one["Node Type"] == "Seq Scan"]
    assert max(one["Actual Rows"] for one in big) <= selectors.COUNTED


def nodes(plan: dict):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def test_what_is_snoozed_comes_back_at_its_hour_for_that_person_only(stall, clerk, other_clerk):
    now = timezone.now()
    task = open_task(make_case(stall, label="case"))
    item = put(clerk, title="notice", due_at=now + 5 * HOUR)
    chosen = [("task", task.pk), ("work", item.pk)]
    actor = actor_of(clerk)
    snooze(actor=actor, chosen=chosen, until=now + HOUR)
    assert titles(clerk) == [] and titles(other_clerk) == ["case"]
    assert set(titles(clerk, box="snoozed")) == {"case", "notice"}
    counts = selectors.box_counts(fresh(clerk))
    assert (counts["all"], counts["snoozed"]) == (0, 2)
    assert inbox_page(clerk, InboxQuery(), now + 2 * HOUR).rows[0].title
    with pytest.raises(Unusable) as refused:
        snooze(actor=actor, chosen=chosen, until=now + 9 * 24 * HOUR)
    assert "past_due" in refused.value.errors
    snooze(actor=actor, chosen=chosen, until=now + 9 * 24 * HOUR, past_due=True)
    assert Snooze.objects.count() == 2
    for hour in (now - HOUR, now + timedelta(days=400), None):
        with pytest.raises(Unusable):
            snooze(actor=actor, chosen=chosen, until=hour)
    assert snooze(actor=actor_of(other_clerk), chosen=chosen, until=now + HOUR) == 1
    assert wake(actor=actor, chosen=chosen) == 2
    assert len(titles(clerk)) == 2


def test_an_hour_that_is_over_is_forgotten_at_night(clerk):
    items, now = [put(clerk), put(clerk)], timezone.now()
    for item, hour in zip(items, (now - HOUR, now + HOUR), strict=True):
        Snooze.objects.create(user=clerk, what=item.pk, until=hour)
    assert "inbox.forget_snoozes" in {one["task"] for one in TIMETABLE.values()}
    assert current_app.tasks["inbox.forget_snoozes"]() == 1
    assert Snooze.objects.get().what == items[1].pk


def test_a_deputy_has_the_items_too_and_the_deputys_deputy_has_not(clerk, other_clerk, reviewer):
    today = timezone.localdate()
    days = {"valid_from": today, "valid_until": today}
    put(clerk, title="for the one who is away")
    set_delegation(actor=actor_of(clerk), principal=clerk, deputy=other_clerk, **days)
    (line,) = inbox_page(fresh(other_clerk), InboxQuery()).rows
    assert line.title == "for the one who is away" and "Alice" in line.on_behalf
    set_delegation(
        actor=actor_of(other_clerk), principal=other_clerk, deputy=reviewer,
        valid_from=today + timedelta(days=1), valid_until=today + timedelta(days=1),
    )  # fmt: skip
    assert titles(reviewer) == []


class Counts(TestCase):
    """Whatever happens, a count says how long its list is."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=3, max_size=14))
    def test_counts_are_the_lengths_of_lists(self, steps):
        version = make_napp()
        alice = make_official("alice", kind="market", duties=["clerk"], name="Alice")
        bob = make_official("bob", kind="market", duties=["clerk"], name="Bob")
        today, now = timezone.localdate(), timezone.now()
        for what, which in steps:
            actor = actor_of(fresh(alice if which % 2 else bob))
            items = list(WorkItem.objects.filter(state="open").order_by("opened_at"))
            tasks = list(Task.objects.filter(state="open", node="accept").order_by("opened_at"))
            if what == 0:
                due(make_case(version), (which - 2) * 12 * HOUR)
            elif what == 1:
                put(actor.user, due_at=now + (which - 2) * 12 * HOUR)
            elif what == 2:
                put(department=make_department("market"))
            elif what == 3 and items:
                close_work(actor=actor, item=items[which % len(items)])
            elif what == 4 and tasks:
                self.claim(actor, tasks[which % len(tasks)])
            elif what == 5:
                chosen = [("task", one.pk) for one in tasks[:which]]
                chosen += [("work", one.pk) for one in items[:which]]
                if chosen:
                    hour = now + (which + 1) * HOUR
                    snooze(actor=actor, chosen=chosen, until=hour, past_due=True)
            elif what == 6:
                other = bob if actor.user.pk == alice.pk else alice
                self.deputise(actor, other, today)
            elif what == 7:
                wake(actor=actor, chosen=[("work", one.pk) for one in items[:which]])
        for person in (alice, bob):
            self.check(fresh(person))

    def claim(self, actor, task):
        if task.assignee_id is None:
            process.claim_task(actor=actor, task_id=task.pk)

    def deputise(self, actor, other, today):
        running = actor.user.delegations.filter(ended_at=None).first()
        if running:
            end_delegation(actor=actor, delegation_id=running.pk)
        elif not other.delegations.filter(ended_at=None).exists():
            set_delegation(
                actor=actor, principal=actor.user, deputy=other,
                valid_from=today, valid_until=today,
            )  # fmt: skip

    def check(self, person):
        counts = selectors.box_counts(person)
        for box in ("all", "mine", "pool", "snoozed"):
            listed = page_of(parts(person, InboxQuery(box=box), timezone.now()), 100).rows
            assert len(listed) == len(set(listed)) == counts[box], box
        for due_filter in ("late", "today"):
            query = InboxQuery(due=due_filter)
            assert len(inbox_page(person, query).rows) == counts[due_filter], due_filter
