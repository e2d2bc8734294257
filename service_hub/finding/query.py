"""What somebody typed, understood: units of meaning, each with the grams that would answer it."""

from dataclasses import dataclass

from . import sounds
from .meanings import meant_by, meant_by_sound
from .words import LONGEST_QUERY, grams, is_han, pairs, plain, runs, says_nothing, stem

MOST_UNITS = 40
# How well an alternative answers what was said, 1 being the word itself.
SAID, MEANT, TYPED_BY_SOUND, ABBREVIATED, MISSPELT = 1.0, 0.85, 0.9, 0.9, 0.7
CARELESSLY, BEGUN = 0.8, 0.6
# Of pinyin that is still being typed, so many letters may be too few for a syllable.
OPEN_LETTERS = 3
# The same sound of another word: much when the word is unknown, little when it exists.
SOUNDS_LIKE, SOUNDS_LIKE_TOO = 0.7, 0.25


@dataclass(frozen=True)
class Alternative:
    """Grams that together answer a unit, and how well."""

    weight: float
    grams: tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """One thing that was said; the best of its alternatives counts."""

    alternatives: tuple[Alternative, ...]
    is_telling: bool = True


@dataclass(frozen=True)
class Query:
    """All units of a query, `marked` grams to highlight, and `read_as`: {typed: taken for}."""

    units: tuple[Unit, ...]
    marked: tuple[str, ...]
    read_as: dict[str, str]


def understand(text: str, vocabulary) -> Query:
    """The query that `text` is. `vocabulary` tells which grams exist (`knows`) and which words are
    spelt nearly the same (`nearest`) or begin so (`beginning`). Only telling units are kept when
    there are any.
    """
    units: list[Unit] = []
    read_as: dict[str, str] = {}
    for part, meant in _parts(plain(text[:LONGEST_QUERY])):
        if meant:
            units.append(_meaning(part, meant))
            continue
        for run in _joined(runs(part), vocabulary):
            if is_han(run):
                units += [_pair(pair, vocabulary) for pair in pairs(run)]
            elif typed := _by_sound(run, vocabulary):
                units += typed
            else:
                units.append(_word(run, vocabulary, read_as))
    telling = [unit for unit in units if unit.is_telling]
    kept = tuple(dict.fromkeys(telling or units))[:MOST_UNITS]
    marked = [gram for unit in kept for one in unit.alternatives for gram in one.grams]
    shown = tuple(dict.fromkeys(gram for gram in marked if gram[0] not in "~%^"))
    return Query(kept, shown, read_as)


def _parts(text: str):
    """(stretch of text, official words it means), cut at the sayings."""
    at = 0
    for said, meant in meant_by(text):
        begin = text.index(said, at)
        if begin > at:
            yield text[at:begin], ()
        yield said, meant
        at = begin + len(said)
    if at < len(text):
        yield text[at:], ()


def _meaning(said: str, meant) -> Unit:
    itself = tuple(
        gram for run in runs(said) for gram in (pairs(run) if is_han(run) else [stem(run)])
    )
    words = [tuple(sorted(_telling(word))) for word in meant]
    return Unit((Alternative(SAID, itself), *(Alternative(MEANT, one) for one in words if one)))


def _telling(word: str) -> list[str]:
    """The pairs and stems of an official word, without lone characters."""
    return [gram for gram in grams(word) if len(gram) > 1]


def _joined(found: list[str], vocabulary) -> list[str]:
    """Pinyin that was typed syllable by syllable is one word."""
    out: list[str] = []
    open_end = False
    for run in found:
        ways = () if is_han(run) or vocabulary.knows(stem(run)) else sounds.read_pinyin(run)
        is_syllable = bool(ways) and len(ways[0]) == 1
        if is_syllable and open_end:
            out[-1] += run
        else:
            out.append(run)
        open_end = is_syllable
    return out


def _pair(pair: str, vocabulary) -> Unit:
    alternatives = [Alternative(SAID, (pair,))]
    weight = SOUNDS_LIKE_TOO if vocabulary.knows(pair) else SOUNDS_LIKE
    read = sounds.syllables(pair)
    for share, heard in ((1.0, sounds.sound_pairs(read)), (CARELESSLY, sounds.loose_pairs(read))):
        if heard and vocabulary.knows(heard[0]):
            alternatives.append(Alternative(share * weight, (heard[0],)))
    return Unit(tuple(alternatives), not says_nothing(pair))


def _by_sound(word: str, vocabulary) -> list[Unit]:
    """The units of a word in pinyin: a saying typed by its sound or its first letters, else each
    pair of syllables; nothing when it is no pinyin of anything here.
    """
    if says_nothing(word) or vocabulary.knows(stem(word)):
        return []
    if meant := meant_by_sound(word):
        return [_meaning(*meant)]
    for way in _readings(word):
        exact, careless = sounds.sound_pairs(way), sounds.loose_pairs(way)
        if any(vocabulary.knows(gram) for gram in (*exact, *careless)):
            return [
                Unit(
                    (
                        Alternative(TYPED_BY_SOUND, (one,)),
                        Alternative(TYPED_BY_SOUND * CARELESSLY, (other,)),
                    )
                )
                for one, other in zip(exact, careless, strict=True)
            ]
    return []


def _readings(word: str):
    """The ways to read the word as pinyin, or what is finished of it."""
    for cut in range(OPEN_LETTERS + 1):
        ways = sounds.read_pinyin(word[: len(word) - cut])
        if ways and len(ways[0]) > 1:
            return ways
    return ()


def _word(word: str, vocabulary, read_as: dict[str, str]) -> Unit:
    root = stem(word)
    alternatives = [Alternative(SAID, (root,))]
    if not vocabulary.knows(root) and not says_nothing(word):
        if vocabulary.knows(f"^{word}"):
            alternatives.append(Alternative(ABBREVIATED, (f"^{word}",)))
        begun = vocabulary.beginning(word)
        alternatives += [Alternative(BEGUN, (stem(one),)) for one in begun]
        for near in () if begun else vocabulary.nearest(word):
            alternatives.append(Alternative(MISSPELT, (stem(near),)))
            read_as.setdefault(word, near)
    return Unit(tuple(alternatives), not says_nothing(word))
