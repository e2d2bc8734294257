"""Summing up the region tree: what organs say becomes a figure of every region above them, with
the names of those that have not answered. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Leaf:
    """What one organ says of one field. `path` is the chain of region codes from the top, each
    followed by "/"; `amount` is None while it has not said it.
    """

    organ: str
    path: str
    amount: Decimal | None
    at: datetime | None = None


@dataclass(frozen=True)
class Total:
    """A figure of one region. `amount` is None when nobody below has answered, or when the field is
    not summed up; `missing` names the organs that it lacks.
    """

    amount: Decimal | None
    answered: int
    missing: tuple[str, ...] = ()


def chain(path: str, root: str = "") -> list[str]:
    """The paths of the regions from `root` down to `path`, both included."""
    codes = path.rstrip("/").split("/")
    found = ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
    return [one for one in found if one.startswith(root)]


def roll_up(leaves: Iterable[Leaf], how: str, root: str = "") -> dict[str, Total]:
    """{path of a region: its figure} for every region from `root` down to the organs.

    `how` is sum, avg, max, latest or none. A figure never hides a gap: what is missing below stands
    in it by name, and is never taken for zero.
    """
    below: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        for path in chain(leaf.path, root):
            below.setdefault(path, []).append(leaf)
    return {path: _total(found, how) for path, found in below.items()}


def _total(leaves: list[Leaf], how: str) -> Total:
    said = [leaf for leaf in leaves if leaf.amount is not None]
    missing = tuple(sorted(leaf.organ for leaf in leaves if leaf.amount is None))
    return Total(_figure(said, how), len(said), missing)


def _figure(said: list[Leaf], how: str) -> Decimal | None:
    if not said or how == "none":
        return None
    amounts = [leaf.amount for leaf in said]
    if how == "sum":
        return sum(amounts, Decimal(0))
    if how == "avg":
        return round(sum(amounts, Decimal(0)) / len(amounts), 6)
    if how == "max":
        return max(amounts)
    return max(said, key=lambda leaf: (leaf.at is not None, leaf.at, leaf.organ)).amount
