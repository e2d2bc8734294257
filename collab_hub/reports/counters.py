"""How often somebody was asked for what was known, and how many answers nobody had to give.

A collection that has ended carries its own figures: nothing is asked in it any more. What runs is
counted, and a page shows that count for some minutes.
"""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from .models import ReportAnswer, ReportCampaign, ReportValue

KEPT_SECONDS = 600


def counted_of(answers: QuerySet[ReportAnswer]) -> dict[str, int]:
    """{"asked_again", "spared"} of these answers."""
    day = TruncDate("filling__submitted_at")
    asked = answers.filter(is_known_before=False).annotate(day=day)
    earlier = ReportValue.objects.filter(
        department=OuterRef("filling__department"),
        version__field=OuterRef("column__version__field"),
        version__sense=OuterRef("column__version__sense"),
        at__lt=OuterRef("filling__submitted_at"),
        valid_until__gte=OuterRef("day"),
    ).exclude(chain=OuterRef("value__chain"))
    same_period = Exists(earlier.filter(period=OuterRef("filling__campaign__period")))
    of_any = Q(column__version__is_of_period=False) & Exists(earlier)
    return {
        "asked_again": asked.filter(same_period | of_any).count(),
        "spared": answers.filter(is_known_before=True).count(),
    }


def counters() -> dict[str, int]:
    """Both figures since the beginning: what ended collections carry, and what runs counted now.
    `asked_again` has to be 0.
    """
    kept = ReportCampaign.objects.exclude(spared=None)
    kept = kept.aggregate(asked_again=Sum("asked_again"), spared=Sum("spared"))
    live = counted_of(ReportAnswer.objects.filter(filling__campaign__spared=None))
    return {name: (kept[name] or 0) + live[name] for name in live}


def shown_counters() -> dict[str, int]:
    """As `counters`, not older than ten minutes."""
    return cache.get_or_set("report-counters", counters, KEPT_SECONDS)
