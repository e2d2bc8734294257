"""What the platform measures of notices: one click to ten thousand people."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import transaction

from collab_hub.inbox.benchmarks import Undo
from platform_core.common.benchmarks import register_computation
from platform_core.common.outbox.models import OutboxMessage
from security.accounts.models import User
from security.actors import Actor
from security.organs.models import Department, Post

from . import roll_services, services
from .audience import Audience, Term
from .models import Recipient

LONG_AGO = "2018-01-01"


@register_computation("send_notice", "Send one notice to many people", 60, size=10_000)
def send_notice(size: int) -> dict[str, str]:
    """The click, and the chunks that bring the notice to everybody, beside those of a tenth of the
    people; undone afterwards.
    """
    few, many = _measured(size // 10), _measured(size)
    return {
        "people on the roll": f"{few.people} and {many.people}",
        "delivered": f"{few.delivered} and {many.delivered}",
        "the click": f"{many.click * 1000:.0f} ms",
        "the click, times that of the few": f"{many.click / few.click:.1f}",
        f"delivery in {many.chunks} chunks": f"{many.delivery:.2f} s",
        "delivery, times that of the few": f"{many.delivery / few.delivery:.1f}",
        "people a second": f"{many.delivered / many.delivery:.0f}",
    }


@dataclass
class _Took:
    """Of one notice: people on the roll and reached, seconds of the click and of the delivery."""

    people: int
    delivered: int
    click: float
    delivery: float
    chunks: int


def _measured(size: int) -> _Took:
    found: list[_Took] = []
    try:
        with transaction.atomic():
            found.append(_sent(size))
            raise Undo
    except Undo:
        return found[0]


def _sent(size: int) -> _Took:
    organ = Department.objects.filter(is_active=True).order_by("path").first()
    people = User.objects.bulk_create(
        User(username=f"bench-{number}", name=f"Bench {number}", kind=User.Kind.OFFICIAL)
        for number in range(size)
    )
    Post.objects.bulk_create(
        Post(user=one, department=organ, title="Bench", valid_from=LONG_AGO) for one in people
    )
    actor = Actor.of(people[0])
    notice = services.save_notice(
        actor=actor, department=organ, title={"zh": "压测", "en": "Benchmark"},
        body={"zh": "压测", "en": "Benchmark"},
        audience=Audience((Term(organ=frozenset({organ.pk})),)),
    )  # fmt: skip
    began = time.perf_counter()
    roll_services.release_roll(actor=actor, notice=notice)
    clicked = time.perf_counter()
    chunks = _deliver_all(notice)
    ended = time.perf_counter()
    got = Recipient.objects.filter(notice=notice, state=Recipient.State.DELIVERED).count()
    return _Took(notice.reached, got, clicked - began, ended - clicked, chunks)


def _deliver_all(notice) -> int:
    actor, chunks = Actor.system("benchmark"), 0
    waiting = OutboxMessage.objects.filter(topic="notices.deliver", state="ready")
    while message := waiting.filter(payload__notice=str(notice.pk)).order_by("id").first():
        facts = message.payload
        roll_services.deliver_chunk(actor=actor, notice_id=notice.pk, after=facts["after"])
        OutboxMessage.objects.filter(pk=message.pk).update(state="done")
        chunks += 1
    return chunks
