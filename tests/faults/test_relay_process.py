"""The relay as a process: it ends cleanly when told, and outlives a Redis that is not there."""

import signal

from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.services import send

from .processes import wait_until


def told_to_stop(tree):
    # It has ended when this returns: there is nothing left to kill.
    process = tree.running.pop("relay")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert "relay stopped" in tree.log("relay")


def test_it_ends_when_told(processes):
    processes.start("relay")
    assert wait_until(lambda: "relay running" in processes.log("relay"), 60)
    told_to_stop(processes)


def test_without_redis_it_keeps_trying_and_loses_nothing(processes):
    processes.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    for number in range(3):
        send(topic="test.note", key=f"n:{number}", payload={})
    processes.start("relay")
    assert wait_until(lambda: processes.log("relay").count("relay.broker_lost") >= 2, 60)
    told_to_stop(processes)
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {("ready", 0)}
