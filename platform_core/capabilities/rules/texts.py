"""Texts, code point by code point: what Python, the browser and COLLATE "C" agree on."""

from .arithmetic import whole
from .limits import MAX_TEXT, SCALE

# The White_Space characters of Unicode by number: str.strip and the browser's trim each differ.
BLANKS = "".join(
    map(chr, [*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)])
) + "".join(map(chr, [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]))
UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def _texts(*values) -> bool:
    return all(isinstance(value, str) for value in values)


def _concat(run, *parts):
    if not _texts(*parts) or sum(map(len, parts)) > 2 * MAX_TEXT:
        return None
    # Two halves of a surrogate pair become one character, as they do in the browser.
    joined = "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return joined if len(joined) <= MAX_TEXT else None


def _slice(run, text, start, size=None):
    """From the `start`-th character on (the first is 1), at most `size` characters."""
    start = whole(start)
    if not isinstance(text, str) or start is None or start < 1:
        return None
    if size is None:
        return text[start - 1 :] or None
    size = whole(size)
    return None if size is None or size < 0 else text[start - 1 : start - 1 + size] or None


def _cut(run, text, start, *size):
    # A length that is given but empty is not "up to the end": empty propagates.
    return None if size == (None,) else _slice(run, text, start, *size)


TEXTS = {
    "length": lambda run, a: len(a) * SCALE if _texts(a) else None,
    "concat": _concat,
    "contains": lambda run, a, b: _texts(a, b) and b in a,
    "starts_with": lambda run, a, b: _texts(a, b) and a.startswith(b),
    "ends_with": lambda run, a, b: _texts(a, b) and a.endswith(b),
    "upper": lambda run, a: a.translate(UPPER) if _texts(a) else None,
    "lower": lambda run, a: a.translate(LOWER) if _texts(a) else None,
    "trim": lambda run, a: a.strip(BLANKS) or None if _texts(a) else None,
    "slice": _cut,
}
