"""The language in which a notice says whom it is for. Pure.

An audience is a union of terms less a union of others. A term is met by whoever meets each of its
facets; within one facet any value will do. Organ, function, division and duty must be met by one
and the same post. A saved group stands for its own audience, with its own exceptions.

    {"any": [{"organ": [12], "below": true, "duty": ["head"]}, {"person": [7]}, {"group": [3]}],
     "not": [{"region": ["330106"]}]}

`organ`, `person` and `group` hold ids, `kind` functions of organs, `region` codes of divisions
(with everything in them), `duty` names of standing duties, `other` pairs of a registered kind of
audience and a value: [["grid", "330106001"]].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NUMBERS = ("organ", "person", "group")
TEXTS = ("kind", "region", "duty")
OF_A_POST = ("organ", "kind", "region", "duty")
DUTIES = ("head", "reviewer", "clerk")
MOST_TERMS = 20
MOST_VALUES = 2000
LONGEST = 80
LARGEST = 2**31


class NoAudience(ValueError):
    """The data are no audience; the text names the part that is not understood."""


@dataclass(frozen=True)
class Term:
    """Whoever meets each facet that is not empty; with none of them it is met by nobody."""

    organ: frozenset[int] = frozenset()
    below: bool = False
    kind: frozenset[str] = frozenset()
    region: frozenset[str] = frozenset()
    duty: frozenset[str] = frozenset()
    person: frozenset[int] = frozenset()
    group: frozenset[int] = frozenset()
    other: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_of_posts(self) -> bool:
        return any(getattr(self, name) for name in OF_A_POST)

    @property
    def is_empty(self) -> bool:
        return not (self.is_of_posts or self.person or self.group or self.other)

    @property
    def others(self) -> dict[str, list[str]]:
        """{registered kind: values}."""
        found: dict[str, list[str]] = {}
        for kind, value in sorted(self.other):
            found.setdefault(kind, []).append(value)
        return found


@dataclass(frozen=True)
class Audience:
    """A union of terms less a union of others."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()

    def __or__(self, other: Audience) -> Audience:
        """Both; only for audiences without exceptions, which would cut into the other one."""
        if self.without or other.without:
            raise ValueError("an audience with exceptions is joined as a saved group")
        return Audience(tuple(dict.fromkeys((*self.terms, *other.terms))))

    def less(self, *terms: Term) -> Audience:
        return Audience(self.terms, tuple(dict.fromkeys((*self.without, *terms))))

    @property
    def is_empty(self) -> bool:
        return all(term.is_empty for term in self.terms)

    @property
    def groups(self) -> frozenset[int]:
        """The saved groups that it names."""
        return frozenset().union(*(term.group for term in (*self.terms, *self.without)))


def read(data) -> Audience:
    """The audience in stored or sent data. Raises NoAudience."""
    if not isinstance(data, dict) or set(data) - {"any", "not"}:
        raise NoAudience("any, not")
    found = Audience(_terms(data.get("any", [])), _terms(data.get("not", [])))
    if len(found.terms) + len(found.without) > MOST_TERMS:
        raise NoAudience(f"at most {MOST_TERMS} terms")
    return found


def read_saved(data) -> Audience:
    """As `read`, for a saved group, which names no other group."""
    found = read(data)
    if found.groups:
        raise NoAudience("group")
    return found


def written(audience: Audience) -> dict:
    """The audience as data, the same for the same audience."""
    return {
        "any": [_written(term) for term in audience.terms if not term.is_empty],
        "not": [_written(term) for term in audience.without if not term.is_empty],
    }


def _written(term: Term) -> dict:
    found: dict = {}
    for name in (*NUMBERS, *TEXTS):
        if getattr(term, name):
            found[name] = sorted(getattr(term, name))
    if term.other:
        found["other"] = [list(pair) for pair in sorted(term.other)]
    if term.below and term.organ:
        found["below"] = True
    return found


def _terms(data) -> tuple[Term, ...]:
    if not isinstance(data, list):
        raise NoAudience("a list of terms")
    return tuple(_term(one) for one in data)


def _term(data) -> Term:
    if not isinstance(data, dict) or set(data) - {*NUMBERS, *TEXTS, "other", "below"}:
        raise NoAudience("a term")
    numbers = {name: frozenset(_values(data.get(name, []), name, int)) for name in NUMBERS}
    texts = {name: frozenset(_values(data.get(name, []), name, str)) for name in TEXTS}
    if texts["duty"] - set(DUTIES):
        raise NoAudience("duty")
    below = data.get("below", False)
    if not isinstance(below, bool):
        raise NoAudience("below")
    return Term(**numbers, **texts, below=below, other=frozenset(_pairs(data.get("other", []))))


def _values(data, name: str, sort: type) -> Iterable:
    if not isinstance(data, list) or len(data) > MOST_VALUES:
        raise NoAudience(name)
    for value in data:
        is_number = sort is int and isinstance(value, int) and not isinstance(value, bool)
        is_text = sort is str and isinstance(value, str) and 0 < len(value) <= LONGEST
        if not is_text and not (is_number and 0 < value < LARGEST):
            raise NoAudience(name)
        yield value


def _pairs(data) -> Iterable[tuple[str, str]]:
    if not isinstance(data, list) or len(data) > MOST_VALUES:
        raise NoAudience("other")
    for pair in data:
        if not isinstance(pair, list) or len(pair) != 2:
            raise NoAudience("other")
        kind, value = _values(pair, "other", str)
        yield kind, value
