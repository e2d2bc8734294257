"""Notices for tests, and the outbox carried out as the worker does it."""

from datetime import timedelta

from django.utils import timezone

from collab_hub.notices import services
from collab_hub.notices.audience import Audience, Term
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.services import deliver
from tests.factories import actor_of


def at_organ(organ, **more) -> Audience:
    return Audience((Term(organ=frozenset({organ.pk}), **more),))


def make_notice(sender, audience=None, **more):
    """A draft of `sender` for their own organ (or `audience`)."""
    organ = sender.posts.first().department
    more.setdefault("title", {"zh": "防汛值班", "en": "Flood watch"})
    more.setdefault("body", {"zh": "请落实值班。", "en": "Keep somebody on duty."})
    return services.save_notice(
        actor=actor_of(sender), department=organ, audience=audience or at_organ(organ), **more
    )


def send(sender, audience=None, **more):
    """A sent notice whose roll is delivered."""
    notice = services.send_notice(
        actor=actor_of(sender), notice=make_notice(sender, audience, **more)
    )
    work()
    notice.refresh_from_db()
    return notice


def meeting(hours: float = 24, **more) -> dict:
    starts = timezone.now() + timedelta(hours=hours)
    return {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "place": "Room 3",
            "video_link": "", "asks_reply": True, **more}  # fmt: skip


def work(within=timedelta(0)) -> int:
    """Carry out what is due within `within` from now, and whatever that asks for; how many."""
    done = 0
    while True:
        due = OutboxMessage.objects.filter(
            topic__startswith="notices.", state="ready", due_at__lte=timezone.now() + within
        )
        keys = list(due.order_by("due_at", "id").values_list("pk", flat=True))
        if not keys:
            return done
        OutboxMessage.objects.filter(pk__in=keys).update(state="leased")
        done += sum(deliver(message_id=key) for key in keys)
        if OutboxMessage.objects.filter(pk__in=keys, state="ready").exists():
            return done
