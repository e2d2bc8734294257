"""Acts from the list: one line with a key, several lines after a look, and the load of a unit."""

import json
import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collab_hub.inbox.batch_services import MOST
from collab_hub.inbox.models import Snooze, WorkItem
from collab_hub.office.views.bulk import moments
from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process.delegation.services import set_delegation
from platform_core.capabilities.process.models import Task
from security.audit.models import AuditEntry
from tests.factories import LONG_AGO, MAKER, actor_of, make_department, make_official

from ..inbox.kinds import put
from ..makers import make_case, open_task

QUICK, BULK, WORKLOAD = "/office/quick/", "/office/bulk/", "/office/workload/"


def html(response) -> str:
    return response.content.decode()


def line(one) -> str:
    what = "task" if isinstance(one, Task) else "work"
    return f"{what}:{one.pk}:{one.version}"


@pytest.fixture
def head(db):
    from security.organs import services as organs

    person = make_official("hana", kind="market", duties=["clerk"], name="Hana")
    organs.appoint(
        actor=MAKER, user=person, department=make_department("market"), title="局长",
        duties=["clerk"], is_head=True, valid_from=LONG_AGO,
    )  # fmt: skip
    return person


def test_a_quick_act_is_done_once_though_sent_twice(office, clerk, other_clerk, stall):
    task, item = open_task(make_case(stall)), put(clerk)
    client = office(clerk)
    for one, action in ((task, "approve"), (item, "confirm")):
        sent = {"chosen": line(one), "action": action}
        first, again = client.post(QUICK, sent), client.post(QUICK, sent)
        assert first.status_code == again.status_code == 200
        assert first.json()["said"] == again.json()["said"]
        one.refresh_from_db()
        assert (one.state, one.closed_by, one.outcome) == ("done", clerk, action)
    assert Task.objects.filter(node="decide").count() == 1
    assert first.json()["counts"]["all"] == 0
    late = office(other_clerk).post(QUICK, {"chosen": line(task), "action": "approve"})
    assert late.status_code == 409 and "Alice was faster" in late.json()["said"]


def test_a_quick_act_that_cannot_be_is_refused_with_a_reason(office, clerk, stranger, stall):
    task, item = open_task(make_case(stall)), put(clerk)
    for chosen, action in (("x", "approve"), (line(task), "reject"), (line(item), "refuse"),
                           (line(item), "nothing"), (line(task), "nothing"),
                           (line(task), "a\x00"), (line(item), "a\x00"),
                           (line(task), "read")):  # fmt: skip
        answer = office(clerk).post(QUICK, {"chosen": chosen, "action": action})
        assert answer.status_code == 422 and json.loads(answer.content)["said"]
    answer = office(stranger).post(QUICK, {"chosen": line(item), "action": "confirm"})
    assert answer.status_code == 422 and WorkItem.objects.get().state == "open"


def test_several_lines_are_looked_at_and_then_done(office, clerk, stall):
    task, items = open_task(make_case(stall, label="a stall")), [put(clerk), put(clerk)]
    client = office(clerk)
    page = html(client.get("/office/inbox/"))
    assert 'name="action" value="confirm"' in page and 'name="action" value="approve"' in page
    chosen = [line(one) for one in (task, *items)]
    asked = html(client.post(BULK, {"chosen": chosen, "action": "confirm"}))
    assert "1 of those you chose cannot be done like this" in asked and "a stall" not in asked
    assert WorkItem.objects.filter(state="open").count() == 2
    answer = html(client.post(BULK, {"chosen": chosen[1:], "action": "confirm", "go": "1"}))
    assert "2 of 2 are done." in answer and "Confirmed" in answer
    assert not WorkItem.objects.filter(state="open").exists()
    nothing = client.post(BULK, {"action": "confirm", "view": "box=mine"}, follow=True)
    assert "Choose some lines first" in html(nothing)
    assert nothing.redirect_chain[0][0] == "/office/inbox/?box=mine"


def test_snoozing_past_a_deadline_has_to_be_meant(office, clerk):
    hour = timezone.now() + timezone.timedelta(hours=1)
    sent = {"chosen": line(put(clerk, due_at=hour)), "action": "snooze"}
    client = office(clerk)
    page = client.post(BULK, sent)
    when = page.context["form"].fields["when"].choices[-1][0]
    refused = client.post(BULK, sent | {"go": "1", "when": when})
    assert refused.status_code == 422 and "due before that" in html(refused)
    assert client.post(BULK, sent | {"go": "1", "when": ""}).status_code == 422
    assert client.post(BULK, sent | {"go": "1", "when": "soon"}).status_code == 422
    done = client.post(BULK, sent | {"go": "1", "when": when, "past_due": "on"}, follow=True)
    assert "put off until" in html(done) and Snooze.objects.count() == 1
    assert "All done." in html(done)
    client.post(BULK, sent | {"action": "wake"})
    assert not Snooze.objects.exists()


def test_a_head_sees_the_load_of_the_unit_and_hands_on(
    office, head, clerk, other_clerk, stranger, stall
):
    task, item = open_task(make_case(stall)), put(department=make_department("market"))
    Task.objects.filter(pk=task.pk).update(assignee=clerk, due_at=timezone.now())
    WorkItem.objects.filter(pk=item.pk).update(assignee=clerk)
    today = timezone.localdate()
    set_delegation(
        actor=actor_of(clerk), principal=clerk, deputy=other_clerk,
        valid_from=today, valid_until=today,
    )  # fmt: skip
    client = office(head)
    loads = {one.person: one for one in client.get(WORKLOAD).context["found"].loads}
    assert (loads[clerk].open, loads[clerk].late) == (2, 1)
    assert [one.deputy for one in loads[clerk].stand_ins] == [other_clerk]
    assert loads[other_clerk].open == 0 and stranger not in loads
    page = html(client.get(f"{WORKLOAD}{clerk.pk}/"))
    assert line(task) in page and line(item) in page
    sent = {"chosen": [line(task), line(item)], "action": "hand_on", "go": "1",
            "to_user": other_clerk.pk}  # fmt: skip
    assert client.post(BULK, sent).status_code == 422
    answer = html(client.post(BULK, sent | {"reason": "Alice is on a course."}))
    assert "2 of 2 are done." in answer
    for one in (task, item):
        one.refresh_from_db()
        assert one.assignee == other_clerk
    told = Message.objects.exclude(template__startswith="delegation")
    assert {one.recipient for one in told} == {clerk, other_clerk} and told.count() == 4
    assert AuditEntry.objects.filter(verb__endswith=".reassign").count() == 2
    urged = html(client.post(BULK, {"chosen": line(item), "action": "urge", "go": "1"}))
    assert "1 of 1 are done." in urged
    item.refresh_from_db()
    again = client.post(BULK, {"chosen": line(item), "action": "urge", "go": "1"})
    assert [one.state for one in again.context["outcomes"]] == ["refused"]
    named = client.post(BULK, {"chosen": line(put(clerk)), "action": "hand_on"})
    assert not named.context["lines"] and named.context["left_out"] == 1


def test_items_of_a_pool_are_claimed_together(office, clerk):
    items = [put(department=make_department("market")) for _one in range(2)]
    page = html(office(clerk).get("/office/inbox/?box=pool"))
    assert 'name="action" value="claim"' in page and page.count("To claim</span>") == 2
    chosen = [line(one) for one in items]
    answer = office(clerk).post(BULK, {"chosen": chosen, "action": "claim", "go": "1"})
    assert "2 of 2 are done." in html(answer)
    assert set(WorkItem.objects.values_list("assignee", flat=True)) == {clerk.pk}


def test_too_many_at_once_are_refused_in_words(office, clerk):
    sent = [f"work:{uuid.uuid4()}:1" for _one in range(MOST)]
    chosen = [line(put(department=make_department("market"))), *sent]
    data = {"chosen": chosen, "action": "claim", "go": "1"}
    answer = office(clerk).post(BULK, data, follow=True)
    assert f"Choose between one and {MOST}." in html(answer)
    assert WorkItem.objects.get().assignee is None


@pytest.mark.parametrize("day", range(1, 8))
def test_no_moment_to_come_back_at_is_offered_twice(day):
    with time_machine.travel(datetime(2026, 3, day, 2, 30, tzinfo=UTC), tick=False):
        hours = [value for value, _words in moments()]
    assert hours == sorted(set(hours)) and len(hours) == (3 if day < 3 else 4)


def test_only_heads_and_only_in_their_departments(office, head, clerk, stranger, stall):
    task = open_task(make_case(stall))
    item = put(stranger)
    assert office(clerk).get(WORKLOAD).status_code == 404
    client = office(head)
    assert client.get(f"{WORKLOAD}{stranger.pk}/").status_code == 404
    assert client.get(f"{WORKLOAD}999999999/").status_code == 404
    given = {"action": "hand_on", "go": "1", "reason": "x", "to_user": clerk.pk}
    client.post(BULK, given | {"chosen": line(item)})
    item.refresh_from_db()
    assert item.assignee == stranger
    outside = client.post(BULK, given | {"chosen": line(task), "to_user": stranger.pk})
    assert outside.status_code == 422


def test_the_load_costs_the_same_for_one_row_and_for_three(office, head, clerk, stall):
    client = office(head)

    def cost(path) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    paths = (WORKLOAD, f"{WORKLOAD}{clerk.pk}/", f"{WORKLOAD}0/")

    def more():
        put(clerk)
        make_case(stall)

    more()
    [cost(path) for path in paths]
    one = [cost(path) for path in paths]
    more()
    more()
    make_official("ivan", kind="market", duties=["clerk"], name="Ivan")
    assert [cost(path) for path in paths] == one
