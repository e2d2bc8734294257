"""Pictures of numbers as lines and boxes for a template to draw. Pure: no colours, no markup.

    chart = columns("flow", _("Received and finished"), labels, [Series(_("Received"), [3, 0, 5])])
    {% include "ui/chart.html" %}

A chart is drawn three times, for wide, middling and narrow places, so that its words stay as large
as the page's. A series is told from the next by its filling first and by its colour second. The
template that draws it puts the numbers in a table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SIZES = (("wide", 1080), ("middle", 640), ("slim", 358))
HEIGHT = 200
LEFT, RIGHT, TOP, BOTTOM = 44, 6, 12, 26
MOST_TICKS = 4
STYLES = ("plain", "hatched", "dotted")
# What one label of the axis below needs to stand free, and a figure above its column.
LABEL_ROOM = 42
FIGURE_ROOM = 26


@dataclass(frozen=True)
class Series:
    """The values of one kind, one for each label; None where there is nothing to draw."""

    title: object
    values: Sequence[float | None]


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    w: float
    h: float
    style: str


@dataclass(frozen=True)
class Words:
    """A text at a place; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Picture:
    size: str
    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    lines: list[float] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    @property
    def left(self) -> int:
        return LEFT

    @property
    def right(self) -> int:
        return self.width - RIGHT


@dataclass(frozen=True)
class Chart:
    """A drawing with what is said of it to whoever does not see it; `key` is unique in a page."""

    key: str
    words: str
    pictures: list[Picture]
    legend: list[tuple[str, object]]


def ticks(most: float) -> list[float]:
    """Round values from 0 upwards for an axis that has to reach `most`; the last one does."""
    if most <= 0:
        return [0, 1]
    step, size = 1, 0
    while step * MOST_TICKS < most:
        size += 1
        step = (1, 2, 5)[size % 3] * 10 ** (size // 3)
    count = -int(-most // step)
    return [step * number for number in range(count + 1)]


def columns(
    key: str,
    words: str,
    labels: Sequence[object],
    series: Sequence[Series],
    *,
    most: float | None = None,
    unit: str = "",
) -> Chart:
    """Upright columns, those of one label beside one another. `most` fixes the end of the axis;
    `unit` stands behind the numbers of the axis.
    """
    if len(series) > len(STYLES):
        raise ValueError("a chart tells at most three series apart")
    values = [value for one in series for value in one.values if value is not None]
    axis = ticks(most if most is not None else max(values, default=0))
    pictures = [_columns(size, width, labels, series, axis, unit) for size, width in SIZES]
    legend = [(style, one.title) for style, one in zip(STYLES, series, strict=False)]
    return Chart(key, words, pictures, legend)


def _columns(size, width, labels, series, axis, unit) -> Picture:
    picture = Picture(size, width, HEIGHT)
    high, top = HEIGHT - TOP - BOTTOM, axis[-1]

    def y_of(value: float) -> float:
        return round(TOP + high * (1 - value / top), 1)

    for value in axis:
        picture.lines.append(y_of(value))
        picture.words.append(Words(LEFT - 6, y_of(value) + 4, f"{value:g}{unit}", "end"))
    room = (width - LEFT - RIGHT) / max(len(labels), 1)
    thick = room * 0.76 / max(len(series), 1)
    thick = min(thick, 40)
    every = max(1, -int(-LABEL_ROOM // room))
    for place, label in enumerate(labels):
        middle = LEFT + room * (place + 0.5)
        if place % every == 0:
            picture.words.append(Words(round(middle, 1), HEIGHT - 8, str(label)))
        start = middle - thick * len(series) / 2
        for number, one in enumerate(series):
            value = one.values[place]
            if not value:
                continue
            x, y = start + number * thick, y_of(min(value, top))
            gap = 1 if thick > 4 else 0
            box = Box(round(x + gap / 2, 1), y, round(thick - gap, 1),
                      round(TOP + high - y, 1), STYLES[number])  # fmt: skip
            picture.boxes.append(box)
            if thick >= FIGURE_ROOM:
                words = Words(round(x + thick / 2, 1), max(y - 4, 10), f"{value:g}")
                picture.words.append(words)
    return picture


@dataclass(frozen=True)
class Part:
    """A piece of a bar that lies in the line of a table: from where, how long (of 100)."""

    x: float
    w: float
    style: str


def lying(values: Sequence[float], most: float) -> list[Part]:
    """The pieces of a lying bar, one after the other, that ends at 100 for `most`."""
    parts, at = [], 0.0
    for style, value in zip(STYLES, values, strict=False):
        length = round(100 * value / most, 2) if most else 0
        if length:
            parts.append(Part(round(at, 2), length, style))
        at += length
    return parts
