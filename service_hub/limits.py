"""How often somebody may try something: a counter in the cache for each window of time."""

import structlog
from django.core.cache import cache

log = structlog.get_logger(__name__)


def is_within(key: str, times: int, seconds: int) -> bool:
    """Count one try of `key`; False once there were more than `times` within the window.

    Without the cache everybody may go on: a limit must not close the counter when Redis is down.
    """
    name = f"limit:{key}"
    try:
        cache.add(name, 0, seconds)
        return cache.incr(name) <= times
    except ValueError:
        # The window ended between the two calls: this try opens the next one.
        return True
    except Exception as error:
        log.warning("limit.cache", error=type(error).__name__)
        return True
