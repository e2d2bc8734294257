"""What somebody typed into the address book, understood. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from platform_core.common.pinyin import name_sounds

LONGEST = 60
SHORTEST_SOUND = 2
END_DIGITS = 4


@dataclass(frozen=True)
class Wanted:
    """What was typed: as it stands, as sounds (letters without blanks), as the end of a number."""

    text: str
    sound: str = ""
    digits: str = ""


def understood(typed: str) -> Wanted:
    """Letters may be pinyin or first letters, digits the end of a telephone number; either may be
    typed in full width.
    """
    text = unicodedata.normalize("NFKC", typed).replace("\x00", "").strip()[:LONGEST]
    bare = text.lower().replace(" ", "").replace("'", "").replace("-", "")
    sound = bare.replace("ü", "v") if len(bare) >= SHORTEST_SOUND else ""
    is_sound = sound.isascii() and sound.isalpha()
    is_number = bare.isascii() and bare.isdigit() and len(bare) >= END_DIGITS
    return Wanted(text, sound if is_sound else "", bare if is_number else "")


def barred(name: str) -> str:
    """The sounds of a name as the card keeps them: |zhuqing|zq|."""
    sounds = sorted(name_sounds(name))
    return f"|{'|'.join(sounds)}|"[:500] if sounds else ""


def day_or_none(text: str) -> date | None:
    """The day that an address names, from 2000 to 2100; None for anything else."""
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-01-01") else None
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2100 else None
