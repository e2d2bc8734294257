"""How often somebody may try something: a counter in the cache for each window of time."""

import hashlib

import structlog
from django.conf import settings
from django.core.cache import cache

log = structlog.get_logger(__name__)


def is_within(key: str, times: int, seconds: int) -> bool:
    """Count one try of `key`; False once there were more than `times` within the window.

    `key` may name an address or a case: only its hash reaches the cache. Without the cache
    everybody may go on: a limit must not close the service when Redis is down.
    """
    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:32]
    name = f"limit:{digest}"
    try:
        cache.add(name, 0, seconds)
        return cache.incr(name) <= times
    except ValueError:
        # The window ended between the two calls: this try opens the next one.
        return True
    except Exception as error:
        log.warning("limit.cache", error=type(error).__name__)
        return True
