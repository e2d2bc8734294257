"""Domain events: how a lower platform tells a higher one that something happened.

Listeners run in the emitting transaction, so what they write commits or rolls back with the event.
Effects on the outside world never happen in a listener: they are written to the outbox.
"""

from collections import defaultdict
from collections.abc import Callable

_listeners: dict[str, list[Callable]] = defaultdict(list)


def listen(event: str) -> Callable:
    """Register the decorated function for `event`, a past-tense name such as "process.closed"."""

    def register(function: Callable) -> Callable:
        if function not in _listeners[event]:
            _listeners[event].append(function)
        return function

    return register


def emit(event: str, **facts) -> None:
    """Call every listener of `event` with `facts`, in order of registration.

    An error in one of them rolls everything back.
    """
    for listener in _listeners[event]:
        listener(**facts)
