"""Further ways to say who belongs to an audience, such as “the workers of these grids”.

Organs, posts and divisions are known to whoever sends something; what another module keeps (grids,
teams) is made choosable here by that module, once, in its registrations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class AudienceKind:
    """One more facet of an audience.

    `key` is stored with every audience and never renamed. `choices(user)` gives [(value, words)] of
    what the person may choose, values being texts; `people(values)` a queryset of one column with
    the ids of the users who belong to any of them; `names(values)` {value: words}.
    """

    key: str
    title: object
    choices: Callable
    people: Callable
    names: Callable


_kinds: dict[str, AudienceKind] = {}


def register_audience_kind(kind: AudienceKind) -> AudienceKind:
    """Make a facet known; registered again under the same key, the last one counts."""
    if not kind.key.isidentifier():
        raise ValueError(f"not a key: {kind.key}")
    _kinds[kind.key] = kind
    return kind


def audience_kinds() -> list[AudienceKind]:
    """Every further facet, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


def audience_kind(key: str) -> AudienceKind | None:
    return _kinds.get(key)
