"""Which entries of two lists are the same one: by key, wherever it stands. Pure."""

from bisect import bisect_left
from dataclasses import dataclass, field

IDENTITIES = ("key", "value", "field")


@dataclass
class Matched:
    """`pairs` (old, new) in the new order; `added` and `moved` as (entry, the one before or None);
    `removed` in the old order."""

    pairs: list = field(default_factory=list)
    added: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    moved: list = field(default_factory=list)


def identity(entry):
    """What an entry of a list is known by, None when it has no name of its own."""
    if not isinstance(entry, dict):
        return None
    for name in IDENTITIES:
        if isinstance(entry.get(name), str):
            return entry[name]
    return None


def are_keyed(*lists) -> bool:
    """Whether every entry of every list has a name, and none twice in its list."""
    for entries in lists:
        names = [identity(entry) for entry in entries]
        if None in names or len(set(names)) != len(names):
            return False
    return True


def match(old: list, new: list, name=identity) -> Matched:
    """Compare two lists whose entries are keyed (see `are_keyed`)."""
    before = {name(entry): (place, entry) for place, entry in enumerate(old)}
    found = Matched()
    stays = _unmoved([before[name(entry)][0] for entry in new if name(entry) in before])
    previous = None
    for entry in new:
        known = before.pop(name(entry), None)
        if known is None:
            found.added.append((entry, previous))
        else:
            found.pairs.append((known[1], entry))
            if known[0] not in stays:
                found.moved.append((entry, previous))
        previous = entry
    found.removed = [entry for _place, entry in before.values()]
    return found


def _unmoved(places: list[int]) -> set[int]:
    """The most entries that keep their order: whatever is not among them was moved."""
    ends, tails, came_from = [], [], {}
    for place in places:
        at = bisect_left(ends, place)
        came_from[place] = tails[at - 1] if at else None
        ends[at : at + 1] = [place]
        tails[at : at + 1] = [place]
    kept, place = set(), tails[-1] if tails else None
    while place is not None:
        kept.add(place)
        place = came_from[place]
    return kept
