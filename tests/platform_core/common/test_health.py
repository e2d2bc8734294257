"""/healthz says that the process lives, /readyz that it can work."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from platform_core.common.health import RELAY_HEARTBEAT, RELAY_SILENCE

pytestmark = pytest.mark.django_db


def test_alive_needs_nothing_but_the_process(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok"


def test_not_ready_while_the_relay_is_silent(client):
    cache.delete(RELAY_HEARTBEAT)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "redis": True, "relay": False}


def test_ready_when_the_relay_moves(client):
    cache.set(RELAY_HEARTBEAT, timezone.now())
    assert client.get("/readyz").json() == {
        "ready": True,
        "checks": {"database": True, "redis": True, "relay": True},
    }


def test_an_old_heartbeat_does_not_count(client):
    cache.set(RELAY_HEARTBEAT, timezone.now() - 2 * RELAY_SILENCE)
    assert client.get("/readyz").json()["checks"]["relay"] is False


def test_not_ready_without_redis(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"] is False
