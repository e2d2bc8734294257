"""kill -9 of worker and relay while one notice goes to some hundred people: each gets it once."""

import json
from datetime import date

import pytest
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

from .processes import Killer, wait_until

MANY = 520


@pytest.fixture
def sender(transactional_db):
    head = make_official("alice", kind="market", duties=["head"])
    organ = head.posts.first().department
    people = [User(username=f"p{n}", name=f"Person {n}", kind=User.Kind.OFFICIAL,
                   phone=f"138{n:08d}") for n in range(MANY)]  # fmt: skip
    for person in User.objects.bulk_create(people):
        Post.objects.create(user=person, department=organ, title="x", valid_from=date(2018, 1, 1))
    return head


def done():
    return counts_by_state().get("done", 0)


def test_each_gets_it_once_whatever_dies(sender, processes, tmp_path, settings):
    settings.NOTICE_ALONE_MOST = 10 * MANY
    organ = sender.posts.first().department
    notice = services.save_notice(
        actor=actor_of(sender), department=organ, escalate_minutes=60,
        title={"zh": "防汛", "en": "Flood"}, body={"zh": "值班", "en": "Watch"},
        audience=Audience((Term(organ=frozenset({organ.pk})),)),
    )  # fmt: skip
    services.send_notice(actor=actor_of(sender), notice=notice)
    # The hour of the text messages has come already.
    OutboxMessage.objects.exclude(payload__step="sms").filter(topic="notices.escalate").delete()
    OutboxMessage.objects.filter(topic="notices.escalate").update(due_at=timezone.now())
    processes.start("worker")
    processes.start("relay")
    killer = Killer(processes, seed=11, progress=done, every=(60, 140), times=4)
    killer.start()
    killer.join()
    assert wait_until(lambda: set(counts_by_state()) == {"done"}, 150), (
        counts_by_state(), processes.log("worker"), processes.log("relay"),
    )  # fmt: skip
    assert len(processes.kills) >= 2

    roll = set(Recipient.objects.filter(notice=notice).values_list("user", flat=True))
    assert len(roll) == MANY + 1 == Notice.objects.get().reached
    assert set(Recipient.objects.values_list("state", flat=True)) == {"delivered"}
    # Row by row: one message, one delivery, one item for each, and nothing else.
    told = list(Message.objects.values_list("recipient", flat=True))
    assert sorted(told) == sorted(roll)
    assert Delivery.objects.count() == len(roll)
    waiting = list(WorkItem.objects.values_list("assignee", flat=True))
    assert sorted(waiting) == sorted(roll)
    # One text message for each who has a number, under the key of its own attempt.
    sent = [json.loads(line) for line in (tmp_path / "sms.jsonl").read_text().splitlines()]
    assert len({one["to"] for one in sent}) == len(sent) == MANY
    assert dict(Reach.objects.order_by().values_list("state").annotate(n=Count("pk"))) == {
        "sent": MANY, "skipped": 1,
    }  # fmt: skip
