"""One list out of tasks and items, read in order from their indexes, however many rows there are.

A *part* is what one share of a reader holds in one of the tables. Each part is read in its index's
order and only as far as a page needs; the database puts the parts together. Pages are found by the
last row shown, not by counting rows.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, DateTimeField, F, Func, QuerySet, UUIDField, Value

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# What is put in is SQL that Django compiled; every value is a parameter.
PART = "SELECT %s AS box, kind, napp, first FROM ({}) AS part (kind, napp, first)"
SURVEY = (
    "SELECT box, kind, napp, count(*), count(*) FILTER (WHERE first < %s),"
    " count(*) FILTER (WHERE first >= %s AND first < %s)"
    " FROM ({}) AS waiting GROUP BY box, kind, napp"
)


@dataclass(frozen=True)
class Part:
    """Rows of one table in the order of `first`, then of `opened_at` and `id`.

    `what` is "task" or "work"; parts of a higher `rank` come before those of a lower one.
    """

    what: str
    rows: QuerySet
    first: object
    rank: int = 0


@dataclass(frozen=True)
class Place:
    """A row's place in the order, as it stands in an address."""

    rank: int
    first: datetime
    opened_at: datetime
    id: UUID

    def written(self) -> str:
        """For an address; `read` is the way back."""
        moments = [(one - EPOCH) // MICROSECOND for one in (self.first, self.opened_at)]
        text = "/".join(map(str, [self.rank, *moments, self.id.hex]))
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place, or None for what no address of ours says."""
        try:
            padded = text[:200] + "=" * (-len(text[:200]) % 4)
            rank, first, opened, key = urlsafe_b64decode(padded.encode()).decode().split("/")
            moments = [EPOCH + int(one) * MICROSECOND for one in (first, opened)]
            return cls(int(rank), *moments, UUID(hex=key))
        except (ValueError, NotBase64, OverflowError):
            return None


@dataclass(frozen=True)
class Page:
    """Rows as (what, id), with the places to go on from; "" where the list ends."""

    rows: list[tuple[str, UUID]]
    before: str = ""
    after: str = ""


class _Row(Func):
    template = "(%(expressions)s)"
    output_field = BooleanField()


class _Beyond(Func):
    """Whether the first row stands after the second (before it, with "<")."""

    template = "%(expressions)s"
    output_field = BooleanField()


def page_of(
    parts: Iterable[Part], size: int, *, is_descending=False, after: str = "", before: str = ""
) -> Page:
    """The page of `size` rows after one place or before another; without either, or for
    what is no place, the first."""
    place = Place.read(after or before)
    is_back = place is not None and not after
    reads_down = is_descending != is_back
    limited = [
        _limited(part, place, reads_down, is_back, size + 1)
        for part in parts
        if place is None or _may_hold(part, place, is_back)
    ]
    rows = _together(limited, reads_down, is_back, size + 1)
    has_more, rows = len(rows) > size, rows[:size]
    if is_back:
        rows.reverse()
    places = [Place(*row[:4]).written() for row in (rows[0], rows[-1])] if rows else ["", ""]
    is_from_place = place is not None
    return Page(
        [(row[4], row[3]) for row in rows],
        places[0] if (has_more if is_back else is_from_place) else "",
        places[1] if (is_from_place if is_back else has_more) else "",
    )


def _may_hold(part: Part, place: Place, is_back: bool) -> bool:
    return part.rank >= place.rank if is_back else part.rank <= place.rank


def _limited(part: Part, place, reads_down: bool, is_back: bool, limit: int) -> QuerySet:
    rows = part.rows.order_by().annotate(
        rank=Value(part.rank), first=part.first, opened=F("opened_at"), what=Value(part.what)
    )
    if place is not None and place.rank == part.rank:
        here = _Row(part.first, F("opened_at"), F("id"))
        there = _Row(
            Value(place.first, output_field=DateTimeField()),
            Value(place.opened_at, output_field=DateTimeField()),
            Value(place.id, output_field=UUIDField()),
        )
        rows = rows.filter(_Beyond(here, there, arg_joiner=" < " if reads_down else " > "))
    sign = "-" if reads_down else ""
    rows = rows.order_by(f"{sign}first", f"{sign}opened", f"{sign}id")
    return rows.values_list("rank", "first", "opened", "id", "what")[:limit]


def _together(limited: list[QuerySet], reads_down: bool, is_back: bool, limit: int) -> list:
    if not limited:
        return []
    if len(limited) == 1:
        return list(limited[0])
    sign, ranks = ("-" if reads_down else ""), ("rank" if is_back else "-rank")
    found = limited[0].union(*limited[1:], all=True)
    return list(found.order_by(ranks, f"{sign}first", f"{sign}opened", f"{sign}id")[:limit])


@dataclass(frozen=True)
class Counted:
    """How many rows of one kind and N-app a box holds, and of these late ones and due today."""

    box: str
    kind: str
    napp: int | None
    rows: int
    late: int
    today: int


def survey(
    parts: Iterable[tuple[str, QuerySet]], most: int, now: datetime, midnight: datetime
) -> list[Counted]:
    """What lies in boxes, by kind and N-app, in one query.

    `parts` are (box, rows with the annotations kind_shown, napp_shown and first). Of each part the
    first `most` rows are looked at, so this costs the same for a hundred rows and a hundred
    thousand.
    """
    texts, values = [], []
    for box, rows in parts:
        rows = rows.order_by("first").values_list("kind_shown", "napp_shown", "first")[:most]
        try:
            text, given = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        texts.append(PART.format(text))
        values += [box, *given]
    if not texts:
        return []
    with connection.cursor() as cursor:
        statement = SURVEY.format(" UNION ALL ".join(texts))
        cursor.execute(statement, [now, now, midnight, *values])
        return [Counted(*row) for row in cursor.fetchall()]
