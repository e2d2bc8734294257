"""What people say, and what offices call it."""

from functools import lru_cache
from pathlib import Path

from .sounds import syllables
from .words import is_han, plain

SHORTEST_BY_SOUND = 3


@lru_cache(maxsize=1)
def _meanings() -> dict[str, tuple[str, ...]]:
    """{said: official words}; lines of the data file read "said, said = word, word"."""
    text = (Path(__file__).parent / "data" / "meanings.txt").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            said, _equals, meant = line.partition("=")
            words = tuple(word.strip() for word in meant.split(","))
            for one in said.split(","):
                key = plain(one.strip())
                found[key] = (*found.get(key, ()), *words)
    return found


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _meanings()))


def meant_by(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """[(what was said, official words)] of the sayings in a plain text; a longer saying hides the
    shorter ones in it. English sayings are whole words.
    """
    known, found, at = _meanings(), [], 0
    while at < len(text):
        for size in range(min(_longest(), len(text) - at), 0, -1):
            said = text[at : at + size]
            if said in known and _stands_alone(text, at, said):
                found.append((said, known[said]))
                at += size
                break
        else:
            at += 1
    return found


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, str]:
    """{pinyin in one word, or first letters: the Chinese saying}; what two share is left out."""
    found: dict[str, set[str]] = {}
    for said in _meanings():
        read = syllables(said) if is_han(said) else ()
        if len(read) >= SHORTEST_BY_SOUND:
            for key in ("".join(read), "".join(one[0] for one in read)):
                found.setdefault(key, set()).add(said)
    return {key: said.pop() for key, said in found.items() if len(said) == 1}


def meant_by_sound(letters: str) -> tuple[str, tuple[str, ...]] | None:
    """(saying, official words) of a saying typed in pinyin, or None."""
    said = _by_sound().get(letters)
    return (said, _meanings()[said]) if said else None


def _stands_alone(text: str, at: int, said: str) -> bool:
    if is_han(said):
        return True
    before, after = text[:at][-1:], text[at + len(said) :][:1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())
