"""How often somebody may try something: a counter in the cache for each window of time."""

from django.core.cache import cache


def is_within(key: str, times: int, seconds: int) -> bool:
    """Count one try of `key`; False once there were more than `times` within the window."""
    name = f"limit:{key}"
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name) <= times
    except ValueError:
        # The window ended between the two calls: this try opens the next one.
        cache.set(name, 1, seconds)
        return True
