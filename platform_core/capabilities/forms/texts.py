"""What may stand in a typed text. Emoji and rare characters may; invisible commands may not."""

import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

REPLACEMENT = "\ufffd"
MAX_KEPT = 50_000
# Characters that turn the direction of writing make a text read other than it is stored.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
SEPARATORS = frozenset("\u2028\u2029")


def storable(text: str) -> str:
    """`text` as typed; NUL and half characters, which cannot be stored, are made visible as �."""
    text = text[:MAX_KEPT]
    if "\x00" not in text and text.isascii():
        return text
    return "".join(REPLACEMENT if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text)


def is_refused(char: str) -> bool:
    """Whether a character may not be in an answer (line breaks and tabs are looked at before)."""
    if char == REPLACEMENT or char in TURNING or char in SEPARATORS:
        return True
    kind = unicodedata.category(char)
    return kind in ("Cc", "Cs") or (kind == "Cn" and ord(char) & 0xFFFE == 0xFFFE)


def tidy_line(text: str) -> str:
    """One line: blanks at the ends go, tabs and line breaks become blanks."""
    return (
        text.replace("\r\n", " ").replace("\n", " ").replace("\r", " ").replace("\t", " ").strip()
    )


def tidy_lines(text: str) -> str:
    """Several lines: one kind of line break, blanks at both ends go."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def refused_characters(text: str) -> list[str]:
    """The kinds of refused characters in `text`, line breaks and tabs apart, as "U+0007"."""
    found = {char for char in text if char not in "\n\t" and is_refused(char)}
    return sorted(f"U+{ord(char):04X}" for char in found)


class Wrong(Exception):
    """The answer cannot be used; `inside` are places in it, such as `[0].name` or `.street`."""

    def __init__(self, message: str = "", inside: dict[str, str] | None = None):
        super().__init__(message)
        self.message = message
        self.inside = inside or {}


def as_text(raw) -> str:
    """A typed or sent scalar as text; anything else is refused."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Wrong(_("This answer does not have the right form."))
    return str(raw)


def checked(text: str) -> str:
    """`text`, when every character of it may be shown."""
    refused = refused_characters(text)
    if refused:
        raise Wrong(
            _("Remove the characters that cannot be shown (%(names)s).")
            % {"names": ", ".join(refused[:5])}
        )
    return text
