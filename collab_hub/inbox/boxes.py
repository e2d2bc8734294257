"""The boxes of the inbox: which rows lie in each, filtered by what the reader asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from platform_core.capabilities.process.models import Task
from platform_core.common.bounded_json import is_storable
from platform_core.common.days import midnight
from platform_core.common.work import due_or_far
from platform_core.napps.selectors import reachable

from .holders import NOTHING, SHOWN, TASK_NAPP, Share, shares_of
from .merging import Part
from .models import Snooze, WorkItem
from .query import InboxQuery

SOON = timedelta(days=3)
# Newest first; the others have the most urgent first.
DESCENDING = {"cc", "sent", "done"}
WAITING = ("all", "mine", "pool", "snoozed")
OPEN = Q(state="open")
# The kinds of task by which the list can be filtered.
TASK_KINDS = ("approve", "fill", "consult", "call")


def day_end(now: datetime) -> datetime:
    """The first moment of tomorrow, local time."""
    return midnight(timezone.localdate(now) + timedelta(1))


def parts(user, query: InboxQuery, now: datetime) -> list[Part]:
    """The parts of one box for `user`, narrowed by the query."""
    if user is None or not user.is_authenticated:
        return []
    found = _waiting(user, query.box, now) if query.box in WAITING else _others(user, query.box)
    return [
        Part(one.what, narrowed(one.rows, one.what, query, now), one.first, one.rank)
        for one in found
    ]


def _waiting(user, box: str, now: datetime) -> list[Part]:
    if box == "snoozed":
        shares = shares_of(user)
        tasks = _tasks(reduce(or_, (one.tasks() for one in shares), NOTHING))
        work = _work(reduce(or_, (one.work() for one in shares), NOTHING))
        kept = snoozed_ids(user, now)
        return [
            Part("task", tasks.filter(pk__in=kept), due_or_far()),
            Part("work", work.filter(pk__in=kept), due_or_far()),
        ]
    found = []
    for share in shares_of(user):
        if box == "all" or (share.person is None) == (box == "pool"):
            found += _of_share(user, share, now)
    return found


def _of_share(user, share: Share, now: datetime) -> list[Part]:
    rows = {"task": _tasks(share.tasks()), "work": _work(share.work())}
    return [Part(what, awake(found, user, now), due_or_far()) for what, found in rows.items()]


def _tasks(condition: Q) -> QuerySet[Task]:
    return reachable(Task.objects.filter(OPEN & condition).exclude(kind="cc"), TASK_NAPP)


def _work(condition: Q) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(OPEN & condition & SHOWN)


def snoozed_ids(user, now: datetime) -> QuerySet:
    """The ids of what `user` does not want to see yet."""
    return Snooze.objects.filter(user=user, until__gt=now).values("what")


def awake(rows: QuerySet, user, now: datetime) -> QuerySet:
    """The rows that `user` has not put off, or whose hour has come."""
    return rows.filter(
        ~Exists(Snooze.objects.filter(user=user, until__gt=now, what=OuterRef("pk")))
    )


def _others(user, box: str) -> list[Part]:
    tasks = reachable(Task.objects.all(), TASK_NAPP)
    if box == "cc":
        mine = tasks.filter(kind="cc", assignee=user)
        unread, read = mine.filter(OPEN), mine.exclude(OPEN)
        return [Part("task", unread, F("opened_at"), 1), Part("task", read, F("opened_at"))]
    if box == "sent":
        latest = Task.objects.filter(instance=OuterRef("instance")).exclude(kind="cc")
        latest = latest.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "pk")
        begun = tasks.filter(instance__starter=user, pk=Subquery(latest.values("pk")[:1]))
        return [Part("task", begun, F("instance__started_at"))]
    done = tasks.filter(state=Task.State.DONE, closed_by=user).exclude(kind="cc")
    work = WorkItem.objects.filter(SHOWN, state=WorkItem.State.DONE, closed_by=user)
    return [Part("task", done, F("closed_at")), Part("work", work, F("closed_at"))]


def narrowed(rows: QuerySet, what: str, query: InboxQuery, now: datetime) -> QuerySet:
    """The rows that fit the filters; one that a table has no column for lets nothing through."""
    if query.q and not is_storable(query.q):
        return rows.none()
    is_task = what == "task"
    if query.kind and (query.kind in TASK_KINDS) != is_task:
        return rows.none()
    if query.stage and not is_task:
        return rows.none()
    wanted = Q(stage=query.stage) if query.stage else Q()
    wanted &= Q(kind=query.kind) if query.kind else Q()
    if query.napp:
        wanted &= Q(**{f"{TASK_NAPP if is_task else 'napp'}__slug": query.napp})
    if query.due and query.box in WAITING:
        wanted &= due_condition(query.due, now)
    if query.light and query.box in WAITING:
        wanted &= light_condition(query.light, now)
    return rows.filter(wanted & _search(query.q, is_task))


def _search(words: str, is_task: bool) -> Q:
    if not words:
        return Q()
    names = (
        ("instance__subject_label__zh", "instance__subject_label__en", "instance__subject_number")
        if is_task
        else ("title__zh", "title__en", "number")
    )
    return reduce(or_, (Q(**{f"{name}__icontains": words}) for name in names))


def due_condition(due: str, now: datetime) -> Q:
    """Late, due in the rest of today, or within three days."""
    if due == "late":
        return Q(due_at__lt=now)
    last = day_end(now) if due == "today" else day_end(now) + SOON
    return Q(due_at__gte=now, due_at__lt=last)


def light_condition(light: str, now: datetime) -> Q:
    """What shows this light now, as `workcalendar.deadline_light` has it."""
    if light == "red":
        return Q(due_at__lt=now)
    warned = Q(warn_at__lte=now)
    running = Q(due_at__gte=now)
    return running & (warned if light == "yellow" else Q(warn_at=None) | Q(warn_at__gt=now))


def surveyed(user, now: datetime) -> list[tuple[str, QuerySet]]:
    """What the counts count: (box, rows) of everything that waits, the unread copies included."""
    found = []
    for share in shares_of(user):
        box = "pool" if share.person is None else "mine"
        found += [(box, _shown(one)) for one in _of_share(user, share, now)]
    found += [("snoozed", _shown(one)) for one in _waiting(user, "snoozed", now)]
    return [*found, ("cc", _shown(_others(user, "cc")[0]))]


def listed_for_choice(user, box: str, now: datetime) -> list[tuple[str, QuerySet]]:
    """The rows of a box from which the choices of its filters are taken."""
    return [(box, _shown(one)) for one in parts(user, InboxQuery(box=box), now)]


def _shown(part: Part) -> QuerySet:
    napp = F(TASK_NAPP) if part.what == "task" else F("napp")
    return part.rows.annotate(kind_shown=F("kind"), napp_shown=napp, first=part.first)
