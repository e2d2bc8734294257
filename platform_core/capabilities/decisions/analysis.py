"""What a table leaves out and where its rows collide, found exactly, each with an example.

A search over the pieces of all axes, one axis after the other, that carries the set of rows still
possible. Branches that meet the same set at the same axis are one branch, and a branch that a row
covers to the end is not entered, so the work follows the table rather than the product of its
axes. A budget ends it; what was not proven is then said. Inputs are taken as independent of one
another: a table of inputs that are computed from one another may be told a gap that cannot come.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .axes import Piece
from .definition import Decision
from .literals import shown

BUDGET = 60_000
SHOWN = 20


@dataclass(frozen=True)
class Example:
    """Inputs that show it: input key → value (None: left empty). `rows` are counted from 1; `free`
    are inputs whose value makes no difference."""

    inputs: dict
    rows: tuple[int, ...] = ()
    free: tuple[str, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """`gaps`: no row fires. `overlaps`: two rows fire at once. `unreachable`: the row never fires,
    or never counts. `idle`: no value satisfies the row at all. `unproven` names what the budget did
    not reach (gaps, unreachable); `more` that there are further gaps or overlaps than are shown.
    """

    gaps: tuple[Example, ...] = ()
    overlaps: tuple[Example, ...] = ()
    idle: tuple[int, ...] = ()
    unreachable: tuple[int, ...] = ()
    unproven: tuple[str, ...] = ()
    more: frozenset = field(default_factory=frozenset)


class TooLarge(Exception):
    """The budget is spent."""


class _Search:
    """The pieces of every axis, those that satisfy the same rows taken as one."""

    def __init__(self, decision: Decision, budget: int):
        self.decision = decision
        self.budget = budget
        self.axes: list[list[Piece]] = []
        self.stretches: list[dict[int, list[Piece]]] = []
        for axis in decision.table.axes:
            alike: dict[int, list[Piece]] = {}
            before = None
            for piece in sorted(axis.pieces(), key=lambda one: one.sample is None):
                if piece.rows != before or piece.sample is None:
                    alike.setdefault(piece.rows, []).append(piece)
                before = piece.rows
            self.axes.append([stretch[0] for stretch in alike.values()])
            self.stretches.append(alike)
        self.all_rows = decision.table.all_rows
        self.tail = self._tails()

    def _tails(self) -> list[int]:
        """For each axis the rows that hold for whatever comes from there on."""
        tail = [self.all_rows]
        for pieces in reversed(self.axes):
            rows = tail[-1]
            for piece in pieces:
                rows &= piece.rows
            tail.append(rows)
        return tail[::-1]

    def spend(self) -> None:
        self.budget -= 1
        if self.budget < 0:
            raise TooLarge

    def example(self, chosen: list[Piece], free_from: int, rows: tuple = ()) -> Example:
        """An example of the chosen pieces; what comes after them makes no difference."""
        columns = self.decision.inputs
        rest = [pieces[0] for pieces in self.axes[len(chosen) :]]
        inputs = {
            column.key: shown(piece.sample, column.type)
            for column, piece in zip(columns, [*chosen, *rest], strict=True)
        }
        return Example(inputs, rows, tuple(column.key for column in columns[free_from:]))

    def stretched(self, path: list[Piece]) -> Iterator[list[Piece]]:
        """The path itself, then with each further stretch of an axis that satisfies the same rows:
        below 60 and from 80 to 85 are two gaps to whoever mends them."""
        yield path
        for at, piece in enumerate(path):
            for other in self.stretches[at][piece.rows][1:]:
                yield [*path[:at], other, *path[at + 1 :]]

    def paths_to_nothing(self, rows: int, within: int = 0) -> Iterator[list[Piece]]:
        """Pieces of the first axes for which none of `rows` holds; with `within`, only pieces that
        satisfy all rows of that mask."""
        closed: set[tuple[int, int]] = set()

        def search(depth: int, left: int, chosen: list[Piece]) -> Iterator[list[Piece]]:
            if not left:
                yield list(chosen)
                return
            if depth == len(self.axes) or left & self.tail[depth] or (depth, left) in closed:
                return
            self.spend()
            found = False
            for piece in self.axes[depth]:
                if piece.rows & within != within:
                    continue
                chosen.append(piece)
                for path in search(depth + 1, left & piece.rows, chosen):
                    found = True
                    yield path
                chosen.pop()
            if not found:
                closed.add((depth, left))

        yield from search(0, rows, [])

    def meeting(self, row: int) -> int:
        """The later rows that can fire together with `row`."""
        later = self.all_rows >> (row + 1) << (row + 1)
        for pieces in self.axes:
            beside = 0
            for piece in pieces:
                if piece.rows >> row & 1:
                    beside |= piece.rows
            later &= beside
        return later

    def pair(self, first: int, second: int) -> Example:
        both = 1 << first | 1 << second
        chosen = [
            next(piece for piece in pieces if piece.rows & both == both) for pieces in self.axes
        ]
        return self.example(chosen, len(chosen), (first + 1, second + 1))

    def idle(self) -> int:
        """The rows that no value satisfies on some axis."""
        possible = self.all_rows
        for pieces in self.axes:
            here = 0
            for piece in pieces:
                here |= piece.rows
            possible &= here
        return self.all_rows & ~possible


def analyse(decision: Decision, *, budget: int = BUDGET) -> Analysis:
    """Gaps, overlaps and rows without effect of a table whose cells fit its columns."""
    search = _Search(decision, budget)
    if not all(search.axes):  # an input that takes no value at all
        return Analysis(idle=tuple(range(1, len(decision.rows) + 1)))
    unproven: list[str] = []
    more: set[str] = set()
    idle = search.idle()
    gaps = _gaps(search, unproven, more)
    overlaps, unreachable = [], []
    if decision.hit == "unique":
        overlaps = _overlaps(search, idle, more)
    elif decision.hit == "first":
        unreachable = _unreachable(search, idle, unproven)
    return Analysis(
        tuple(gaps),
        tuple(overlaps),
        tuple(_rows(idle)),
        tuple(unreachable),
        tuple(unproven),
        frozenset(more),
    )


def _rows(mask: int) -> list[int]:
    return [number + 1 for number in range(mask.bit_length()) if mask >> number & 1]


def _gaps(search: _Search, unproven: list, more: set) -> list[Example]:
    found = []
    try:
        for path in search.paths_to_nothing(search.all_rows):
            for one in search.stretched(path):
                if len(found) == SHOWN:
                    more.add("gaps")
                    return found
                found.append(search.example(one, len(one)))
    except TooLarge:
        unproven.append("gaps")
    return found


def _overlaps(search: _Search, idle: int, more: set) -> list[Example]:
    found = []
    for row in range(len(search.decision.rows)):
        for other in _rows(0 if idle >> row & 1 else search.meeting(row)):
            if len(found) == SHOWN:
                more.add("overlaps")
                return found
            found.append(search.pair(row, other - 1))
    return found


def _unreachable(search: _Search, idle: int, unproven: list) -> list[int]:
    """Rows of which the earlier ones leave nothing."""
    found = []
    try:
        for row in range(len(search.decision.rows)):
            if idle >> row & 1:
                continue
            earlier = (1 << row) - 1
            if next(search.paths_to_nothing(earlier, 1 << row), None) is None:
                found.append(row + 1)
    except TooLarge:
        unproven.append("unreachable")
    return found
