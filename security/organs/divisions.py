"""Reads the administrative divisions that come with the platform.

Pure; see data/README.md for the source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DATA = Path(__file__).parent / "data"
PROVINCE, CITY, COUNTY, TOWN = 1, 2, 3, 4


@dataclass(frozen=True)
class Division:
    """One division as listed: `parent` is the code of the division above, "" for the province."""

    code: str
    name: str
    name_en: str
    level: int
    parent: str
    valid_from: date
    valid_to: date | None


def divisions() -> list[Division]:
    """Every division, each after the one it lies in."""
    upper = list(_upper())
    begun = {division.code: division for division in upper}
    return upper + list(_towns(begun))


def _upper() -> Iterator[Division]:
    for row in _rows("zhejiang.csv"):
        yield Division(
            row["code"], row["name"], row["name_en"], _level(row["code"]), row["parent"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )  # fmt: skip


def _towns(counties: dict[str, Division]) -> Iterator[Division]:
    for row in _rows("zhejiang_towns.csv"):
        county = counties[row["code"][:6]]
        yield Division(
            row["code"], row["name"], "", TOWN, county.code, county.valid_from, county.valid_to
        )


def _level(code: str) -> int:
    if code.endswith("0000"):
        return PROVINCE
    return CITY if code.endswith("00") else COUNTY


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
