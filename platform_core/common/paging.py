"""Pages of a list that is never read to its end for a number."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from .numbers import whole

# So many rows past the beginning of the page are counted; beyond them a page says "and more".
COUNTED = 1000
FURTHEST = 10_000


def counted(rows: QuerySet, most: int = COUNTED) -> int:
    """How many rows there are, `most` at most, read in their own order and no further."""
    # What is shown of a row is not worked out for a number.
    return rows.values("pk")[:most].count()


def shown_count(count: int) -> int | str:
    """A number as people read it: past the last that is counted it says “or more”."""
    return count if count < COUNTED else f"{COUNTED - 1}+"


def page_of(rows: QuerySet, size: int, number) -> Page:
    """The page `number` (text of an address; nonsense is the first one) of `rows`, `size` a page.

    Its paginator counts only as far as COUNTED rows past the page, in the order of `rows`, so that
    an index in that order is enough; `has_more` says that there are further ones.
    """
    wanted = min(max(whole(str(number or "")) or 1, 1), FURTHEST)
    bound = (wanted - 1) * size + COUNTED
    paginator = Paginator(rows, size)
    paginator.count = counted(rows, bound)
    paginator.has_more = paginator.count == bound
    return paginator.get_page(wanted)
