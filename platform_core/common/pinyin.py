"""How Chinese is read aloud, without tones. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

DATA = Path(__file__).parent / "data" / "family_names.txt"


@lru_cache(maxsize=1)
def family_names() -> dict[str, tuple[str, ...]]:
    """{family name: its syllables} of those that are read otherwise than elsewhere."""
    lines = DATA.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {name: tuple(sounds) for name, *sounds in rows}


@lru_cache(maxsize=20_000)
def syllables(run: str) -> tuple[str, ...]:
    """The pinyin of a Chinese run, a syllable for each character; words decide how one that has
    several sounds is read.
    """
    found = lazy_pinyin(run, style=Style.NORMAL, errors=lambda text: list(text))
    return tuple(found) if len(found) == len(run) else ()


@lru_cache(maxsize=20_000)
def name_sounds(name: str) -> frozenset[str]:
    """What somebody may type for a person's name: all of it and its first letters, as it is usually
    read and as family names are ("zengxiaobo", "zxb"), with lü also as passports write it (lyu).
    """
    name = "".join(name.split()).lower()
    if not name:
        return frozenset()
    readings = {syllables(name)}
    # Names of two characters come first: what begins with one of them is no shorter name.
    known = sorted(family_names(), key=len, reverse=True)
    family = next((one for one in known if name.startswith(one)), "")
    if family:
        readings.add((*family_names()[family], *syllables(name[len(family) :])))
    found = set()
    for reading in readings:
        whole = "".join(reading)
        found |= {whole, whole.replace("lv", "lyu").replace("nv", "nyu")}
        found.add("".join(one[0] for one in reading if one))
    return frozenset(found - {""})
