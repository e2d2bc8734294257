"""Reads a module's README into blocks that a template can draw: the little Markdown we write."""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Block:
    """`kind`: heading, text, list, code or table. `lines` are plain text, table rows are lists."""

    kind: str
    lines: list = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True)
class Document:
    """A README: its heading, its first paragraph and everything below the heading."""

    title: str
    summary: str
    blocks: list[Block]


MARKS = re.compile(r"\*\*([^*]+)\*\*|`([^`]+)`|\[([^\]]+)\]\([^)]*\)")
BULLET = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")


def plain(line: str) -> str:
    """A line without emphasis, code marks and link targets."""
    return MARKS.sub(lambda match: next(group for group in match.groups() if group), line).strip()


def read_document(path: Path) -> Document | None:
    """The document in `path`, or None when there is none."""
    if not path.is_file():
        return None
    blocks = list(parse(path.read_text(encoding="utf-8")))
    title = blocks.pop(0).text if blocks and blocks[0].kind == "heading" else path.parent.name
    summary = next((block.text for block in blocks if block.kind == "text"), "")
    return Document(title, summary, blocks)


def parse(text: str) -> list[Block]:
    """Blocks of a Markdown text, in order."""
    blocks: list[Block] = [Block("end")]
    in_code = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            in_code = not in_code
            blocks.append(Block("code" if in_code else "end"))
        elif in_code:
            blocks[-1].lines.append(line)
        elif not line.strip():
            blocks.append(Block("end"))
        else:
            _add(blocks, line)
    return [block for block in blocks if block.lines]


def _add(blocks: list[Block], line: str) -> None:
    last = blocks[-1]
    if line.startswith("#"):
        blocks += [Block("heading", [plain(line.lstrip("#"))]), Block("end")]
    elif line.lstrip().startswith("|"):
        cells = [plain(cell) for cell in line.strip().strip("|").split("|")]
        if all(set(cell) <= set("-: ") for cell in cells):
            return
        if last.kind != "table":
            last = Block("table")
            blocks.append(last)
        last.lines.append(cells)
    elif BULLET.match(line):
        if last.kind != "list":
            last = Block("list")
            blocks.append(last)
        last.lines.append(plain(BULLET.sub("", line)))
    elif last.kind == "list":
        last.lines[-1] += " " + plain(line)
    elif last.kind == "text":
        last.lines.append(plain(line))
    else:
        blocks.append(Block("text", [plain(line)]))
