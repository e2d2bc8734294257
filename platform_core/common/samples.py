"""Sample data: each platform registers a step that makes its part through its own services."""

from collections.abc import Callable

_steps: dict[str, tuple[int, Callable]] = {}


def register_sample(name: str, order: int) -> Callable:
    """Register the decorated function () -> str; steps run by `order` and report what they made."""

    def register(function: Callable) -> Callable:
        _steps[name] = (order, function)
        return function

    return register


def sample_steps() -> list[tuple[str, Callable]]:
    """All steps as (name, function), in order."""
    return [(name, step) for name, (_order, step) in sorted(_steps.items(), key=lambda s: s[1][0])]
