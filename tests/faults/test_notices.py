"""kill -9 of worker, relay and Redis while one notice goes to many people: each gets it once.

NOTICE_PEOPLE=10000 ./gov test tests/faults/test_notices.py -n 0 -s: the same with ten thousand.
"""

import json
import os
import time
from contextlib import contextmanager
from datetime import date

import psycopg2
import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from collab_hub.inbox.models import WorkItem
from collab_hub.notices import services
from collab_hub.notices.audience import Audience, Term
from collab_hub.notices.models import Notice, Reach, Recipient
from platform_core.capabilities.notifications.models import Delivery, Message
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.selectors import counts_by_state
from security.accounts.models import User
from security.organs.models import Post
from tests.factories import actor_of, make_official

from .processes import Killer, database_url, wait_until

# More than one chunk of the roll.
MANY = int(os.environ.get("NOTICE_PEOPLE", 520))
# Who has not read when the hour of the text messages comes.
REST = 60 if MANY < 5000 else 600
# What is killed while a chunk is half done, one round after the other.
ROUNDS = [("worker",), ("relay", "redis")]
MORE_ROUNDS = [("worker", "relay", "redis"), ("redis",), ("worker", "redis"), ("relay", "worker")]
PATIENCE = 120 + MANY / 20


@pytest.fixture
def sender(transactional_db):
    head = make_official("alice", kind="market", duties=["head"])
    organ = head.posts.first().department
    people = User.objects.bulk_create(
        User(username=f"p{n}", name=f"Person {n}", kind=User.Kind.OFFICIAL, phone=f"138{n:08d}")
        for n in range(MANY)
    )
    Post.objects.bulk_create(
        Post(user=one, department=organ, title="x", valid_from=date(2018, 1, 1)) for one in people
    )
    return head


@contextmanager
def items_locked():
    """Nobody can write a waiting item meanwhile: a chunk stops half done, with its messages
    written and not committed.
    """
    other = psycopg2.connect(database_url())
    try:
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {WorkItem._meta.db_table} IN SHARE MODE")
            yield
    finally:
        other.close()


def is_half_done() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            # Databases made from one template have the same numbers for their tables.
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [WorkItem._meta.db_table],
        )
        return cursor.fetchone()[0] > 0


def done():
    return counts_by_state().get("done", 0)


def delivered() -> int:
    return Recipient.objects.filter(state="delivered").count()


def comes_true(tree, condition) -> bool:
    """Whether it comes true while somebody watches over the processes."""

    def asked():
        tree.revive()
        return condition()

    return wait_until(asked, PATIENCE)


def die_half_way(tree, names, start: tuple[str, ...]) -> None:
    """Kill `names` while a chunk of the roll is half done, then start them again."""
    with items_locked():
        for name in start:
            tree.start(name)
        assert comes_true(tree, is_half_done), (counts_by_state(), tree.log("worker"))
        for name in names:
            tree.kill(name)
    for name in sorted(names):
        tree.start(name)


def all_done() -> bool:
    return set(counts_by_state()) == {"done"}


def test_each_gets_it_once_whatever_dies(sender, processes, tmp_path, settings):
    settings.NOTICE_ALONE_MOST = 10 * MANY
    organ = sender.posts.first().department
    notice = services.save_notice(
        actor=actor_of(sender), department=organ, escalate_minutes=60,
        title={"zh": "防汛", "en": "Flood"}, body={"zh": "值班", "en": "Watch"},
        audience=Audience((Term(organ=frozenset({organ.pk})),)),
    )  # fmt: skip
    services.send_notice(actor=actor_of(sender), notice=notice)
    timers = OutboxMessage.objects.filter(topic="notices.escalate")
    timers.exclude(payload__step="sms").delete()
    processes.start_redis()
    began = time.monotonic()
    rounds = ROUNDS if MANY < 5000 else ROUNDS + MORE_ROUNDS
    for number, names in enumerate(rounds):
        share = number * MANY // len(rounds) - 500
        assert comes_true(processes, lambda share=share: delivered() >= share)
        die_half_way(processes, names, () if number else ("worker", "relay"))
    assert comes_true(processes, lambda: delivered() == MANY + 1), (
        counts_by_state(), processes.log("worker"), processes.log("relay"),
    )  # fmt: skip

    # Most have read when the hour of the text messages comes.
    rest = set(notice.recipients.order_by("-pk").values_list("pk", flat=True)[:REST])
    notice.recipients.exclude(pk__in=rest).update(state="read", read_at=timezone.now())
    before = done()
    timers.update(due_at=timezone.now())
    killer = Killer(processes, seed=11, progress=lambda: done() - before, names=("worker",),
                    every=(REST // 4, REST // 2), times=1)  # fmt: skip
    killer.start()
    killer.join()
    assert comes_true(processes, all_done), (
        counts_by_state(), processes.log("worker"), processes.log("relay"),
    )  # fmt: skip
    seconds = time.monotonic() - began
    assert processes.kills == [name for names in rounds for name in names] + ["worker"]

    roll = set(Recipient.objects.filter(notice=notice).values_list("user", flat=True))
    assert len(roll) == MANY + 1 == Notice.objects.get().reached
    states = Recipient.objects.order_by().values_list("state").annotate(n=Count("pk"))
    assert dict(states) == {"delivered": REST, "read": len(roll) - REST}
    assert not Recipient.objects.filter(delivered_at=None).exists()
    # Row by row: one message, one delivery, one item for each, and nothing else.
    told = list(Message.objects.values_list("recipient", flat=True))
    assert sorted(told) == sorted(roll)
    assert Delivery.objects.count() == len(roll)
    waiting = list(WorkItem.objects.values_list("assignee", flat=True))
    assert sorted(waiting) == sorted(roll)
    # One text message for each of the rest, under the key of its own attempt.
    sent = [json.loads(line) for line in (tmp_path / "sms.jsonl").read_text().splitlines()]
    assert len({one["to"] for one in sent}) == len(sent) == REST
    reached = dict(Reach.objects.values_list("recipient", "state"))
    assert reached == dict.fromkeys(rest, "sent")
    print(
        f"\n{len(roll)} rows, {len(told)} messages, {len(waiting)} items, {len(sent)} texts;"
        f" lost {len(roll - set(told))}, doubles {len(told) - len(set(told))};"
        f" {len(processes.kills)} kills; {seconds:.0f} s"
    )
