"""What waits besides process tasks: opened once, moved, closed, by modules and by events."""

import uuid
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collab_hub.inbox.acting import act_on_work, claim_work
from collab_hub.inbox.handing_on import hand_on_work
from collab_hub.inbox.models import WorkItem
from collab_hub.inbox.work import close_work, move_work, put_work_for_many
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from security.access import may
from security.accounts.models import User
from tests.factories import MAKER, actor_of, make_department, make_official

from .kinds import put


def test_an_object_waits_once_for_each_holder_and_is_kept_up_to_date(clerk, other_clerk):
    notice = ("test.Notice", uuid.uuid4())
    first = put(clerk, obj=notice, reason="You are named")
    later = timezone.now() + timedelta(days=3)
    again = put(clerk, obj=notice, title="Changed", due_at=later)
    assert again.pk == first.pk and again.version == first.version + 1
    assert again.title["en"] == "Changed" and again.due_at == later and again.reason == {}
    assert put(clerk, obj=notice, title="Changed", due_at=later).version == again.version
    put(other_clerk, obj=notice)
    assert close_work(actor=MAKER, kind="test_notice", obj=notice, person=clerk) == 1
    assert list(WorkItem.objects.filter(state="open").values_list("assignee", flat=True)) == [
        other_clerk.pk
    ]
    assert put(clerk, obj=notice).pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_open_the_same_at_once_agree_on_one_row(clerk):
    notice, start, found = ("test.Notice", uuid.uuid4()), Barrier(2), []

    def open_it():
        start.wait()
        found.append(put(clerk, obj=notice).pk)
        connection.close()

    threads = [Thread(target=open_it) for _one in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 2 and len(set(found)) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_closed_while_it_is_opened_again_waits_anew(clerk):
    item, found = put(clerk), []

    def open_it():
        found.append(put(clerk, obj=(item.object_type, item.object_id), title="Once more"))
        connection.close()

    thread = Thread(target=open_it)
    with transaction.atomic():
        close_work(actor=MAKER, item=item)
        thread.start()
        until_somebody_waits()
    thread.join()
    assert [one.title["en"] for one in found] == ["Once more"]
    assert WorkItem.objects.get(state="open").pk != item.pk


def until_somebody_waits() -> None:
    for _try in range(600):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where not granted")
            if cursor.fetchone()[0]:
                return
        Event().wait(0.05)
    raise AssertionError("nobody waited")


def test_thousands_are_opened_in_a_few_statements(clerk, other_clerk):
    people = User.objects.bulk_create(
        User(username=f"mass{number}", kind=User.Kind.OFFICIAL) for number in range(2500)
    )
    notice = ("test.Notice", uuid.uuid4())
    put(clerk, obj=notice)
    with CaptureQueriesContext(connection) as queries:
        new = put_work_for_many(
            actor=MAKER, kind="test_notice", obj=notice, title="To all", people=[*people, clerk]
        )  # fmt: skip
    assert new == 2500 and len(queries) < 12
    assert WorkItem.objects.filter(object_id=notice[1], state="open").count() == 2501
    assert WorkItem.objects.get(assignee=clerk).title["en"] == "To all"
    assert close_work(actor=MAKER, kind="test_notice", obj=notice, is_cancelled=True) == 2501


def test_a_moved_item_waits_for_somebody_else_with_another_day(clerk, other_clerk):
    item = put(clerk)
    day = timezone.now() + timedelta(days=1)
    named = {"kind": "test_notice", "obj": (item.object_type, item.object_id)}
    assert move_work(actor=MAKER, **named, to_person=other_clerk, due_at=day) == 1
    item.refresh_from_db()
    assert (item.assignee, item.due_at) == (other_clerk, day)
    assert not may(clerk, "handle", item) and may(other_clerk, "handle", item)
    # Where it waits for the other already, nothing waits twice.
    put(clerk, obj=named["obj"])
    move_work(actor=MAKER, **named, person=clerk, to_person=other_clerk)
    assert WorkItem.objects.filter(state="open").count() == 1


def test_a_pool_is_the_matter_of_its_roles_and_of_nobody_else(clerk, reviewer, stranger):
    groups = clerk.posts.first().group_ids
    item = put(department=make_department("market"), groups=groups)
    assert may(clerk, "handle", item)
    assert not may(reviewer, "handle", item) and not may(stranger, "see", item)
    everybody = put(department=make_department("market"))
    assert may(reviewer, "handle", everybody) and not may(stranger, "see", everybody)


def test_quick_actions_are_done_once_by_whom_it_waits_for(clerk, other_clerk, stranger):
    item = put(clerk)
    known = {"work_id": item.pk, "action": "confirm"}
    with pytest.raises(Http404):
        act_on_work(actor=actor_of(stranger), version=1, **known)
    with pytest.raises(Unusable):
        act_on_work(actor=actor_of(clerk), work_id=item.pk, action="refuse", version=1)
    with pytest.raises(Unusable):
        act_on_work(actor=actor_of(clerk), work_id=item.pk, action="nothing", version=1)
    with pytest.raises(Unusable, match="Shorten"):
        act_on_work(actor=actor_of(clerk), version=1, opinion="x" * 2001, **known)
    done = act_on_work(actor=actor_of(clerk), version=1, **known)
    assert (done.state, done.outcome, done.closed_by) == ("done", "confirm", clerk)
    with pytest.raises(Conflict):
        act_on_work(actor=actor_of(clerk), version=1, **known)


def test_what_was_taken_from_a_pool_is_nobody_elses(clerk, reviewer):
    item = put(department=make_department("market"))
    taken = claim_work(actor=actor_of(clerk), work_id=item.pk, version=1)
    assert taken.assignee == clerk and not may(reviewer, "handle", taken)
    with pytest.raises(Http404):
        claim_work(actor=actor_of(reviewer), work_id=item.pk, version=2)


def test_only_what_came_from_a_pool_is_handed_on(clerk, other_clerk):
    given = {"version": 1, "to_user": other_clerk, "reason": "I am away."}
    market = make_department("market")
    item = put(department=market)
    WorkItem.objects.filter(pk=item.pk).update(urged_at=timezone.now())
    handed = hand_on_work(actor=actor_of(clerk), work_id=item.pk, **given)
    assert (handed.version, handed.assignee, handed.urged_at) == (2, other_clerk, None)
    for kept in (put(clerk), put(department=market, kind="test_oath")):
        with pytest.raises(NotAllowed):
            hand_on_work(actor=actor_of(clerk), work_id=kept.pk, **given)


def test_lower_platforms_open_and_close_by_events(db):
    clerk = make_official("erin", duties=["clerk"])
    notice = ("test.Notice", uuid.uuid4())
    named = {"actor": MAKER, "kind": "test_notice", "obj": notice}
    emit("work.opened", **named, title="From below", person=clerk, address=("office:home", []))
    item = WorkItem.objects.get(assignee=clerk)
    assert item.address == "/office/" and item.pool_department == make_department("health")
    emit("work.closed", **named)
    item.refresh_from_db()
    assert item.state == "done"
