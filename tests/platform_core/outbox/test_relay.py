import json
import threading
import time

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection

from platform_core.celery import app
from platform_core.common import health
from platform_core.common.outbox import services
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.relay import Relay


@pytest.fixture
def queue(worker_id):
    """The names of the queue of this test process and a reader of what lies in it."""
    name = f"outbox-test-{worker_id}"
    client = redis.Redis.from_url(settings.REDIS_URL)
    old, app.conf.task_default_queue = app.conf.task_default_queue, name
    app.amqp.queues = None
    app.amqp.__dict__.pop("queues", None)
    app.amqp.__dict__.pop("router", None)
    client.delete(name)
    yield lambda: [json.loads(raw)["headers"]["argsrepr"] for raw in client.lrange(name, 0, -1)]
    client.delete(name)
    app.conf.task_default_queue = old
    app.amqp.__dict__.pop("queues", None)
    app.amqp.__dict__.pop("router", None)


def send(n):
    return services.send(topic="test.note", key=f"n:{n}", payload={"n": n})


@pytest.mark.django_db
def test_a_turn_publishes_what_is_due_and_only_ids(queue):
    ids = [send(n).id for n in range(3)]
    assert Relay().turn() == 3
    assert sorted(queue()) == sorted(f"({i},)" for i in ids)
    assert Relay().turn() == 0


@pytest.mark.django_db
def test_without_redis_nothing_is_lost_and_nothing_hangs(queue, monkeypatch):
    for n in range(3):
        send(n)
    monkeypatch.setattr(
        "platform_core.common.outbox.relay.tasks.deliver.apply_async",
        lambda *a, **k: (_ for _ in ()).throw(ConnectionError()),
    )
    assert Relay().turn() == 0
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("ready", 0)}


@pytest.mark.django_db(transaction=True)
def test_it_beats_while_idle_survives_a_lost_database_and_stops_when_told(queue, monkeypatch):
    relay, calls = Relay(), []
    real = services.lease_due

    def flaky(**options):
        calls.append(1)
        if len(calls) == 2:
            raise OperationalError("server closed the connection")
        return real(**options)

    monkeypatch.setattr("platform_core.common.outbox.relay.services.lease_due", flaky)
    cache.delete(health.RELAY_HEARTBEAT)

    def run():
        relay.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 10
    while len(calls) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert health.readiness(connection)["relay"]
    send(1)
    while not queue() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(queue()) == 1
    relay.stop()
    thread.join(timeout=3)
    assert not thread.is_alive()
