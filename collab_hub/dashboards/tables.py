"""Figures as tables: one for the page, the spreadsheet and the API, so that they never differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.charts import Part


@dataclass(frozen=True)
class Cell:
    """One figure: `value` for machines, `words` for people (the value when empty), `url` of the
    list behind it, and a bar where it is looked at rather than read.
    """

    value: object
    words: str = ""
    url: str = ""
    bar: list[Part] = field(default_factory=list)

    @property
    def is_zero(self) -> bool:
        """Whether a narrow screen does without it."""
        return self.value == 0 or self.shown == "—"

    @property
    def shown(self) -> str:
        if self.words:
            return self.words
        return "—" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Column:
    """`key` names it in the API; numbers stand at the right, where no bars are drawn."""

    key: str
    title: object
    is_number: bool = True
    has_bars: bool = False

    @property
    def is_right(self) -> bool:
        return self.is_number and not self.has_bars


@dataclass(frozen=True)
class Table:
    key: str
    title: object
    columns: list[Column]
    rows: list[list[Cell]]
    note: str = ""
    legend: tuple = ()

    @property
    def headers(self) -> list[str]:
        return [str(one.title) for one in self.columns]

    def values(self) -> list[list]:
        """The rows for a spreadsheet."""
        return [[cell.value for cell in row] for row in self.rows]

    def lines(self) -> list[list[tuple[Column, Cell]]]:
        """The rows with their columns, for the page."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


# The address of a list, for a slice.
Link = Callable[[object], str]


def figure(count: int, url: str, **more) -> Cell:
    """A number with the list of the rows that it counts; nothing to open where it is none."""
    return Cell(count, url=url if count else "", **more)


def light_titles() -> dict[str, str]:
    return {
        "red": pgettext("lights", "Late"),
        "yellow": pgettext("lights", "Due soon"),
        "green": pgettext("lights", "In time"),
        "none": pgettext("lights", "Without deadline"),
    }


def load_columns(first: object) -> list[Column]:
    """What stands in every table of what waits."""
    lights = [Column(key, title) for key, title in light_titles().items()]
    return [
        Column("name", first, is_number=False),
        Column("open", pgettext("count", "Open"), has_bars=True),
        *lights,
        Column("oldest", _("Oldest since"), is_number=False),
    ]
