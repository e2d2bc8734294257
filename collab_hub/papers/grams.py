"""Cutting texts for the search: Chinese into pairs of neighbouring characters, the rest into words.
Pure.
"""

import re
import unicodedata

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+")
LONGEST_WORD = 24
LONGEST_QUERY = 60


def plain(text: str) -> str:
    """The text as it is compared: wide and narrow forms alike, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def grams(text: str) -> list[str]:
    """Every gram of a stored text, sorted; lone characters too, so that one may be looked for."""
    found: set[str] = set()
    for run in RUNS.findall(plain(text)):
        if run[0].isascii():
            found.add(run[:LONGEST_WORD])
        else:
            found |= {run[at : at + 2] for at in range(len(run) - 1)} | set(run)
    return sorted(found)


def asked(text: str) -> tuple[list[str], list[str]]:
    """(grams that a text must have, runs that it must hold) for what somebody typed."""
    runs = RUNS.findall(plain(text[:LONGEST_QUERY]))
    wanted: set[str] = set()
    for run in runs:
        pairs = {run[at : at + 2] for at in range(len(run) - 1)}
        wanted |= {run[:LONGEST_WORD]} if run[0].isascii() else (pairs or {run})
    return sorted(wanted), runs
