"""What must work before a process may get traffic."""

from datetime import timedelta

import structlog
from django.core.cache import cache
from django.db import DatabaseError
from django.utils import timezone

log = structlog.get_logger(__name__)
RELAY_SILENCE = timedelta(seconds=30)
RELAY_HEARTBEAT = "relay-heartbeat"


def readiness(connection) -> dict[str, bool]:
    """Which parts work: {"database", "redis", "relay"} -> bool. Never raises."""
    return {"database": _database(connection), "redis": _redis(), "relay": _relay()}


def _database(connection) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
            return True
    except DatabaseError as error:
        log.warning("readiness.database", error=type(error).__name__)
        return False


def _redis() -> bool:
    try:
        cache.set("readiness", 1, 10)
        return cache.get("readiness") == 1
    except Exception as error:  # every client library failure means the same: not ready
        log.warning("readiness.redis", error=type(error).__name__)
        return False


def _relay() -> bool:
    """The relay writes its heartbeat to Redis on every turn; silence means effects wait."""
    try:
        beat = cache.get(RELAY_HEARTBEAT)
    except Exception as error:
        log.warning("readiness.relay", error=type(error).__name__)
        return False
    return bool(beat) and timezone.now() - beat < RELAY_SILENCE
