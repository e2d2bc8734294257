"""What a person has to do next: each module registers where its own come from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

MOST = 20


@dataclass(frozen=True)
class Todo:
    """One thing that waits for the person; `url_name` with `url_args` leads to where it is done."""

    key: str
    title: str
    note: str = ""
    url_name: str = ""
    url_args: tuple = ()
    due_at: datetime | None = None
    icon: str = "circle-alert"


_sources: dict[str, Callable] = {}


def register_todo(source: Callable) -> Callable:
    """Add `source(actor) -> list[Todo]`: for a signed-in person, or for the firm of `actor`.

    It is bounded and costs the same queries however many it gives. Usable as a decorator.
    """
    _sources[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def todos_of(actor) -> list[Todo]:
    """What waits for whoever acts, what is due first at the top, what has no date last."""
    if actor.user is None:
        return []
    found = {one.key: one for source in _sources.values() for one in source(actor)}
    ordered = sorted(
        found.values(), key=lambda one: (one.due_at is None, one.due_at and one.due_at.timestamp())
    )
    return ordered[:MOST]
