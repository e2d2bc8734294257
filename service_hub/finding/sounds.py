"""How Chinese sounds: pinyin of what is stored, and what somebody meant who typed by sound.

Each sound is kept as it is ("~zu fang") and as a careless speaker says it ("%zu fan"): many do not
tell zh from z, ch from c, sh from s, -ng from -n.
"""

from functools import lru_cache
from itertools import pairwise

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from platform_core.common.pinyin import syllables

from .words import is_han, runs

SHORTEST_INITIALS = 2
LONGEST_INITIALS = 8
MOST_LETTERS = 40


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], int]:
    """All syllables of pinyin without tones, and the length of the longest."""
    marked = {sound for sounds in PINYIN_DICT.values() for sound in sounds.split(",")}
    plain = {to_normal(sound).replace("ü", "v") for sound in marked}
    found = frozenset(one for one in plain if one.isascii() and one.isalpha() and len(one) <= 6)
    return found | {"lv", "nv"}, max(map(len, found))


def loose(syllable: str) -> str:
    """A syllable as a careless speaker says it."""
    for exact, careless in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if syllable.startswith(exact):
            syllable = careless + syllable[2:]
    if syllable.endswith("ng"):
        syllable = syllable[:-1]
    return syllable


def sound_pairs(sounds) -> list[str]:
    """Neighbouring syllables as grams: "~gong ji"."""
    return [f"~{a} {b}" for a, b in pairwise(sounds)]


def loose_pairs(sounds) -> list[str]:
    """The same as careless speakers say them: "%gon ji"."""
    return [f"%{pair[1:]}" for pair in sound_pairs([loose(one) for one in sounds])]


@lru_cache(maxsize=20_000)
def sound_grams(text: str) -> frozenset[str]:
    """The sounds of all Chinese runs of a stored text."""
    return frozenset(
        gram
        for run in runs(text)
        if is_han(run)
        for gram in (*sound_pairs(syllables(run)), *loose_pairs(syllables(run)))
    )


@lru_cache(maxsize=20_000)
def initial_grams(text: str, *, whole: bool) -> frozenset[str]:
    """First letters, as people abbreviate: gjj. `whole` runs only, else also every part of them
    of three letters and more.
    """
    found: set[str] = set()
    for run in runs(text):
        if not is_han(run):
            continue
        letters = "".join(sound[0] for sound in syllables(run) if sound)
        if SHORTEST_INITIALS <= len(letters) <= LONGEST_INITIALS:
            found.add(f"^{letters}")
        if not whole:
            for size in range(3, min(len(letters), LONGEST_INITIALS) + 1):
                found |= {f"^{letters[i : i + size]}" for i in range(len(letters) - size + 1)}
    return frozenset(found)


@lru_cache(maxsize=5_000)
def read_pinyin(letters: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read letters as syllables, fewest syllables first; () when they are no pinyin."""
    if not letters.isalpha() or len(letters) > MOST_LETTERS:
        return ()
    known, longest = _known()
    ways: list[list[tuple[str, ...]]] = [[()]] + [[] for _ in letters]
    for end in range(1, len(letters) + 1):
        for begin in range(max(0, end - longest), end):
            if letters[begin:end] in known:
                ways[end] += [(*way, letters[begin:end]) for way in ways[begin]]
        ways[end] = sorted(ways[end], key=len)[:4]
    return tuple(ways[-1])
