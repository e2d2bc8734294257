"""Cutting what people write into grams. Pure: Chinese becomes pairs of characters, English becomes
stems.

Two-character pairs are what short Chinese words need; they ask for no dictionary, so the name of
a new service is found the moment it is published.
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+")
LONGEST_WORD = 24
LONGEST_QUERY = 200


def _stop_lists() -> dict[str, str]:
    text = (Path(__file__).parent / "data" / "stop_words.txt").read_text(encoding="utf-8")
    lines = [line.split(":", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: words.strip() for name, words in lines}


_LISTS = _stop_lists()
# A pair holding a character of everyday phrasing says nothing about the matter.
FILLERS = set(_LISTS["characters"])
STOP_PAIRS = set(_LISTS["pairs"].split())
STOP_WORDS = set(_LISTS["words"].split())


def plain(text: str) -> str:
    """The text as it is compared: wide and narrow forms alike, small letters."""
    return unicodedata.normalize("NFKC", text).lower().replace("'", "")


def runs(text: str) -> list[str]:
    """The stretches of Chinese characters, and of Latin letters and digits, in order."""
    return RUNS.findall(plain(text))


def is_han(run: str) -> bool:
    return not run[0].isascii()


def pairs(run: str) -> list[str]:
    """The pairs of neighbouring characters of a Chinese run; a lone character stands for itself."""
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def says_nothing(gram: str) -> bool:
    """Whether a gram is everyday phrasing: "我想", "how to"."""
    if is_han(gram):
        return gram in STOP_PAIRS or any(char in FILLERS for char in gram)
    return gram in STOP_WORDS


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A crude stem: renting, rents and rented meet; short words stay."""
    for ending in ("ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return (word[: -len(ending)] + ("y" if ending == "ies" else ""))[:LONGEST_WORD]
    return word[:LONGEST_WORD]


@lru_cache(maxsize=20_000)
def grams(text: str) -> frozenset[str]:
    """All grams of a stored text."""
    found: set[str] = set()
    for run in runs(text):
        found |= {*pairs(run), *run} if is_han(run) else {stem(run)}
    return frozenset(found)


def mark_spans(text: str, wanted) -> list[tuple[str, bool]]:
    """`text` cut into (piece, is_hit), for highlighting what was searched for."""
    flags = [False] * len(text)
    lower = text.lower()
    if len(lower) != len(text):
        return [(text, False)]
    for gram in wanted:
        start = lower.find(gram)
        while start >= 0:
            flags[start : start + len(gram)] = [True] * len(gram)
            start = lower.find(gram, start + 1)
    pieces: list[tuple[str, bool]] = []
    begin = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or flags[index] != flags[begin]:
            pieces.append((text[begin:index], flags[begin]))
            begin = index
    return pieces
