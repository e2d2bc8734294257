"""Every write of the outbox: send, lease, deliver, fail, send again, prune."""

import json
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from security.actors import Actor
from security.audit.services import record_audit

from .backoff import MAX_ATTEMPTS, wait_after
from .models import OutboxMessage
from .registry import consumer_of, topic_when_dead

log = structlog.get_logger(__name__)
State = OutboxMessage.State
WINDOW = settings.OUTBOX_WINDOW
LEASE_SECONDS = settings.OUTBOX_LEASE_SECONDS
KEPT = timedelta(days=30)


class NoConsumer(Exception):
    """No code of this process registered the message's topic."""


def send(*, topic: str, key: str, payload: dict, due_at: datetime | None = None) -> OutboxMessage:
    """Write an effect into the caller's transaction; it is carried out once after the commit.

    `key` names the effect: a second call with the same key adds nothing and returns the first row.
    `payload` holds ids, never personal data. `due_at` in the future makes a timer.
    One statement and no savepoint, because every filing pays for it.
    """
    now = timezone.now()
    due_at = due_at or now
    written = _write([(topic, key, json.dumps(payload), due_at, now)])
    if not written:
        return OutboxMessage.objects.get(key=key)
    return OutboxMessage(
        id=written[0], topic=topic, key=key, payload=payload, due_at=due_at, created_at=now
    )


def send_all(*, topic: str, payloads: dict[str, dict], due_at: datetime | None = None) -> None:
    """As `send` for several effects of one topic at once: {key: payload}. One statement."""
    now = timezone.now()
    due = due_at or now
    _write([(topic, key, json.dumps(payload), due, now) for key, payload in payloads.items()])


def _write(rows: list[tuple]) -> list[int]:
    """Insert (topic, key, payload, due_at, created_at); the ids of those whose key was new."""
    if not rows:
        return []
    values = ", ".join(["(%s, %s, %s, 'ready', %s, 0, '', %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO platform_core_outboxmessage"  # noqa: S608 - placeholders only
            " (topic, key, payload, state, due_at, attempts, last_error, created_at)"
            f" VALUES {values} ON CONFLICT (key) DO NOTHING RETURNING id",
            [value for row in rows for value in row],
        )
        return [found for (found,) in cursor.fetchall()]


@transaction.atomic
def lease_due(*, limit: int = WINDOW, lease_seconds: float = LEASE_SECONDS) -> list[int]:
    """Lease due messages for publishing and return their ids, oldest due first.

    At most `limit` leased messages are under way at once: a timer without a window floods the queue
    while the workers are away. A lease that ran out (the worker died, Redis forgot) is due again; a
    message that was begun before gets a longer lease, so that one which kills its worker slows
    down.
    """
    now = timezone.now()
    under_way = OutboxMessage.objects.filter(state=State.LEASED, leased_until__gt=now).count()
    free = limit - under_way
    if free <= 0:
        return []
    due = (
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(state__in=[State.READY, State.LEASED], due_at__lte=now)
        .filter(Q(state=State.READY) | Q(leased_until__lte=now))
        .order_by("due_at", "id")[:free]
    )
    leased = []
    for message in due:
        if message.attempts >= MAX_ATTEMPTS:
            _give_up(message, message.last_error or "the worker died at every attempt")
            continue
        wait = max(lease_seconds, wait_after(message.attempts) if message.attempts > 1 else 0)
        message.state, message.leased_until = State.LEASED, now + timedelta(seconds=wait)
        leased.append(message)
    OutboxMessage.objects.bulk_update(leased, ["state", "leased_until"])
    return [message.id for message in leased]


def release(*, ids: list[int]) -> None:
    """Take back the leases of messages that could not be published."""
    OutboxMessage.objects.filter(id__in=ids, state=State.LEASED).update(
        state=State.READY, leased_until=None
    )


def deliver(*, message_id: int) -> bool:
    """Carry out one message. True when this call did the work; a repeated delivery does nothing.

    The attempt is counted in its own transaction before the work starts, so that a message which
    kills the process is counted too.
    """
    started = OutboxMessage.objects.filter(id=message_id, state=State.LEASED)
    if not started.update(attempts=F("attempts") + 1):
        return False
    try:
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(id=message_id, state=State.LEASED)
                .first()
            )
            if message is None:
                return False
            function = consumer_of(message.topic)
            if function is None:
                raise NoConsumer(message.topic)
            function(message)
            OutboxMessage.objects.filter(id=message_id).update(
                state=State.DONE, done_at=timezone.now(), leased_until=None, last_error=""
            )
    except Exception as error:  # whatever a consumer raises is a failed attempt
        _note_failure(message_id, error)
        return False
    return True


@transaction.atomic
def _note_failure(message_id: int, error: Exception) -> None:
    message = OutboxMessage.objects.select_for_update().filter(id=message_id).first()
    if message is None or message.state in (State.DONE, State.DEAD):
        return
    # The type only: an error's text may quote what a person typed.
    reason = f"{type(error).__name__} in {message.topic}"
    log.warning(
        "outbox.failed",
        id=message.id,
        topic=message.topic,
        attempts=message.attempts,
        error=type(error).__name__,
        exc_info=settings.DEBUG,
    )
    if message.attempts >= MAX_ATTEMPTS:
        _give_up(message, reason)
        return
    message.state, message.leased_until, message.last_error = State.READY, None, reason
    message.due_at = timezone.now() + timedelta(seconds=wait_after(message.attempts))
    message.save(update_fields=["state", "leased_until", "last_error", "due_at"])


def _give_up(message: OutboxMessage, reason: str) -> None:
    log.error("outbox.dead", id=message.id, topic=message.topic, attempts=message.attempts)
    message.state, message.leased_until, message.last_error = State.DEAD, None, reason
    message.save(update_fields=["state", "leased_until", "last_error"])
    heard = topic_when_dead(message.topic)
    if heard:
        # Sent again, a message may die a second time, and that is told too.
        key = f"{heard}:{message.id}:{timezone.now():%Y%m%d%H%M%S%f}"
        send(topic=heard, key=key, payload=message.payload)


@transaction.atomic
def send_again(*, actor: Actor, ids: list[int]) -> int:
    """Give dead messages a fresh budget; returns how many. Anything not dead stays as it is."""
    count = 0
    for message in OutboxMessage.objects.select_for_update().filter(id__in=ids, state=State.DEAD):
        message.state, message.attempts, message.due_at = State.READY, 0, timezone.now()
        message.save(update_fields=["state", "attempts", "due_at"])
        record_audit(
            actor=actor,
            verb="outbox.send_again",
            obj=message,
            before={"state": "dead"},
            after={"state": "ready"},
        )
        count += 1
    return count


def prune(*, older_than: timedelta = KEPT, batch: int = 1000) -> int:
    """Delete a batch of messages that were done long ago; returns how many."""
    old = OutboxMessage.objects.filter(state=State.DONE, done_at__lt=timezone.now() - older_than)
    return OutboxMessage.objects.filter(
        id__in=list(old.values_list("id", flat=True)[:batch])
    ).delete()[0]
