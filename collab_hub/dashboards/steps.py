"""Where time is lost: how long each step of each process version waits and is worked on.

A step *waits* from its opening until somebody sets about it (claims it, stops the clock for a
hearing, asks for an opinion or a signature), and is *worked on* from then until it is done; the log
of the process says when. A step that nobody claimed waits until it is done: who decides it straight
from the pool has not said when they began. Days on which the clock was stopped by the law count for
neither. Times are calendar time, nights and holidays included, as people outside live through them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Greatest, Least

from platform_core.capabilities.process.models import ProcessEvent
from platform_core.capabilities.process.suspension.models import Suspension
from platform_core.napps.selectors import versions_named

from . import rows
from .periods import Period
from .policies import Scope
from .slices import FINISHED, Slice

BEGINNINGS = ("claimed", "suspended", "opinion_asked", "signer_added")
NOTHING = timedelta(0)
BY = ("instance__napp_version", "instance__process_key", "node")
# So many steps stand in the table.
MOST = 30


class Percentile(Aggregate):
    """The value below which a share of the rows lies, between two of them in proportion."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "percentile"

    def __init__(self, expression, share: float, **extra):
        super().__init__(expression, share=share, output_field=DurationField(), **extra)


@dataclass
class Step:
    """One step of one version of a process; `done` in the period, `queue` now. The times are
    medians and ninetieth percentiles, None when nothing was done.
    """

    key: tuple[int, str, str]
    title: dict
    service: object
    version: str
    done: int = 0
    waits: timedelta | None = None
    waits_90: timedelta | None = None
    works: timedelta | None = None
    works_90: timedelta | None = None
    waited: timedelta = NOTHING
    worked: timedelta = NOTHING
    queue: int = 0
    late: int = 0
    oldest: datetime | None = None

    @property
    def total(self) -> timedelta:
        return self.waited + self.worked


def steps(scope: Scope, period: Period, now: datetime) -> list[Step]:
    """The steps at which something was done in the period or waits now, those that took most time
    first. Three queries.
    """
    lines: dict[tuple, dict] = defaultdict(dict)
    for line in _done(scope, period, now):
        lines[tuple(line[one] for one in BY)] |= line
    for line in _queues(scope, now):
        lines[tuple(line[one] for one in BY)] |= line
    versions = versions_named({key[0] for key in lines})
    found = [_step(key, line, versions) for key, line in lines.items()]
    return sorted(found, key=lambda one: (-one.total, -one.queue, one.key))


def _step(key, line: dict, versions) -> Step:
    version = versions[key[0]]
    names = ("done", "waits", "waits_90", "works", "works_90", "waited", "worked",
             "queue", "late", "oldest")  # fmt: skip
    figures = {name: line[name] for name in names if line.get(name) is not None}
    title = {"zh": line["zh"], "en": line["en"]}
    return Step(key, title, version.napp.title, version.version, **figures)


def timed(tasks: QuerySet) -> QuerySet:
    """Finished tasks with `wait` and `work`, how long each waited and was worked on."""
    events = ProcessEvent.objects.filter(task=OuterRef("pk"), kind__in=BEGINNINGS)
    first = events.order_by("at", "seq").values("at")[:1]
    begun = Least(Coalesce(Subquery(first), F("closed_at")), F("closed_at"))
    tasks = tasks.annotate(begun=Greatest(begun, F("opened_at")))
    return tasks.annotate(
        wait=_between("opened_at", "begun"),
        work=_between("begun", "closed_at"),
    )


def _between(start: str, end: str):
    """The time between two moments of a task, less what its process stood still."""
    ended = Coalesce(F("ended_at"), OuterRef(end))
    overlap = ExpressionWrapper(
        Least(ended, OuterRef(end)) - Greatest(F("began_at"), OuterRef(start)),
        output_field=DurationField(),
    )
    stopped = (
        Suspension.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=OuterRef(start)),
            instance=OuterRef("instance"),
            began_at__lt=OuterRef(end),
        )
        .order_by()
        .values("instance")
        .annotate(stopped=Sum(overlap))
        .values("stopped")
    )
    gone = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    still = Coalesce(Subquery(stopped), Value(NOTHING, output_field=DurationField()))
    return ExpressionWrapper(gone - still, output_field=DurationField())


def _done(scope: Scope, period: Period, now: datetime):
    finished = rows.rows(scope, Slice(FINISHED, period.days), now)["task"]
    tasks = timed(finished.filter(kind__in=rows.STEPS))
    return tasks.values(*BY).annotate(
        zh=Min(KT("title__zh")),
        en=Min(KT("title__en")),
        done=Count("pk"),
        waits=Percentile("wait", 0.5),
        waits_90=Percentile("wait", 0.9),
        works=Percentile("work", 0.5),
        works_90=Percentile("work", 0.9),
        waited=Sum("wait"),
        worked=Sum("work"),
    )


def _queues(scope: Scope, now: datetime):
    tasks = rows.rows(scope, Slice(), now)["task"].filter(kind__in=rows.STEPS)
    return tasks.values(*BY).annotate(
        zh=Min(KT("title__zh")),
        en=Min(KT("title__en")),
        queue=Count("pk"),
        late=Count("pk", filter=rows.lights(now)["red"]),
        oldest=Min("opened_at"),
    )


@dataclass(frozen=True)
class Loss:
    """The step that took most of the unit's time: its share in per cent, and how much of it passed
    before somebody set about it.
    """

    step: Step
    share: int
    before: int


def loss(found: list[Step]) -> Loss | None:
    """Where most time went; None when nothing took any."""
    total = sum((one.total for one in found), NOTHING)
    if not total:
        return None
    first = max(found, key=lambda one: one.total)
    return Loss(
        first, round(100 * (first.total / total)), round(100 * (first.waited / first.total))
    )
