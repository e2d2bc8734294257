"""The figures of a unit, each counted in the database from the rows that its list shows.

Constant queries, however many rows, people and units there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, F, Min
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.utils import timezone

from collab_hub.inbox.holders import TASK_NAPP
from collab_hub.inbox.selectors import kind_title
from platform_core.common.i18n import pick
from platform_core.common.subjects import item_source
from platform_core.napps.selectors import napp_titles
from security.accounts.models import User
from security.organs.models import Department

from . import rows
from .periods import Days, Period
from .policies import Scope
from .slices import DROPPED, FINISHED, RECEIVED, Slice

TRUNC = {"month": TruncDay, "quarter": TruncWeek, "year": TruncMonth}


@dataclass
class Load:
    """What waits, by light; `oldest` is since when the first of it does."""

    red: int = 0
    yellow: int = 0
    green: int = 0
    none: int = 0
    oldest: datetime | None = None

    @property
    def total(self) -> int:
        return self.red + self.yellow + self.green + self.none

    def add(self, line: dict) -> None:
        for name in ("red", "yellow", "green", "none"):
            setattr(self, name, getattr(self, name) + line[name])
        self.oldest = min(filter(None, (self.oldest, line["oldest"])), default=None)


@dataclass
class Waiting:
    """What waits in the units: in all, by kind ("task.approve"), by person (0: nobody) and by
    unit.
    """

    all: Load = field(default_factory=Load)
    kinds: dict[str, Load] = field(default_factory=lambda: defaultdict(Load))
    people: dict[int, Load] = field(default_factory=lambda: defaultdict(Load))
    units: dict[int, Load] = field(default_factory=lambda: defaultdict(Load))


@dataclass
class Flow:
    """What came in, was finished, and was no longer needed in some days."""

    days: Days
    received: int = 0
    finished: int = 0
    dropped: int = 0


@dataclass
class Punctual:
    """What was finished before its deadline, after it, and without one."""

    kept: int = 0
    missed: int = 0
    without: int = 0

    @property
    def due(self) -> int:
        return self.kept + self.missed

    @property
    def finished(self) -> int:
        return self.due + self.without

    def add(self, line: dict) -> None:
        for name in ("kept", "missed", "without"):
            setattr(self, name, getattr(self, name) + line[name])


def waiting(scope: Scope, now: datetime) -> Waiting:
    """The load of the units now. Two queries."""
    found = Waiting()
    lights = {key: Count("pk", filter=one) for key, one in rows.lights(now).items()}
    for what, open_rows in rows.rows(scope, Slice(), now).items():
        by = open_rows.values("kind", "assignee", "pool_department")
        for line in by.annotate(**lights, oldest=Min("opened_at")):
            found.all.add(line)
            found.kinds[f"{what}.{line['kind']}"].add(line)
            found.people[line["assignee"] or 0].add(line)
            found.units[line["pool_department"]].add(line)
    return found


def title_of_kind(kind: str):
    """What a kind of a slice is called."""
    return kind_title(kind.partition(".")[2])


def people_named(ids) -> dict[int, User]:
    """{id: the person} of those who have something."""
    return User.objects.in_bulk([one for one in ids if one])


def units_rolled_up(scope: Scope, loads: dict[int, Load]) -> list[tuple[Department, Load]]:
    """The units directly below the scope's, each with the load of everything below it."""
    found = []
    paths = dict(Department.objects.filter(pk__in=loads).values_list("pk", "path"))
    for unit in scope.below:
        load = Load()
        for pk, one in loads.items():
            if paths[pk].startswith(unit.path):
                load.add({**vars(one)})
        found.append((unit, load))
    return found


def flow(scope: Scope, period: Period, now: datetime) -> list[Flow]:
    """What came in and went out, by day, week or month of the period. Four queries."""
    lines = [Flow(days) for days in period.buckets()]
    by_day = {line.days.first: line for line in lines}
    trunc = TRUNC[period.kind]
    came = Slice(RECEIVED, period.days)
    for counted in rows.rows(scope, came, now).values():
        by = counted.values(bucket=trunc("opened_at"))
        for line in by.annotate(count=Count("pk")):
            _line(by_day, period, line["bucket"]).received += line["count"]
    for name, what in (("finished", FINISHED), ("dropped", DROPPED)):
        for counted in rows.rows(scope, replace(came, what=what), now).values():
            for line in counted.values(bucket=trunc("closed_at")).annotate(count=Count("pk")):
                one = _line(by_day, period, line["bucket"])
                setattr(one, name, getattr(one, name) + line["count"])
    return lines


def _line(lines: dict, period: Period, bucket: datetime) -> Flow:
    """The line of a bucket; the first week of a quarter begins before it."""
    return lines[max(timezone.localdate(bucket), period.first)]


PUNCTUAL = {
    "kept": Count("pk", filter=rows.KEPT),
    "missed": Count("pk", filter=rows.MISSED),
    "without": Count("pk", filter=rows.WITHOUT),
}


def punctual_months(scope: Scope, period: Period, now: datetime) -> list[tuple[Days, Punctual]]:
    """How much was finished in time in each of the twelve months up to the period's end. Two
    queries.
    """
    months = period.twelve_months()
    found = {one.first: Punctual() for one in months}
    chosen = Slice(FINISHED, Days(months[0].first, months[-1].until))
    for counted in rows.rows(scope, chosen, now).values():
        for line in counted.values(month=TruncMonth("closed_at")).annotate(**PUNCTUAL):
            found[timezone.localdate(line["month"])].add(line)
    return [(one, found[one.first]) for one in months]


@dataclass(frozen=True)
class Service:
    """One line of the punctuality table: a service item, an N-app with what has no service item,
    or a kind of work without an N-app.
    """

    key: str
    title: str
    figures: Punctual


def punctual_services(scope: Scope, period: Period, now: datetime) -> list[Service]:
    """How much of each service was finished in time in the period, most delays first. Four
    queries.
    """
    found: dict[str, Punctual] = defaultdict(Punctual)
    finished = rows.rows(scope, Slice(FINISHED, period.days), now)
    tasks = rows.with_items(finished["task"]).values("item", napp=F(TASK_NAPP))
    for line in tasks.annotate(**PUNCTUAL):
        key = f"item.{line['item']}" if line["item"] else f"napp.{line['napp']}"
        found[key].add(line)
    # Items of an N-app count with it, whatever their kind.
    for line in finished["work"].values("napp", "kind").annotate(**PUNCTUAL):
        key = f"napp.{line['napp']}" if line["napp"] else f"kind.{line['kind']}"
        found[key].add(line)
    titles = service_titles(found)
    services = [Service(key, titles[key], one) for key, one in found.items()]
    return sorted(services, key=lambda one: (-one.figures.missed, -one.figures.due, one.key))


def service_titles(keys) -> dict[str, str]:
    """{key: what a service is called}, without those that are not there. At most two queries."""
    ids = defaultdict(list)
    for first, _dot, key in (one.partition(".") for one in keys):
        ids[first].append(key)
    source = item_source()
    items = source.titles(map(int, ids["item"])) if source else {}
    napps = napp_titles(map(int, ids["napp"]))
    found = {f"item.{pk}": pick(title) for pk, title in items.items()}
    found |= {f"napp.{pk}": pick(title) for pk, title in napps.items()}
    return found | {f"kind.{key}": str(kind_title(key)) for key in ids["kind"]}


def punctual(services: list[Service]) -> Punctual:
    """All services together."""
    found = Punctual()
    for one in services:
        found.add(vars(one.figures))
    return found


def count_of(scope: Scope, chosen: Slice, now: datetime) -> int:
    """How many rows a list has. Two queries."""
    return sum(one.count() for one in rows.rows(scope, chosen, now).values())
