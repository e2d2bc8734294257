"""One answer for one Idempotency-Key: the key is kept in the transaction of the effect it names."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from .models import IdempotentResponse

KEPT = timedelta(hours=24)


class StillRunning(Exception):
    """Another request with the same key has not finished."""


class OtherRequest(Exception):
    """The key was used for a request with other content."""


class NotKept(Exception):
    """Carries an answer that is no success out of the transaction, which rolls back."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer


def fingerprint_of(path: str, data) -> str:
    """A digest of what a request asks for, independent of the order of keys."""
    text = json.dumps([path, data], sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def answer_once(
    *, client: str, key: str, fingerprint: str, work: Callable[[], tuple[int, object, object]]
):
    """Run `work()` -> (status, body, answer) unless the key has an answer already.

    Returns (answer, None) when the work was done now, else (None, (status, body)) as kept. Only 2xx
    answers are kept; with any other the effect is rolled back and the key stays free. A crash
    leaves neither key nor effect. Raises StillRunning at once instead of waiting, and OtherRequest.
    """
    try:
        with transaction.atomic():
            if not _lock(f"{client}\n{key}"):
                raise StillRunning
            since = timezone.now() - KEPT
            kept = IdempotentResponse.objects.filter(client=client, key=key).first()
            if kept and kept.created_at < since:
                kept.delete()
                kept = None
            if kept:
                if kept.fingerprint != fingerprint:
                    raise OtherRequest
                return None, (kept.status, kept.body)
            status, body, answer = work()
            if not 200 <= status < 300:
                raise NotKept(answer)
            IdempotentResponse.objects.create(
                client=client,
                key=key,
                fingerprint=fingerprint,
                status=status,
                body=json.loads(json.dumps(body, default=str)),
            )
            return answer, None
    except NotKept as refusal:
        return refusal.answer, None


def _lock(name: str) -> bool:
    # Held until the transaction ends; whoever comes meanwhile is told so instead of waiting.
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]


def forget_old_answers() -> int:
    """Delete answers that are no longer replayed; returns how many."""
    old = IdempotentResponse.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
