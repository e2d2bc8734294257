"""How people rated the unit's work: from whatever module collects ratings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.charts import lying
from platform_core.common.numbers import SMALLEST_GROUP, whole
from platform_core.common.satisfaction import rating_source

from .periods import Days, Period, month_title
from .policies import Scope
from .slices import days_of
from .tables import Cell, Column, Table, figure
from .wording import share, share_words

PAGE = 50


@dataclass(frozen=True)
class Ratings:
    """The ratings of a period: how many, and both tables. Below `SMALLEST_GROUP`
    there is no table by grade.
    """

    total: int
    grades: Table | None
    months: Table


def ratings(scope: Scope, period: Period, address) -> Ratings | None:
    """What people said about services of the period; None where nobody collects it.

    `address(days, grade)` is the list, which only heads have, and only of what is not too little.
    """
    source = rating_source()
    if source is None:
        return None
    scale, days = source.grades(), period.days
    by_grade, by_month = Counter(), Counter()
    good_of: Counter = Counter()
    good = {one.value for one in scale if one.is_good}
    counted = source.counted(scope.ids, days.first, days.until)
    for one in counted:
        by_month[one.month] += one.count
        good_of[one.month] += one.count if one.grade in good else 0
    for one in counted:
        # A month of too few is in no sum for whoever sees no single rating: less the others, it
        # would be what is left of the sum.
        if scope.has_names or by_month[one.month] >= SMALLEST_GROUP:
            by_grade[one.grade] += one.count
    total = sum(by_grade.values())

    def listed(days: Days, grade, count: int) -> str:
        return address(days, grade) if scope.has_names and count >= SMALLEST_GROUP else ""

    grades = None
    if total >= SMALLEST_GROUP:
        most = max(by_grade.values())
        rows = [
            [Cell(str(one.title)),
             figure(by_grade[one.value], listed(days, one.value, total),
                    bar=lying([by_grade[one.value]], most)),
             Cell(share(by_grade[one.value], total),
                  words=share_words(by_grade[one.value], total))]
            for one in scale
        ]  # fmt: skip
        titles = [
            Column("grade", _("Grade"), is_number=False),
            Column("count", _("Ratings"), has_bars=True),
            Column("share", pgettext("table", "Share")),
        ]
        grades = Table("grades", _("By grade"), titles, rows)
    months = []
    for month in _months(period):
        count, satisfied = by_month[month.first], good_of[month.first]
        words = share_words(satisfied, count) if count >= SMALLEST_GROUP or not count else _few()
        months.append([
            Cell(f"{month.first:%Y-%m}", words=month_title(month.first)),
            figure(count, listed(month, "", count)),
            Cell(share(satisfied, count), words=words),
        ])  # fmt: skip
    titles = [
        Column("month", pgettext("table", "Month"), is_number=False),
        Column("count", _("Ratings")),
        Column("satisfied", _("Satisfied")),
    ]
    table = Table("ratings", _("Ratings by month"), titles, months)
    return Ratings(sum(by_month.values()), grades, table)


def _few() -> str:
    return _("too few, so that nobody can be guessed")


def _months(period: Period) -> list[Days]:
    return Period("year", period.first).buckets() if period.kind == "year" else [
        one for one in period.twelve_months() if one.first >= period.first
    ]  # fmt: skip


@dataclass(frozen=True)
class RatingPage:
    rows: list
    days: Days
    total: int
    held_back: int
    number: int
    pages: int


def rating_page(user, scope: Scope, values, today) -> RatingPage:
    """The ratings behind a figure, for a head; Http404 for everybody else, and for too few."""
    source = rating_source()
    if source is None or not scope.has_names:
        raise Http404
    days = days_of(values, today)
    counted = source.counted(scope.ids, days.first, days.until)
    if sum(one.count for one in counted) < SMALLEST_GROUP:
        raise Http404
    number = max(whole(values.get("page", "")) or 1, 1)
    found, total, held = source.listed(
        user, scope.ids, days.first, days.until, whole(values.get("grade", "")),
        (number - 1) * PAGE, PAGE,
    )  # fmt: skip
    titles = {one.value: one.title for one in source.grades()}
    rows = [(one, titles[one.grade]) for one in found]
    return RatingPage(rows, days, total, held, number, max(-(-total // PAGE), 1))
