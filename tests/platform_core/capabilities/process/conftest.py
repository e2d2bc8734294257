import pytest

from platform_core.common import events
from tests.factories import make_official


@pytest.fixture
def clerk(db):
    return make_official("alice", kind="market", duties=["clerk"])


@pytest.fixture
def other_clerk(db):
    return make_official("bob", kind="market", duties=["clerk"])


@pytest.fixture
def reviewer(db):
    return make_official("carol", kind="market", duties=["reviewer"])


@pytest.fixture
def stranger(db):
    return make_official("mallory", kind="health", duties=["clerk", "reviewer"])


@pytest.fixture
def heard(monkeypatch):
    """The names and facts of every process event, in order."""
    found = []
    names = (
        "task_opened",
        "step_done",
        "stage_reached",
        "correction_asked",
        "correction_answered",
        "returned",
        "closed",
    )
    for name in names:
        event = f"process.{name}"
        listener = lambda event=event, **facts: found.append((event, facts))  # noqa: E731
        monkeypatch.setitem(events._listeners, event, [*events._listeners[event], listener])
    return found
