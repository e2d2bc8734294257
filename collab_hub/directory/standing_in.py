"""Who stands in for whom: the deputy, the deputy of an absent deputy, and so on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LONGEST = 10


@dataclass(frozen=True)
class Link:
    """One delegation: `deputy` acts for `principal` until `until`, in everything or in some
    services only.
    """

    principal: int
    deputy: int
    until: date
    is_partial: bool = False


def chains(links: Iterable[Link], person: int) -> list[list[Link]]:
    """The ways from an absent person to whoever is there, one for each deputy of theirs. Each goes
    on while the deputy is away in everything too; a circle ends where it closes.
    """
    by_principal: dict[int, list[Link]] = {}
    for link in links:
        by_principal.setdefault(link.principal, []).append(link)
    found = []
    for first in by_principal.get(person, ()):
        way, seen = [first], {person, first.deputy}
        while len(way) < LONGEST:
            following = [one for one in by_principal.get(way[-1].deputy, ()) if not one.is_partial]
            if not following:
                break
            way.append(following[0])
            if following[0].deputy in seen:
                break
            seen.add(following[0].deputy)
        found.append(way)
    return found
