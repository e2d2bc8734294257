"""Where shared data come from. Whoever holds facts about people or firms registers a source; a
material that names a kind of fact is satisfied by any of them.

Every fact names the organ that answers for it, the day as of which it holds, and until when. Those
that no longer count are left out here, whatever a source says.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

log = logging.getLogger(__name__)
_sources: dict[str, Callable] = {}


class Unreachable(Exception):
    """A source cannot be asked now: the person is asked instead, and nothing else fails."""


@dataclass(frozen=True)
class Fact:
    """What an organ says about the subject. `organ` and `value` are texts in both languages,
    `valid_until` is None for what counts until something newer does, `ref` finds it again at its
    source.
    """

    kind: str
    organ: dict
    value: dict
    as_of: date
    valid_until: date | None = None
    ref: object = None


def register_shared_source(name: str, find: Callable) -> None:
    """Add `find(subject, kinds) -> [Fact]`, asked once for all materials of a form; `subject` is a
    `knowing.Subject`, `kinds` the wanted kinds of fact. It raises Unreachable when it cannot say.
    """
    if name in _sources and _sources[name] is not find:
        raise ValueError(f"there is a source of shared data named {name} already")
    _sources[name] = find


def facts_of(subject, kinds) -> dict[str, tuple[str, Fact]]:
    """{kind: (source, fact)}: of every kind the newest that counts today. As many queries as the
    sources need, however many kinds.
    """
    kinds, today = set(kinds), timezone.localdate()
    if not kinds or (subject.user is None and subject.firm is None):
        return {}
    found: dict[str, tuple[str, Fact]] = {}
    for name, find in _sources.items():
        for fact in _asked(name, find, subject, kinds):
            if fact.kind not in kinds or fact.as_of > today:
                continue
            if fact.valid_until is not None and fact.valid_until < today:
                continue
            known = found.get(fact.kind)
            if known is None or fact.as_of > known[1].as_of:
                found[fact.kind] = (name, fact)
    return found


def _asked(name: str, find: Callable, subject, kinds: set[str]) -> list[Fact]:
    try:
        return list(find(subject, kinds))
    except Unreachable as error:
        log.warning("the source of shared data %s cannot be asked: %s", name, error)
        return []
