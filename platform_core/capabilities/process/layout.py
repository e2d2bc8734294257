"""Where the boxes of a drawing stand. Pure: in go nodes and a width, out come boxes, lines and
words.

Units are CSS pixels of the viewBox. Everything flows downwards; the lanes of a block stand side by
side while each keeps a readable width, and one below the other when it does not.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

PAD, GAP, INSET = 12, 22, 12
TITLE, SMALL = 15, 13
# Titles and headings are bold, and a reader's system font may be wide.
BOLD = 1.14
TITLE_LINE, SMALL_LINE = 21, 19
LANE_MIN = 200
BOX_MAX = 420
MARK = 26
NEVER_FIRST = "，。、；：！？）》】」』,.;:!?)"


@dataclass(frozen=True)
class Words:
    x: float
    y: float
    text: str
    kind: str


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    w: float
    h: float
    kind: str
    state: str
    mark: tuple[float, float] | None = None


@dataclass
class Picture:
    width: int
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def draw(nodes, width: int) -> Picture:
    """The picture of a list of nodes, `width` wide and as high as it gets."""
    picture = Picture(width)
    picture.height = _column(picture, nodes, 1, 1, width - 2) + 1
    return picture


def _column(picture: Picture, nodes, x: float, y: float, width: float) -> float:
    """Draw nodes one below the other from (x, y); the bottom."""
    middle = x + width / 2
    for number, node in enumerate(nodes):
        if number:
            picture.lines.append(f"M{middle:g} {y:g}v{GAP}")
            y += GAP
        y = _block(picture, node, x, y, width) if node.lanes else _box(picture, node, x, y, width)
    return y


def _box(picture: Picture, node, x: float, y: float, width: float) -> float:
    w = min(width, BOX_MAX)
    x += (width - w) / 2
    room = w - 2 * PAD - MARK
    title = wrap(node.title, room, TITLE * BOLD, 3)
    lines = [part for line in node.lines for part in wrap(line, room, SMALL, 2)]
    h = 2 * PAD + len(title) * TITLE_LINE + len(lines) * SMALL_LINE - 4
    picture.boxes.append(Box(x, y, w, h, node.kind, node.state, (x + PAD + 9, y + PAD + 8)))
    baseline = y + PAD + TITLE - 2
    for text in title:
        picture.words.append(Words(x + PAD + MARK, baseline, text, f"t {node.state}"))
        baseline += TITLE_LINE
    baseline += SMALL_LINE - TITLE_LINE
    for number, text in enumerate(lines):
        kind = f"s {node.state}" if number == 0 else "p"
        picture.words.append(Words(x + PAD + MARK, baseline, text, kind))
        baseline += SMALL_LINE
    return y + h


def _block(picture: Picture, node, x: float, y: float, width: float) -> float:
    frame = len(picture.boxes)
    heading = wrap(node.title, width - 2 * INSET, SMALL * BOLD, 2)
    top = y + INSET
    for text in heading:
        picture.words.append(Words(x + INSET, top + SMALL - 2, text, "h"))
        top += SMALL_LINE
    top += 4
    inner = width - 2 * INSET
    count = len(node.lanes)
    lane_width = (inner - (count - 1) * INSET) / count
    if lane_width >= LANE_MIN:
        bottoms = [
            _lane(picture, lane, x + INSET + number * (lane_width + INSET), top, lane_width)
            for number, lane in enumerate(node.lanes)
        ]
        bottom = max(bottoms)
    else:
        bottom = top - INSET
        for lane in node.lanes:
            bottom = _lane(picture, lane, x + INSET, bottom + INSET, inner)
    picture.boxes.insert(frame, Box(x, y, width, bottom + INSET - y, node.kind, node.state))
    return bottom + INSET


def _lane(picture: Picture, lane, x: float, y: float, width: float) -> float:
    for text in wrap(lane.title, width, SMALL * BOLD, 2) if lane.title else ():
        picture.words.append(Words(x, y + SMALL - 2, text, "l" if lane.is_taken else "l off"))
        y += SMALL_LINE
    if not lane.nodes:
        return y
    return _column(picture, lane.nodes, x, y, width)


# -- words -----------------------------------------------------------------------------------------


def width_of(text: str, size: float) -> float:
    """About how wide `text` is in pixels; Chinese characters are square, Latin ones about half."""
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in "ilj.,:;'|! ":
        return 0.32
    return 0.78 if character.isupper() or character in "mw%@" else 0.58


def wrap(text: str, room: float, size: float, limit: int) -> list[str]:
    """`text` in at most `limit` lines of `room` pixels; what does not fit ends in an ellipsis."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip(), size) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    lines.append(line.rstrip())
    lines = [line for line in lines if line]
    if len(lines) > limit:
        last = lines[limit - 1]
        while last and width_of(last + "…", size) > room:
            last = last[:-1]
        lines = [*lines[: limit - 1], last + "…"]
    return lines


def _pieces(text: str):
    """Unbreakable pieces: one Chinese character, or one Latin word of bearable length with its
    space."""
    word = ""
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if (wide and not word.strip()) or character in NEVER_FIRST:
            word += character
            continue
        if wide or len(word) >= 24 or (word.endswith(" ") and character != " "):
            yield word
            word = ""
        word += character
        if wide:
            continue
    if word:
        yield word
