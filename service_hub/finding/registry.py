"""What can be found at an end, from every module that offers something to people."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from .index import Findable, Index


@dataclass(frozen=True)
class Source:
    """One kind of findables. `load(end)` gives them all; `stamp(end)` changes whenever they do."""

    kind: str
    title: object
    stamp: Callable[[str | None], str]
    load: Callable[[str | None], list[Findable]]
    order: int = 50


_sources: dict[str, Source] = {}
_indexes: dict[str | None, tuple[tuple[str, ...], Index]] = {}
_lock = threading.Lock()


def register_findables(
    kind: str, title, *, stamp: Callable, load: Callable, order: int = 50
) -> None:
    """Let people find what `load(end)` lists (end "public", "enterprise", or None for both).

    `title` names the kind above its hits. `stamp(end)` is asked at each search, so that what was
    closed is gone at once: one cheap query, or a constant for what only changes with a release.
    """
    if kind in _sources:
        raise ValueError(f"findables of kind {kind} are registered already")
    _sources[kind] = Source(kind, title, stamp, load, order)


def kinds() -> list[Source]:
    """The kinds in the order in which their hits are shown."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.kind))


def index_for(end: str | None) -> Index:
    """The index of an end, made anew when something there has changed."""
    sources = kinds()
    stamps = tuple(source.stamp(end) for source in sources)
    known = _indexes.get(end)
    if known is None or known[0] != stamps:
        index = Index(one for source in sources for one in source.load(end))
        with _lock:
            known = _indexes[end] = (stamps, index)
    return known[1]
