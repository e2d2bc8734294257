"""Which characters the embedded typefaces have, and texts made fit for print. Pure but for reading
the font files once.
"""

import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# In halves of a character: eighteen digits of a citizen number stay together, and the widest
# letters still fit a line.
LONGEST_RUN = 24
BREAK = "\u200b"
# Read by the typesetter as layout, never drawn.
UNDRAWN = {"\n", BREAK}


@cache
def font_folder() -> Path:
    """Where the package with the typefaces lies."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec is None:
        raise LookupError("the typefaces are not installed; ./gov setup brings them")
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def _ranges() -> tuple[list[int], list[int]]:
    """Starts and ends of the code points that every one of our typefaces draws."""
    found: set[int] | None = None
    for path in sorted(font_folder().glob("*.otf")):
        covered = {code for start, end in _groups(path.read_bytes()) for code in range(start, end)}
        found = covered if found is None else found & covered
    codes = sorted(found or ())
    breaks = [i for i, code in enumerate(codes) if i == 0 or codes[i - 1] != code - 1]
    starts = [codes[i] for i in breaks]
    ends = [codes[i - 1] + 1 for i in [*breaks[1:], len(codes)]]
    return starts, ends


def _groups(raw: bytes) -> list[tuple[int, int]]:
    """[start, end) of every group in the font's table "cmap", format 12 (OpenType 1.9)."""
    tables = {
        raw[at : at + 4]: struct.unpack(">I", raw[at + 8 : at + 12])[0]
        for at in range(12, 12 + 16 * struct.unpack(">H", raw[4:6])[0], 16)
    }
    cmap = tables[b"cmap"]
    for number in range(struct.unpack(">H", raw[cmap + 2 : cmap + 4])[0]):
        record = cmap + 4 + 8 * number
        at = cmap + struct.unpack(">I", raw[record + 4 : record + 8])[0]
        if struct.unpack(">H", raw[at : at + 2])[0] == 12:
            count = struct.unpack(">I", raw[at + 12 : at + 16])[0]
            groups = struct.iter_unpack(">III", raw[at + 16 : at + 16 + 12 * count])
            return [(first, last + 1) for first, last, _glyph in groups]
    raise LookupError("the typeface has no table of all its characters")


def is_drawn(char: str) -> bool:
    """Whether the typefaces have a glyph for the character."""
    starts, ends = _ranges()
    place = bisect_right(starts, ord(char)) - 1
    return place >= 0 and ord(char) < ends[place]


def printable(text: str) -> str:
    """`text` as it is printed: composed, without control and direction characters; a character
    that the typefaces lack stands there by its number, [U+20BB7], so that nothing is lost unseen;
    runs without a place to break get one, so that nothing leaves the page.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ")
    out, run = [], 0
    for char in text:
        category = unicodedata.category(char)
        if category[0] == "C" and char != "\n" and category != "Co" and category != "Cn":
            continue
        if category in ("Zl", "Zp"):
            char = "\n"
        elif category == "Zs":
            char = char if char == "\u3000" else " "
        width = 0 if char.isspace() or category == "Lo" else _halves(char)
        run = run + width if width else 0
        if run > LONGEST_RUN:
            out.append(BREAK)
            run = width
        out.append(char if char in UNDRAWN or is_drawn(char) else f"[U+{ord(char):04X}]")
    return "".join(out)


def _halves(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def missing(text: str) -> list[str]:
    """The characters of `text` that are printed by their number."""
    return sorted({char for char in text if f"[U+{ord(char):04X}]" in printable(char)})
