"""Two people changed the same manifest: what fits together is put together, the rest is shown.

Pure. A change is one-sided when the other side left the place as it was; both sides' one-sided
changes are kept. Where both changed one place differently somebody has to choose.
"""

from dataclasses import dataclass, field

from ..changes.matching import are_keyed, identity
from ..changes.talk import ABSENT, same, shown
from ..problems import written

# Halves of two rules make a third one that nobody wrote.
WHOLE = {"show_if", "when", "rule", "rules", "assign", "deadline", "retired"}


@dataclass(frozen=True)
class Overlap:
    """A place that both changed: what stood there, what the other saved, what you wrote."""

    path: str
    base: object
    theirs: object
    mine: object

    @property
    def words(self) -> dict[str, str]:
        return {side: shown(getattr(self, side)) for side in ("base", "theirs", "mine")}


@dataclass
class Merge:
    """`content` holds every one-sided change, and at each overlap what was chosen (theirs, until
    somebody chooses mine)."""

    content: object = None
    overlaps: list[Overlap] = field(default_factory=list)


def merge(base: dict, theirs: dict, mine: dict, choices: dict[str, str] | None = None) -> Merge:
    """Put `theirs` and `mine`, both made from `base`, together; `choices` maps the path of an
    overlap to "mine" or "theirs"."""
    work = _Work(choices or {})
    content = work.value((), base, theirs, mine)
    return Merge(content, work.overlaps)


class _Work:
    def __init__(self, choices: dict[str, str]):
        self.choices, self.overlaps = choices, []

    def value(self, path: tuple, base, theirs, mine):
        if same(theirs, mine) or same(base, mine):
            return theirs
        if same(base, theirs):
            return mine
        whole = bool(path) and path[-1] in WHOLE
        if not whole and isinstance(theirs, dict) and isinstance(mine, dict):
            return self.keys(path, base if isinstance(base, dict) else {}, theirs, mine)
        lists = (theirs, mine, base) if isinstance(base, list) else (theirs, mine)
        if not whole and all(isinstance(one, list) for one in lists) and are_keyed(*lists):
            return self.entries(path, base if isinstance(base, list) else [], theirs, mine)
        return self.choose(path, base, theirs, mine)

    def choose(self, path: tuple, base, theirs, mine):
        where = written(path).replace(".[", "[")
        self.overlaps.append(Overlap(where, base, theirs, mine))
        return mine if self.choices.get(where) == "mine" else theirs

    def keys(self, path: tuple, base: dict, theirs: dict, mine: dict) -> dict:
        merged = {}
        for key in [*theirs, *(key for key in mine if key not in theirs)]:
            sides = (side.get(key, ABSENT) for side in (base, theirs, mine))
            value = self.value((*path, key), *sides)
            if value is not ABSENT:
                merged[key] = value
        return merged

    def entries(self, path: tuple, base: list, theirs: list, mine: list) -> list:
        sides = [{identity(entry): entry for entry in side} for side in (base, theirs, mine)]
        merged = {}
        for name in self.order(path, *(list(side) for side in sides)):
            entry = self.value((*path, f"[{name}]"), *(side.get(name, ABSENT) for side in sides))
            if entry is not ABSENT:
                merged[name] = entry
        return list(merged.values())

    def order(self, path: tuple, base: list, theirs: list, mine: list) -> list:
        """Every name of both sides, in the order of whoever changed it."""
        common = [name for name in base if name in theirs and name in mine]
        first, second = ([name for name in side if name in common] for side in (theirs, mine))
        leading, other = theirs, mine
        if first == common and second != common:
            leading, other = mine, theirs
        elif second not in (common, first):
            chosen = self.choose((*path, "order"), common, first, second)
            leading, other = (mine, theirs) if chosen is second else (theirs, mine)
        names = list(leading)
        for place, name in enumerate(other):
            if name in names:
                continue
            known = [one for one in other[:place] if one in names]
            names.insert(names.index(known[-1]) + 1 if known else 0, name)
        return names
