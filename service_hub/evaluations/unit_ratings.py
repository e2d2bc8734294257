"""The ratings of an organ's services for its dashboard.

They count as on the public board: in the month of the service, by the first grade, excluded ones
nowhere. Single ratings of somebody's own work stay closed to them until the month is over and
nothing is under way, so that nobody is asked about a rating.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.days import midnight
from platform_core.common.i18n import pick
from platform_core.common.satisfaction import (
    Counted,
    Grade,
    Rated,
    RatingSource,
    register_ratings,
)
from service_hub.cases.subjects import case_pages

from .models import Evaluation, Rectification


def grades() -> list[Grade]:
    """The five grades, the best first; from “fairly satisfied” on they count as satisfied."""
    good = Evaluation.Grade.FAIR
    return [
        Grade(value, title, value >= good) for value, title in reversed(Evaluation.Grade.choices)
    ]


def counted(departments, first: date, until: date) -> list[Counted]:
    """How many ratings of each grade and month; one query."""
    by = _rows(departments, first, until).values("grade", month=TruncMonth("served_at"))
    return [
        Counted(timezone.localdate(line["month"]), line["grade"], line["count"])
        for line in by.annotate(count=Count("pk")).order_by("month", "grade")
    ]


def listed(
    user, departments, first: date, until: date, grade: int | None, start: int, size: int
) -> tuple[list[Rated], int, int]:
    """A slice of the ratings that `user` may see one by one, how many these are, and how many are
    held back; constant queries.
    """
    found = _rows(departments, first, until)
    if grade is not None:
        found = found.filter(grade=grade)
    held = found.filter(_held_back(user)).count()
    shown = found.exclude(_held_back(user)) if held else found
    total = shown.count()
    rows = shown.select_related("item", "case").order_by("-served_at", "-pk")
    rows = list(rows[start : start + size])
    pages = case_pages(user, {one.case_id for one in rows if one.case_id})
    return [_rated(one, pages) for one in rows], total, held


def _rated(one: Evaluation, pages: dict) -> Rated:
    title = pick(one.item.title) if one.item else _("Visit to a window")
    number = one.case.number if one.case and one.case_id in pages else ""
    return Rated(one.served_at, title, number, one.grade, pages.get(one.case_id, ""))


def _rows(departments, first: date, until: date) -> QuerySet[Evaluation]:
    begins, ends = midnight(first), midnight(until)
    return Evaluation.objects.filter(
        department__in=departments, served_at__gte=begins, served_at__lt=ends, is_excluded=False
    )


def _held_back(user) -> Q:
    month = midnight(timezone.localdate().replace(day=1))
    runs = Q(rectification__isnull=False) & ~Q(rectification__state__in=Rectification.FINAL)
    return Q(officer=user) & (Q(rated_at__gte=month) | runs)


register_ratings(RatingSource(grades, counted, listed))
