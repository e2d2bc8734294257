import pytest

from platform_core.common.outbox import registry


@pytest.fixture
def effects(monkeypatch):
    """A topic "test.note" whose consumer appends the message's payload; "test.poison" always
    fails."""
    done = []
    monkeypatch.setattr(registry, "_consumers", dict(registry._consumers))
    registry.consumer("test.note")(lambda message: done.append(message.payload["n"]))

    @registry.consumer("test.poison")
    def fail(message):
        raise RuntimeError("the name of a citizen")

    return done
