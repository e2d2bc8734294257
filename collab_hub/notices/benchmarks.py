"""What the platform measures of notices: one click to ten thousand people."""

from __future__ import annotations

import time

from django.db import transaction

from platform_core.common.benchmarks import register_computation
from platform_core.common.outbox.models import OutboxMessage
from security.accounts.models import User
from security.actors import Actor
from security.organs.models import Department, Post

from . import roll_services, services
from .audience import Audience, Term
from .models import Recipient

LONG_AGO = "2018-01-01"


class _Undo(Exception):
    pass


@register_computation("send_notice", "Send one notice to many people", 60, size=10_000)
def send_notice(size: int) -> dict[str, str]:
    """The click, and the chunks that bring the notice to everybody; undone afterwards."""
    found: dict[str, str] = {}
    try:
        with transaction.atomic():
            found = _measured(size)
            raise _Undo
    except _Undo:
        return found


def _measured(size: int) -> dict[str, str]:
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
    return {
        "people on the roll": str(notice.reached),
        "delivered": str(got),
        "the click": f"{(clicked - began) * 1000:.0f} ms",
        f"delivery in {chunks} chunks": f"{ended - clicked:.2f} s",
        "people a second": f"{got / (ended - clicked):.0f}",
    }


def _deliver_all(notice) -> int:
    actor, chunks = Actor.system("benchmark"), 0
    waiting = OutboxMessage.objects.filter(topic="notices.deliver", state="ready")
    while message := waiting.filter(payload__notice=str(notice.pk)).order_by("id").first():
        facts = message.payload
        roll_services.deliver_chunk(actor=actor, notice_id=notice.pk, after=facts["after"])
        OutboxMessage.objects.filter(pk=message.pk).update(state="done")
        chunks += 1
    return chunks
