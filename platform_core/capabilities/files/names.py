"""File names as people send them, made harmless to show and to save. Pure."""

import re
import unicodedata

LONGEST = 120
_INNER = re.compile(r"\.(?=[A-Za-z]{2,5}(?:\.|$))")
_FORBIDDEN = set('/\\:*?"<>|')


def clean_name(name: str) -> str:
    """The last part of `name` without control, format (right-to-left override) or path characters.

    Inner endings become part of the stem: "photo.exe.jpg" is "photo_exe.jpg". Never empty.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(
        char for char in name if unicodedata.category(char)[0] != "C" and char not in _FORBIDDEN
    )
    stem, dot, ending = name.strip(" .").rpartition(".")
    if not dot:
        return ending[:LONGEST] or "file"
    stem = _INNER.sub("_", stem).strip(" .")
    return f"{stem[:LONGEST] or 'file'}.{ending[:10].lower()}"


def ending_of(name: str) -> str:
    """The ending in small letters without its dot, "" when the name has none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""
