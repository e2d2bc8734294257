"""Two people wrote into one paper: their texts are put together by paragraphs. Pure.

Nothing that either wrote is lost: it stands in the merged text, or in a conflict that shows both
versions beside the one they began with.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

LIST_FIELDS = ("main_to", "copy_to", "countersign", "files")
BY_PARAGRAPHS = ("body", "matters", "attachments")


@dataclass(frozen=True)
class Piece:
    """A stretch of paragraphs: what was there, what the first and the second made of it, and what
    is to stand there. `is_conflict` says that both changed it differently; `lines` then holds both.
    """

    base: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    lines: tuple[str, ...]
    is_conflict: bool = False

    @property
    def is_changed(self) -> bool:
        return self.base != self.lines


def merge(base: list[str], first: list[str], second: list[str]) -> list[Piece]:
    """The pieces of both texts in order; `first` was saved first."""
    anchors = _anchors(base, first, second)
    pieces, at = [], (0, 0, 0)
    for anchor in anchors:
        _gap(pieces, base[at[0] : anchor[0]], first[at[1] : anchor[1]], second[at[2] : anchor[2]])
        if anchor[0] < len(base):
            line = (base[anchor[0]],)
            pieces.append(Piece(line, line, line, line))
        at = (anchor[0] + 1, anchor[1] + 1, anchor[2] + 1)
    return pieces


def _anchors(base, first, second) -> list[tuple[int, int, int]]:
    """Places of paragraphs that neither changed, and the end of all three."""
    in_first, in_second = _kept(base, first), _kept(base, second)
    both = [(at, in_first[at], in_second[at]) for at in sorted(in_first.keys() & in_second.keys())]
    return [*both, (len(base), len(first), len(second))]


def _kept(base, other) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}


def _gap(pieces: list[Piece], base, first, second) -> None:
    base, first, second = tuple(base), tuple(first), tuple(second)
    if not (base or first or second):
        return
    if first == second or second == base:
        pieces.append(Piece(base, first, second, first))
    elif first == base:
        pieces.append(Piece(base, first, second, second))
    else:
        extra = tuple(line for line in second if line not in first)
        pieces.append(Piece(base, first, second, first + extra, is_conflict=True))


def merged_lines(pieces: list[Piece]) -> list[str]:
    """The merged text; of conflicts both versions, the first one's first."""
    return [line for piece in pieces for line in piece.lines]


@dataclass(frozen=True)
class FieldClash:
    """A field other than the text that both changed: whoever saves last chooses."""

    name: str
    first: object
    second: object


def merge_content(base: dict, first: dict, second: dict) -> tuple[dict, dict, list[FieldClash]]:
    """(merged content, {field: pieces} of what is merged by paragraphs, clashes of the rest).

    Of a clash the merged content holds the second one's value; organs and files of both are kept.
    """
    merged, texts, clashes = {}, {}, []
    for name in dict.fromkeys([*first, *second]):
        old, one, two = base.get(name), first.get(name), second.get(name)
        if name in BY_PARAGRAPHS:
            texts[name] = merge(*(_paragraphs(text) for text in (old, one, two)))
            merged[name] = "\n".join(merged_lines(texts[name]))
        elif name in LIST_FIELDS:
            merged[name] = _both(old or [], one or [], two or [])
        elif one == two or two == old:
            merged[name] = one
        else:
            merged[name] = two
            if one != old:
                clashes.append(FieldClash(name, one, two))
    return merged, texts, clashes


def _paragraphs(text) -> list[str]:
    return [line for line in str(text or "").split("\n") if line]


def _both(base: list, first: list, second: list) -> list:
    kept = [one for one in first if one in second or one not in base]
    return kept + [one for one in second if one not in base and one not in kept]
