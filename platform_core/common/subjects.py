"""What processes are about, for lists and figures that do not know the owners.

    register_subject("service_hub.case", addresses)      addresses(user, ids) -> {id: path}
    register_items(ItemSource(item_of, titles))          which service item a process is about

The first gives the pages of what processes are about: so far cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_addresses: dict[str, Callable] = {}


def register_subject(subject_type: str, addresses: Callable) -> None:
    """`addresses(user, ids)` gives {id: path} of those subjects that `user` may open; one query."""
    _addresses[subject_type] = addresses


def subject_addresses(user, subjects: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """{(type, id): path of its page} of the subjects that `user` may open; one query a type."""
    by_type: dict[str, set[str]] = defaultdict(set)
    for subject_type, subject_id in subjects:
        by_type[subject_type].add(subject_id)
    found = {}
    for subject_type, ids in by_type.items():
        addresses = _addresses.get(subject_type)
        for key, path in (addresses(user, ids) if addresses else {}).items():
            found[(subject_type, str(key))] = path
    return found


@dataclass(frozen=True)
class ItemSource:
    """`item_of(instance)` is an expression for the id of the service item of a process, where
    `instance` names the process in the rows that are asked about; `titles(ids)` gives {id: title in
    both languages}, one query.
    """

    item_of: Callable
    titles: Callable


_items: list[ItemSource] = []


def register_items(source: ItemSource) -> None:
    """Make service items known; registered again, the last one counts."""
    _items[:] = [source]


def item_source() -> ItemSource | None:
    """Who knows the service items of processes; None where nobody does."""
    return _items[0] if _items else None
