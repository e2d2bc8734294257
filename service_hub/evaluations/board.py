"""Reads of the public board: counts by area, organ, item, channel and month.

Five queries for one table, whatever its size: cases, the two stages online, visits, and ratings
with their orders. All of them count by the same groups over the same days.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Substr, TruncMonth
from django.utils import timezone

from platform_core.common.days import midnight
from platform_core.common.numbers import whole
from security.organs.models import Department, Region
from security.organs.selectors import region_by_code
from service_hub.cases.models import Case
from service_hub.indicators import Filters, indicators
from service_hub.items.models import ServiceItem

from .figures import Counts, Figures, figures_of, hidden, is_small, published
from .models import Evaluation, Rectification, Visit

AREA, ORGAN, ITEM, CHANNEL, MONTH = "area", "organ", "item", "channel", "month"
WAYS = (AREA, ORGAN, ITEM, CHANNEL, MONTH)
MOST_ROWS = 200


@dataclass(frozen=True)
class Group:
    """One row of a table: its key and figures; the name is given where it is shown."""

    key: object
    figures: Figures


def total(filters: Filters, now: datetime | None = None) -> Figures:
    """The figures of everything under the filters; hidden when it is a small group itself."""
    counts = _counted(filters, None, now).get("", Counts())
    figures = figures_of(counts)
    return hidden(figures) if is_small(counts) else figures


def groups(filters: Filters, by: str, now: datetime | None = None) -> list[Group]:
    """The figures by area (the divisions below the chosen one), organ, item, channel or month."""
    counted = _counted(filters, by, now)
    keys = sorted(counted, key=lambda key: (key is None, str(key)))
    if by != MONTH:
        keys.sort(key=lambda key: -counted[key].services)
    keys = keys[:MOST_ROWS]
    return [
        Group(key, shown)
        for key, shown in zip(keys, published([counted[key] for key in keys]), strict=True)
    ]


def _counted(filters: Filters, by: str | None, now: datetime | None) -> dict:
    """{key of the group: Counts}; the key is "" without groups."""
    found: dict[object, dict] = {}

    def add(rows):
        for row in rows:
            key = row.pop("key")
            if not any(row.values()):
                continue  # a constant key makes a row of nothing at all
            key = key.date() if isinstance(key, datetime) else key
            group = found.setdefault(key, {})
            for name, value in row.items():
                group[name] = group.get(name, 0) + (value or 0)

    cases = _of_cases(filters)
    add(_by(cases, filters, "submitted_at", by, "channel").annotate(cases=Count("pk")))
    for moment in ("accepted_at", "decided_at"):
        add(_by(cases, filters, moment, by, "channel").annotate(services=Count("pk")))
    add(_by(_of_visits(filters), filters, "at", by, None).annotate(services=Count("pk")))
    rated = _by(_of_ratings(filters), filters, "served_at", by, "service_channel")
    rows = rated.annotate(**_of_orders(now or timezone.now()))
    add(_with_microseconds(row) for row in rows)
    names = {field.name for field in fields(Counts)}
    return {
        key: Counts(**{name: value for name, value in group.items() if name in names})
        for key, group in found.items()
    }


def _with_microseconds(row: dict) -> dict:
    took = row.pop("took")
    return {**row, "microseconds": took // timedelta(microseconds=1) if took else 0}


def _of_orders(now: datetime) -> dict:
    """What is counted of the ratings and their orders in one query."""
    kept = Q(is_excluded=False)
    order = kept & Q(rectification__isnull=False)
    answered = order & Q(rectification__answered_at__isnull=False)
    in_time = answered & Q(rectification__answered_at__lte=F("rectification__answer_due_at"))
    took = ExpressionWrapper(
        F("rectification__answered_at") - F("rectification__opened_at"), DurationField()
    )
    return {
        "ratings": Count("pk", filter=kept),
        "good": Count("pk", filter=kept & Q(grade__gte=Evaluation.Grade.FAIR)),
        "bad": Count("pk", filter=kept & Q(grade__lte=Evaluation.Grade.BAD)),
        "excluded": Count("pk", filter=Q(is_excluded=True)),
        "due": Count("pk", filter=answered | (order & Q(rectification__answer_due_at__lt=now))),
        "in_time": Count("pk", filter=in_time),
        "named": Count("pk", filter=order & Q(is_real_name=True)),
        "called_back": Count(
            "pk",
            filter=order & Q(is_real_name=True, rectification__called_back_at__isnull=False),
        ),
        "rectified": Count("pk", filter=answered),
        "took": Sum(took, filter=answered),
    }


def _by(rows: QuerySet, filters: Filters, moment: str, by, channel: str | None) -> QuerySet:
    """The rows of the days as {"key"}; a channel of None is the window."""
    days = {f"{moment}__gte": midnight(filters.first), f"{moment}__lt": midnight(filters.until)}
    rows = rows.filter(**days)
    key = {
        None: Value(""),
        AREA: Substr("department__region__path", 1, _path_length(filters.region)),
        ORGAN: F("department"),
        ITEM: F("item"),
        CHANNEL: F(channel) if channel else Value("window"),
        MONTH: TruncMonth(moment),
    }[by]
    return rows.order_by().annotate(key=key).values("key")


def _path_length(region: Region | None) -> int:
    """How long the path of a division below `region` is: codes have six digits down to the county,
    nine for a town, twelve for a village, each followed by a stroke.
    """
    if region is None:
        return 14  # the cities of the province
    below = {Region.Level.COUNTY: 9, Region.Level.TOWN: 12}.get(region.level, 6)
    return len(region.path) + below + 1


def _of_cases(filters: Filters) -> QuerySet:
    rows = _narrowed(Case.objects.all(), filters)
    return rows.filter(channel=filters.channel) if filters.channel else rows


def _of_visits(filters: Filters) -> QuerySet:
    rows = _narrowed(Visit.objects.all(), filters)
    return rows if filters.channel in ("", "window") else rows.none()


def _of_ratings(filters: Filters) -> QuerySet:
    rows = _narrowed(Evaluation.objects.all(), filters)
    return rows.filter(service_channel=filters.channel) if filters.channel else rows


def _narrowed(rows: QuerySet, filters: Filters) -> QuerySet:
    if filters.region is not None:
        rows = rows.filter(department__region__path__startswith=filters.region.path)
    if filters.department is not None:
        rows = rows.filter(department=filters.department)
    if filters.item is not None:
        rows = rows.filter(item=filters.item)
    return rows


def counters(filters: Filters) -> list[dict]:
    """The figures that other modules registered; those with nothing to say are left out."""
    found = [(one, one.compute(filters)) for one in indicators()]
    return [
        {"key": one.key, "title": one.title, "unit": one.unit, "value": value}
        for one, value in found
        if value is not None
    ]


def names_of(keys: list, by: str) -> dict:
    """{key: Region, Department or ServiceItem} for the rows of a table; in one query."""
    if by == AREA:
        codes = {str(key).rstrip("/").rsplit("/", 1)[-1]: key for key in keys if key}
        return {codes[one.code]: one for one in Region.objects.filter(code__in=codes)}
    model = {ORGAN: Department, ITEM: ServiceItem}.get(by)
    return model.objects.in_bulk([key for key in keys if key]) if model else {}


def fixed_reviews(filters: Filters) -> QuerySet[Rectification]:
    """Closed bad reviews with what was done, newest first; the words are screened where they are
    shown, with an area and a service, no day and no window.
    """
    orders = Rectification.objects.filter(state=Rectification.State.CLOSED).exclude(answer="")
    served = {
        "evaluation__served_at__gte": midnight(filters.first),
        "evaluation__served_at__lt": midnight(filters.until),
    }
    orders = orders.filter(**served).select_related(
        "evaluation__item", "evaluation__department__region"
    )
    if filters.region is not None:
        path = filters.region.path
        orders = orders.filter(evaluation__department__region__path__startswith=path)
    if filters.department is not None:
        orders = orders.filter(evaluation__department=filters.department)
    if filters.item is not None:
        orders = orders.filter(evaluation__item=filters.item)
    if filters.channel:
        orders = orders.filter(evaluation__service_channel=filters.channel)
    return orders.order_by("-closed_at", "-pk")


def chosen(query) -> tuple[Filters, str]:
    """(filters, by) from an address: `from` and `to` are months (YYYY-MM), twelve by default; what
    cannot be read counts as not chosen.
    """
    today = timezone.localdate()
    last = _month(query.get("to", "")) or today.replace(day=1)
    first = _month(query.get("from", "")) or _months_back(last, 11)
    if first > last:
        first, last = last, first
    department, item = whole(query.get("organ", "")), whole(query.get("item", ""))
    code = query.get("area", "")
    filters = Filters(
        first=first,
        until=_months_back(last, -1),
        region=region_by_code(code[:12]) if code.isdigit() else None,
        department=Department.objects.filter(pk=department).first() if department else None,
        item=ServiceItem.objects.filter(pk=item).first() if item else None,
        channel=query.get("channel", "")[:20].replace("\x00", ""),
    )
    by = query.get("by", AREA)
    return filters, by if by in WAYS else AREA


def _month(text: str) -> date | None:
    try:
        found = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def _months_back(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def last_month(filters: Filters) -> date:
    """The last month that is counted."""
    return _months_back(filters.until, 1)
