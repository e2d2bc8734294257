"""An index of everything that can be found at one service end, kept in memory. Pure.

Made anew when something is published, opened or closed: a province offers some thousand things,
and reading them takes less than a request.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from math import log

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from .query import Query, Unit, understand
from .sounds import initial_grams, sound_grams
from .words import grams, is_han, runs, says_nothing

TITLE, KEYWORDS, SUMMARY, BODY = 3.0, 2.5, 1.2, 0.5
SHORTEST_CORRECTED = 4
SHORTEST_BEGINNING = 3
MOST_CORRECTIONS = 3
# A hit must answer this share of what was said, and this share of what the best hit answers.
LEAST_COVERAGE, LEAST_OF_BEST = 0.2, 0.25
UNKNOWN_COUNTS = 0.3


@dataclass(frozen=True)
class Findable:
    """Something people may look for. `key` names it within its `kind`; `title` and `summary` are
    {"zh", "en"}; `body` is what else it says; `view` with `args` is its page at the end where it
    was found; `used` is how often it was used lately.
    """

    kind: str
    key: str
    title: dict
    summary: dict
    keywords: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    view: str = ""
    args: tuple = ()
    icon: str = "file-text"
    used: int = 0


@dataclass(frozen=True)
class Hit:
    """A findable with its score."""

    what: Findable
    score: float


class Index:
    """What can be found, with its grams and how rare each is."""

    def __init__(self, findables: Iterable[Findable]):
        self.findables = list(findables)
        self.grams: list[dict[str, float]] = [_weighted(one) for one in self.findables]
        self.titles = [_title_grams(one) for one in self.findables]
        self.places: dict[str, list[int]] = defaultdict(list)
        for number, weighted in enumerate(self.grams):
            for gram in weighted:
                self.places[gram].append(number)
        self.vocabulary = _vocabulary(self.findables)

    def knows(self, gram: str) -> bool:
        """Whether anything here contains `gram`."""
        return gram in self.places

    def nearest(self, word: str) -> list[str]:
        """At most three words of the texts that are spelt nearly like `word`, best first."""
        if len(word) < SHORTEST_CORRECTED or not word.isalpha():
            return []
        allowed = 1 if len(word) < 7 else 2
        near = process.extract(
            word, self.vocabulary, scorer=DamerauLevenshtein.distance,
            score_cutoff=allowed, limit=MOST_CORRECTIONS * 4,
        )  # fmt: skip
        found = sorted(near, key=lambda one: (one[1], -fuzz.ratio(word, one[0]), one[0]))
        return [one[0] for one in found if one[0][0] == word[0]][:MOST_CORRECTIONS]

    def beginning(self, word: str) -> list[str]:
        """At most three words of the texts that begin with `word`, the frequent first."""
        if len(word) < SHORTEST_BEGINNING:
            return []
        found = (one for one in self.vocabulary if one.startswith(word))
        return list(islice(found, MOST_CORRECTIONS))

    def understand(self, text: str) -> Query:
        """What `text` asks for, given what exists here."""
        return understand(text, self)

    def search(self, query: Query) -> list[Hit]:
        """What answers the query, best first; among equals what is used more."""
        if not query.units:
            return []
        found: Counter[int] = Counter()
        covered: Counter[int] = Counter()
        asked = 0.0
        for unit in query.units:
            asked += self._worth(unit)
            for number, (points, worth) in self._answers(unit).items():
                found[number] += points
                covered[number] += worth
        hits = []
        for number, points in found.items():
            coverage = covered[number] / asked if asked else 0
            if coverage >= LEAST_COVERAGE:
                score = points * (0.4 + coverage) + 2 * self._title_share(number, query)
                hits.append(Hit(self.findables[number], score))
        best = max((hit.score for hit in hits), default=0)
        kept = [hit for hit in hits if hit.score >= LEAST_OF_BEST * best]
        return sorted(kept, key=lambda hit: (-round(hit.score, 6), -hit.what.used, hit.what.key))

    def rarity(self, gram: str) -> float:
        """How telling a gram is: the rarer, the more."""
        count = len(self.places.get(gram, ()))
        return log(1 + (len(self.findables) + 1) / (count + 0.5))

    def _worth(self, unit: Unit) -> float:
        known = [self._mean_rarity(one.grams) for one in unit.alternatives if self._is_known(one)]
        return max(known) if known else UNKNOWN_COUNTS * log(1 + len(self.findables))

    def _is_known(self, alternative) -> bool:
        return any(gram in self.places for gram in alternative.grams)

    def _mean_rarity(self, several) -> float:
        return sum(map(self.rarity, several)) / len(several)

    def _answers(self, unit: Unit) -> dict[int, tuple[float, float]]:
        """{number of a findable: (points, share of what was asked)} by its best alternative."""
        best: dict[int, tuple[float, float]] = {}
        worth = self._worth(unit)
        for one in unit.alternatives:
            rarity = self._mean_rarity(one.grams) if self._is_known(one) else 0
            for number in {n for gram in one.grams for n in self.places.get(gram, ())}:
                weights = [self.grams[number].get(gram, 0.0) for gram in one.grams]
                complete = sum(1 for weight in weights if weight) / len(weights)
                # Half of a word is hardly the word.
                points = one.weight * rarity * complete * sum(weights) / len(weights)
                if points > best.get(number, (0, 0))[0]:
                    best[number] = (points, one.weight * complete * worth)
        return best

    def _title_share(self, number: int, query: Query) -> float:
        """How much of the shorter title was asked for."""
        wanted = set(query.marked)
        shares = [len(title & wanted) / len(title) for title in self.titles[number] if title]
        return max(shares, default=0)


def _weighted(one: Findable) -> dict[str, float]:
    """Every gram of a findable with the best weight of the part that has it."""
    found: dict[str, float] = {}
    words = " ".join(one.keywords)
    for weight, text in (
        (TITLE, " ".join(one.title.values())),
        (KEYWORDS, words),
        (SUMMARY, " ".join(one.summary.values())),
        *((BODY, text) for text in one.body),
    ):
        for gram in grams(text):
            found.setdefault(gram, weight)
    for weight, text in ((TITLE, one.title.get("zh", "")), (KEYWORDS, words),
                         (SUMMARY, one.summary.get("zh", ""))):  # fmt: skip
        for gram in sound_grams(text):
            found.setdefault(gram, weight)
    for gram in initial_grams(one.title.get("zh", ""), whole=False):
        found.setdefault(gram, TITLE)
    for word in one.keywords:
        for gram in initial_grams(word, whole=True):
            found.setdefault(gram, TITLE)
    return found


def _title_grams(one: Findable) -> list[set[str]]:
    return [
        {gram for gram in grams(text) if len(gram) > 1 and not says_nothing(gram)}
        for text in one.title.values()
    ]


def _vocabulary(findables: list[Findable]) -> list[str]:
    """The words with letters that stand in titles, keywords and summaries, most frequent first."""
    words: Counter[str] = Counter()
    for one in findables:
        for text in (*one.title.values(), *one.keywords, *one.summary.values()):
            words.update(run for run in runs(text) if not is_han(run) and run.isalpha())
    return [word for word, _count in words.most_common() if len(word) >= SHORTEST_CORRECTED - 1]
