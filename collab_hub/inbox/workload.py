"""How the work of a unit lies on its people, for whoever heads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from platform_core.capabilities.process.delegation.selectors import in_force, members_of
from platform_core.capabilities.process.models import Task
from platform_core.common.days import midnight
from platform_core.common.work import due_or_far
from platform_core.napps.selectors import reachable
from security.accounts.models import User
from security.organs.models import Department
from security.organs.selectors import headed_ids, headed_organs, organs_of

from .boxes import OPEN
from .holders import SHOWN, TASK_NAPP
from .lines import PAGE, Lines, lines_of
from .merging import Part, page_of
from .models import WorkItem

NOBODY = 0
FIGURES = ("open", "late", "week")


@dataclass
class Load:
    """What lies on one person, or on nobody (`person` None), in the departments of a head.

    `week` is what is due until the end of this week; `stand_ins` are the delegations in force.
    """

    person: User | None
    open: int = 0
    late: int = 0
    week: int = 0
    oldest: datetime | None = None
    stand_ins: list = field(default_factory=list)

    @property
    def key(self) -> int:
        return self.person.pk if self.person else NOBODY


@dataclass(frozen=True)
class Workload:
    departments: list[Department]
    loads: list[Load]
    most: int


def workload(user, now: datetime | None = None) -> Workload:
    """The loads of everybody in the departments that `user` heads, the most loaded first, and of
    those who have left and still have something.

    Constant queries, however many people and rows there are. Http404 for whoever heads nothing.
    """
    now = now or timezone.now()
    headed = _headed(user)
    loads = {one.pk: Load(one) for one in members_of(headed)} | {NOBODY: Load(None)}
    figures = [line for rows in (_tasks(headed), _work(headed)) for line in _figures(rows, now)]
    gone = {line["assignee"] or NOBODY for line in figures} - set(loads)
    loads |= {one.pk: Load(one) for one in User.objects.filter(pk__in=gone)}
    for line in figures:
        _add(loads[line["assignee"] or NOBODY], line)
    for one in in_force().filter(principal__in=list(loads)).select_related("deputy"):
        loads[one.principal_id].stand_ins.append(one)
    people = [one for one in loads.values() if one.person or one.open]
    people.sort(key=lambda one: (one.person is not None, -one.open, str(one.person)))
    departments = headed_organs(user)
    return Workload(departments, people, max((one.open for one in people), default=0))


def load_of(user, person_id: int, *, after: str = "", before: str = "") -> tuple[object, Lines]:
    """(the person, or None for what nobody has; a page of what waits there) in the departments that
    `user` heads. Http404 for people of other departments, and for nobody known.
    """
    headed = _headed(user)
    rows = {"task": _tasks(headed), "work": _work(headed)}
    person = get_object_or_404(User, pk=person_id) if person_id != NOBODY else None
    is_here = person_id == NOBODY or members_of(headed).filter(pk=person_id).exists()
    if not is_here and not any(one.filter(assignee=person).exists() for one in rows.values()):
        raise Http404
    parts = [
        Part(what, found.filter(assignee=person), due_or_far()) for what, found in rows.items()
    ]
    page = page_of(parts, PAGE, after=after, before=before)
    lines = lines_of(user, page.rows, timezone.now())
    for one in lines:
        # The reasons speak to whoever has the line.
        one.act, one.reason = None, ""
    return person, Lines(lines, page.before, page.after)


def people_to_hand_to(user) -> list[User]:
    """Whom `user` may choose when handing something on: the people of the user's departments."""
    return list(members_of(organs_of(user)))


def _headed(user) -> list[int]:
    headed = headed_ids(user)
    if not headed:
        raise Http404
    return headed


def _tasks(departments: list[int]) -> QuerySet[Task]:
    rows = Task.objects.filter(OPEN, pool_department__in=departments).exclude(kind="cc")
    return reachable(rows, TASK_NAPP)


def _work(departments: list[int]) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(OPEN & SHOWN, pool_department__in=departments)


def _figures(rows: QuerySet, now: datetime) -> QuerySet:
    today = timezone.localdate(now)
    monday = midnight(today + timedelta(days=7 - today.weekday()))
    return rows.values("assignee").annotate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=now)),
        week=Count("pk", filter=Q(due_at__gte=now, due_at__lt=monday)),
        oldest=Min("opened_at"),
    )


def _add(load: Load, line: dict) -> None:
    for name in FIGURES:
        setattr(load, name, getattr(load, name) + line[name])
    moments = [one for one in (load.oldest, line["oldest"]) if one]
    load.oldest = min(moments, default=None)
