"""Turning words into search grams. Pure: Chinese becomes pairs of characters, English becomes
stems.

Two-character pairs are what short Chinese words need; they work in a plain GIN array index, without
a database extension.
"""

import re
import unicodedata
from pathlib import Path

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+")
LONGEST = 24
MOST = 40


def _stop_lists() -> dict[str, str]:
    text = (Path(__file__).parent / "data" / "stop_words.txt").read_text(encoding="utf-8")
    lines = [line.split(":", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: words.strip() for name, words in lines}


_LISTS = _stop_lists()
# A pair holding a character of everyday phrasing says nothing about the matter.
FILLERS = set(_LISTS["characters"])
STOP_PAIRS = set(_LISTS["pairs"].split())
STOP_WORDS = set(_LISTS["words"].split())


def grams(text: str) -> set[str]:
    """All search grams of a stored text."""
    found: set[str] = set()
    for run in RUNS.findall(_plain(text)):
        found |= _pairs(run) if _is_han(run) else {_stem(run)[:LONGEST]}
    return found


def all_grams(texts) -> list[str]:
    """The grams of several texts together, sorted, as a search index keeps them."""
    return sorted(set().union(*(grams(text) for text in texts)))


def query_grams(text: str) -> list[str]:
    """The grams of what a person typed, without filler words; at most 40, in order."""
    telling, others = [], []
    for run in RUNS.findall(_plain(text[:200])):
        if _is_han(run):
            for pair in _ordered_pairs(run):
                filler = pair in STOP_PAIRS or any(char in FILLERS for char in pair)
                (others if filler else telling).append(pair)
        else:
            (others if run in STOP_WORDS else telling).append(_stem(run)[:LONGEST])
    return list(dict.fromkeys(telling or others))[:MOST]


def score(wanted: list[str], weighted: list[tuple[int, set[str]]]) -> float:
    """How well a text answers: the sum over wanted grams of the best weight of a part that has it.

    `weighted` holds the parts as (weight, grams). 0 when only a stray pair of a long question
    agrees.
    """
    if not wanted:
        return 0.0
    hits = [
        max((weight for weight, part in weighted if gram in part), default=0) for gram in wanted
    ]
    share = sum(1 for hit in hits if hit) / len(wanted)
    if share < 0.2 or (share < 0.5 and max(hits) < 2):
        return 0.0
    return sum(hits) * (0.5 + share)


def mark_spans(text: str, wanted: list[str]) -> list[tuple[str, bool]]:
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


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _is_han(run: str) -> bool:
    return not run[0].isascii()


def _ordered_pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def _pairs(run: str) -> set[str]:
    return set(_ordered_pairs(run)) | set(run)


def _stem(word: str) -> str:
    """A crude stem: renting, rents and rented meet; short words stay."""
    for ending in ("ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
