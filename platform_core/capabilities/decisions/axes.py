"""An input as an axis: cut at every value that a cell names, so that inside a piece no cell
changes its mind.

Of every piece one knows which rows it satisfies (a bit each). Asking the table then means finding
one piece per input; proving the table means looking at pieces instead of endlessly many values.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from platform_core.capabilities.rules.limits import LIMIT, SCALE

from .definition import ORDERED, Input
from .literals import compared, step_of

EMPTY = 0
TESTS: dict[str, Callable] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}


class Piece(NamedTuple):
    """`sample` is a value that may really come, in the form compared; None stands for empty."""

    sample: object
    rows: int


class Unfit(Exception):
    """The value is not one that the input takes."""


def test_of(cell, kind: str) -> Callable[[object], bool]:
    """Whether a cell (None: anything) holds for a compared value. An empty one satisfies nothing
    but "empty"."""
    if cell is None:
        return lambda value: True
    if cell.is_ in ("empty", "filled"):
        return lambda value: (value is None) == (cell.is_ == "empty")
    limits = [compared(raw, kind) for raw in cell.named()]
    if cell.is_ == "compare":
        return _filled(TESTS[cell.op], limits[0])
    if cell.is_ == "between":
        after = _filled(TESTS[">" if cell.from_open else ">="], limits[0])
        before = _filled(TESTS["<" if cell.to_open else "<="], limits[1])
        return lambda value: after(value) and before(value)
    listed = frozenset(limits)
    if cell.is_ == "not_one_of":
        return lambda value: value is not None and value not in listed
    return lambda value: value is not None and value in listed


def _filled(test: Callable, limit) -> Callable[[object], bool]:
    return lambda value: value is not None and test(value, limit)


class Axis:
    """The pieces of one input. `place(raw)` finds the piece of a value, or raises Unfit."""

    def __init__(self, column: Input, cells: list):
        self.column = column
        self.kind = column.type
        self.cells = cells
        values = {compared(raw, self.kind) for cell in cells if cell for raw in cell.named()}
        self._cut(values - {None})

    def masks(self, values: list) -> list[int]:
        """For each compared value the rows whose cell it satisfies."""
        tests = [(1 << row, test_of(cell, self.kind)) for row, cell in enumerate(self.cells)]
        return [sum(bit for bit, test in tests if test(value)) for value in values]

    def pieces(self) -> list[Piece]:
        """The pieces into which some value may really fall."""
        found = [] if self.column.required else [Piece(None, self.rows[EMPTY])]
        return found + [
            Piece(sample, rows)
            for sample, rows in zip(self.samples, self.rows[1:], strict=True)
            if sample is not None
        ]


class Ordered(Axis):
    """Numbers and days: points, and the open stretches between them."""

    def _cut(self, values: set) -> None:
        self.points = sorted(values)
        self.step = step_of(self.kind, self.column.precision)
        self.low, self.high = self._bounds()
        edges = [None, *self.points, None]
        inside, self.samples = [], []
        for before, after in itertools.pairwise(edges):
            inside.append(_between(before, after))
            self.samples.append(self._sample(before, after))
            if after is not None:
                inside.append(after)
                self.samples.append(after if self._may_be(after) else None)
        self.rows = self.masks([None, *inside])

    def _bounds(self) -> tuple[int, int]:
        if self.kind == "date":
            low, high = 1, date.max.toordinal()
        else:
            low, high = 1 - LIMIT, LIMIT - 1
        column = self.column
        low = low if column.min is None else compared(column.min, self.kind)
        high = high if column.max is None else compared(column.max, self.kind)
        return low, high

    def _may_be(self, value: int) -> bool:
        return self.low <= value <= self.high and value % self.step == 0

    def _sample(self, before: int | None, after: int | None) -> int | None:
        """A value between the two that may come, a round one if there is one."""
        low = self.low if before is None else max(self.low, before + 1)
        high = self.high if after is None else min(self.high, after - 1)
        least, most = -(-low // self.step) * self.step, high // self.step * self.step
        if least > most:
            return None
        unit = 1 if self.kind == "date" else SCALE
        if before is None and self.column.min is None:
            wanted = (after - unit) if after is not None else 0
        elif after is None and self.column.max is None:
            wanted = before + unit if before is not None else least
        else:
            wanted = (least + most) // 2 // unit * unit
        return min(max(wanted // self.step * self.step, least), most)

    def place(self, raw) -> int:
        value = compared(raw, self.kind)
        if value is None:
            return _place_of_empty(self.column, raw)
        if not self.low <= value <= self.high or value % self.step:
            raise Unfit
        at = bisect_left(self.points, value)
        return 2 * at + (2 if at < len(self.points) and self.points[at] == value else 1)


class Named(Axis):
    """Texts, choices, yes and no: each value that is named or offered, and of texts all others."""

    def _cut(self, values: set) -> None:
        if self.kind == "yes_no":
            known = [True, False]
        elif self.kind == "choice":
            known = list(self.column.option_values)
        else:
            known = sorted(values)
        self.at = {value: number for number, value in enumerate(known, start=1)}
        self.samples = list(known)
        self.other = 0
        if self.kind == "text":
            self.samples.append(_another(values))
            self.other = len(self.samples)
        self.rows = self.masks([None, *self.samples])

    def place(self, raw) -> int:
        value = compared(raw, self.kind)
        if value is None:
            return _place_of_empty(self.column, raw)
        at = self.at.get(value, self.other)
        if not at:
            raise Unfit
        return at


def axis_of(column: Input, cells: list) -> Axis:
    """The axis of an input whose cells, row by row, are `cells` (None: anything)."""
    return (Ordered if column.type in ORDERED else Named)(column, cells)


def _place_of_empty(column: Input, raw) -> int:
    if column.required or (raw is not None and raw != "" and raw != []):
        raise Unfit
    return EMPTY


def _between(before: int | None, after: int | None) -> Fraction:
    if before is None or after is None:
        return Fraction((after - 1) if after is not None else (before or 0) + 1)
    return Fraction(before + after, 2)


def _another(values: set) -> str:
    """A text that no cell names."""
    number = 1
    while f"…{number}" in values:
        number += 1
    return f"…{number}"
