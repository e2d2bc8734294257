"""The pages of what processes are about (a case, a report), for lists that do not know the owners:

register_subject("service_hub.case", addresses)      addresses(user, ids) -> {id: path}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

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
