"""Which function carries out which topic. One topic has exactly one consumer."""

from collections.abc import Callable

_consumers: dict[str, Callable] = {}
_when_dead: dict[str, str] = {}


def consumer(topic: str, *, when_dead: str = "") -> Callable:
    """Register the decorated function(message) for `topic`.

    It runs inside the transaction that marks the message done: what it writes commits together with
    the mark, and an exception rolls both back and tries again later. A call to the outside world
    carries `message.id` as its idempotency key, because the process may die between the call and
    the commit. A message that is given up becomes one of the topic `when_dead`, with the same
    payload, where there is somebody who can do without.
    """

    def register(function: Callable) -> Callable:
        known = _consumers.get(topic)
        if known is not None and known is not function:
            raise ValueError(f"topic {topic} already has a consumer")
        _consumers[topic] = function
        if when_dead:
            _when_dead[topic] = when_dead
        return function

    return register


def consumer_of(topic: str) -> Callable | None:
    """The function for `topic`, or None when nobody registered one."""
    return _consumers.get(topic)


def topic_when_dead(topic: str) -> str:
    """The topic that hears of a message of `topic` that was given up; "" where nobody does."""
    return _when_dead.get(topic, "")
