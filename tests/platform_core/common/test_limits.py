"""Counted tries: so many in a window, and nothing about the person in the cache's keys."""

from django.core.cache import cache

from platform_core.common.limits import is_within


def test_the_last_allowed_try_passes_and_the_next_does_not():
    assert [is_within("follow:1", 3, 60) for _try in range(4)] == [True, True, True, False]
    assert is_within("follow:2", 3, 60)


def test_an_address_does_not_stand_in_the_cache():
    is_within("verify:203.0.113.7", 3, 60)
    client = cache._cache.get_client()
    assert not [key for key in client.scan_iter("*203.0.113.7*")]


def test_without_redis_everybody_may_go_on(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert all(is_within("follow:1", 1, 60) for _try in range(3))
