"""The lines behind a figure, each as the reader may see it.

Whoever may not open a line reads of it the step, the number and the dates, which the figure needs;
not whom or what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from collab_hub.inbox.lines import lines_of
from collab_hub.inbox.merging import Part, page_of
from collab_hub.inbox.models import WorkItem
from platform_core.capabilities.process.models import Task
from platform_core.common.i18n import pick
from platform_core.common.subjects import subject_addresses
from platform_core.common.work import due_or_far
from security.access import visible_to

from . import rows
from .policies import Scope
from .slices import OPEN, RECEIVED, Slice

PAGE = 50
OLDEST = 10
LONGEST_NUMBER = 20


@dataclass(frozen=True)
class Shown:
    """One line. `url` is "" for what the reader may not open; `holder` is named to heads only, and
    None for nobody. `light` is of what waits, `is_late` of what is finished.
    """

    icon: str
    title: str
    kind: str
    number: str
    url: str
    unit: str
    holder: str | None
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    light: dict | None
    is_late: bool


@dataclass(frozen=True)
class ShownPage:
    rows: list[Shown]
    before: str = ""
    after: str = ""

    @property
    def holds_back(self) -> bool:
        return any(not one.url for one in self.rows)


def page(user, scope: Scope, chosen: Slice, now: datetime, *, after="", before="") -> ShownPage:
    """A page of the list of a slice: what waits by urgency, what is over the newest first."""
    first = {OPEN: due_or_far(), RECEIVED: F("opened_at")}.get(chosen.what, F("closed_at"))
    parts = [Part(what, found, first) for what, found in rows.rows(scope, chosen, now).items()]
    is_down = chosen.what != OPEN
    found = page_of(parts, PAGE, is_descending=is_down, after=after, before=before)
    return ShownPage(_shown(user, scope, found.rows, now), found.before, found.after)


def oldest(user, scope: Scope, now: datetime) -> list[Shown]:
    """What waits longest."""
    parts = [
        Part(what, found, F("opened_at")) for what, found in rows.rows(scope, Slice(), now).items()
    ]
    return _shown(user, scope, page_of(parts, OLDEST).rows, now)


def _shown(user, scope: Scope, chosen: list[tuple[str, object]], now: datetime) -> list[Shown]:
    tasks = _facts(Task, "task", chosen, ("instance__subject_type", "instance__subject_id"))
    work = _facts(WorkItem, "work", chosen, ())
    seen = _seen(user, Task, tasks) | _seen(user, WorkItem, work)
    subjects = {
        pk: (one["instance__subject_type"], one["instance__subject_id"])
        for pk, one in tasks.items()
        if pk not in seen
    }
    pages = subject_addresses(user, set(subjects.values()))
    found = []
    for line in lines_of(user, chosen, now):
        facts = (tasks if line.what == "task" else work)[line.id]
        url = line.where if line.id in seen else pages.get(subjects.get(line.id), "")
        is_told = bool(url) or line.id in seen
        due, closed = facts["due_at"], facts["closed_at"]
        found.append(
            Shown(
                icon=line.icon,
                title=str(line.title if is_told else line.kind),
                kind=str(line.kind) if is_told else "",
                number=_short(line.number),
                url=url,
                unit=_unit(facts) if len(scope.ids) > 1 else "",
                holder=facts["assignee__name"] if scope.has_names else None,
                opened_at=facts["opened_at"],
                closed_at=closed,
                due_at=due,
                light=line.light,
                is_late=bool(due and closed and closed > due),
            )
        )
    return found


def _short(number: str) -> str:
    """The end of a long number, by which people know it."""
    return f"…{number[-12:]}" if len(number) > LONGEST_NUMBER else number


def _unit(facts: dict) -> str:
    return pick({"zh": facts["pool_department__name"], "en": facts["pool_department__name_en"]})


def _facts(model, what: str, chosen, more: tuple[str, ...]) -> dict:
    """{id: what a line shows besides the inbox's own words}; one query."""
    ids = [key for name, key in chosen if name == what]
    if not ids:
        return {}
    names = ("pk", "opened_at", "closed_at", "due_at", "assignee__name",
             "pool_department__name", "pool_department__name_en", *more)  # fmt: skip
    return {one["pk"]: one for one in model.objects.filter(pk__in=ids).values(*names)}


def _seen(user, model, facts: dict) -> set:
    """Of these rows those that the reader may open; one query."""
    if not facts:
        return set()
    mine = visible_to(user, "see", model.objects.filter(pk__in=list(facts)))
    return set(mine.values_list("pk", flat=True))
