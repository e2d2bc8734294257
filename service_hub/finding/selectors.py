"""Finding: what answers a person's words at an end, of every kind."""

from dataclasses import dataclass, field

from .index import Hit, Index
from .query import Query
from .registry import index_for, kinds

MOST_HITS = 200
SUGGESTED = 6


@dataclass
class Answer:
    """Hits by kind, best first; `marked` grams to highlight; `read_as` corrections of slips."""

    by_kind: dict[str, list[Hit]] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    read_as: dict[str, str] = field(default_factory=dict)

    def others(self, kind: str) -> list[tuple[object, list[Hit]]]:
        """[(title, hits)] of all kinds but `kind`."""
        return [
            (source.title, self.by_kind[source.kind])
            for source in kinds()
            if source.kind != kind and self.by_kind.get(source.kind)
        ]


def find(text: str, end: str | None = None) -> Answer:
    """What answers `text` at an end; nothing for blanks and words that mean nothing here."""
    index = index_for(end)
    query, hits = _hits(index, text)
    answer = Answer({}, query.marked, query.read_as)
    for hit in hits[:MOST_HITS]:
        answer.by_kind.setdefault(hit.what.kind, []).append(hit)
    return answer


def suggest(text: str, end: str | None = None) -> list[Hit]:
    """The best few for words that are still being typed."""
    return _hits(index_for(end), text)[1][:SUGGESTED]


def _hits(index: Index, text: str) -> tuple[Query, list[Hit]]:
    query = index.understand(text)
    return query, index.search(query)
