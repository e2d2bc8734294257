"""Reads of the inbox: what waits for a person, how urgent it is, and how a unit is doing."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.common.work import work_kind
from platform_core.napps.models import NApp
from security.access import visible_to
from security.organs.selectors import active_posts

from .boxes import WAITING, day_end, due_condition, listed_for_choice, surveyed
from .merging import Counted, survey
from .models import SavedFilter, WorkItem
from .query import InboxQuery
from .rows import Row, listed, row

# No list is read to its end to be counted: from here on a count says "or more".
COUNTED = 1000
TASK_TITLES = {
    "approve": pgettext_lazy("kind of work", "Decision on a case"),
    "fill": pgettext_lazy("kind of work", "Form to fill in"),
    "consult": pgettext_lazy("kind of work", "Opinion asked by another organ"),
    "call": pgettext_lazy("kind of work", "Step that the system could not do"),
}
SHOWN_STRANDED = 8


@dataclass(frozen=True)
class Numbers:
    """Today's figures of one person: what waits (own and pool) and what is done."""

    waiting: int
    late: int
    due_today: int
    done_today: int


@dataclass(frozen=True)
class UnitMonth:
    """What a department has received and finished this month; `on_time` is the percentage of what
    had a deadline, None when nothing had one.
    """

    department: object
    received: int
    finished: int
    on_time: int | None
    open: int
    late: int


def tasks(user, query: InboxQuery, now: datetime | None = None) -> QuerySet:
    """The tasks of a view, the most urgent first; finished ones newest first."""
    now = now or timezone.now()
    found = box(user, query.box, q=query.q, napp=query.napp)
    if query.stage:
        found = found.filter(stage=query.stage)
    if query.due:
        found = found.filter(due_condition(query.due, now))
    return found


def box(user, key: str, **filters) -> QuerySet:
    """The tasks of one box; "all" is what waits for the person and for the person's posts."""
    return process.inbox(user, key, **filters)


def box_counts(user) -> dict[str, int]:
    """How many rows wait in each box that has a count, and how many are late and due today; at most
    `COUNTED`, which stands for that many or more. Read once for each user object: the menu and the
    page of one request ask the same.
    """
    if not hasattr(user, "_box_counts"):
        counts = Counter()
        for one in waiting_survey(user):
            counts[one.box] += one.rows
            if one.box in ("mine", "pool"):
                counts["all"] += one.rows
                counts["late"] += one.late
                counts["today"] += one.today
        names = ("mine", "pool", "all", "snoozed", "cc", "late", "today")
        user._box_counts = {name: min(counts[name], COUNTED) for name in names}
    return user._box_counts


def shown_count(count: int) -> int | str:
    """A count as people read it: past the last that is counted it says “or more”."""
    return count if count < COUNTED else f"{COUNTED - 1}+"


def waiting_survey(user) -> list[Counted]:
    """What waits for `user`, by box, kind and N-app; read once for each user object."""
    if not hasattr(user, "_waiting_survey"):
        now = timezone.now()
        user._waiting_survey = survey(surveyed(user, now), COUNTED, now, day_end(now))
    return user._waiting_survey


def choices(user, box: str) -> tuple[list[tuple[str, object]], list[tuple[str, object]]]:
    """The N-apps, as (slug, title), and the kinds, as (key, title), that occur in a box."""
    if box in WAITING:
        boxes = ("mine", "pool") if box == "all" else (box,)
        found = [one for one in waiting_survey(user) if one.box in boxes]
    else:
        now = timezone.now()
        found = survey(listed_for_choice(user, box, now), COUNTED, now, day_end(now))
    napps = NApp.objects.filter(pk__in={one.napp for one in found if one.napp}).order_by("slug")
    kinds = sorted({one.kind for one in found} - {"cc"})
    return [(one.slug, one.title) for one in napps], [(key, kind_title(key)) for key in kinds]


def kind_title(key: str):
    """What a kind of step or of item is called."""
    return TASK_TITLES.get(key) or work_kind(key).title


def saved_filters(user) -> list[SavedFilter]:
    """The views that a person keeps, in their order."""
    return list(SavedFilter.objects.filter(user=user))


def today_numbers(user, now: datetime | None = None) -> Numbers:
    """What waits for `user` and the user's posts, and what they have done since midnight."""
    counts = box_counts(user)
    midnight = day_end(now or timezone.now()) - timedelta(days=1)
    done = process.inbox(user, "done").order_by().filter(closed_at__gte=midnight)
    work = WorkItem.objects.filter(
        state=WorkItem.State.DONE, closed_by=user, closed_at__gte=midnight
    )
    return Numbers(
        waiting=counts["all"],
        late=counts["late"],
        due_today=counts["today"],
        done_today=done.exclude(kind="cc").count() + work.count(),
    )


def stranded(user, now: datetime | None = None) -> list[Row]:
    """What nobody can do in the departments that `user` heads (for administrators anywhere), the
    oldest first; the first `SHOWN_STRANDED`.
    """
    return [row(task, now) for task in process.stranded_for(user)[:SHOWN_STRANDED]]


def unit_months(user, now: datetime | None = None) -> list[UnitMonth]:
    """The month of each department in which `user` holds a post; of many only those with steps."""
    now = now or timezone.now()
    month = (day_end(now) - timedelta(days=1)).replace(day=1)
    departments = {post.department_id: post.department for post in active_posts(user)}
    done = Q(state=Task.State.DONE, closed_at__gte=month)
    is_open = Q(state=Task.State.OPEN)
    with_deadline = Q(due_at__isnull=False)
    found = (
        Task.objects.filter(pool_department__in=departments)
        .exclude(kind="cc")
        .filter(Q(opened_at__gte=month) | done | is_open)
        .values("pool_department")
        .annotate(
            received=Count("pk", filter=Q(opened_at__gte=month)),
            finished=Count("pk", filter=done),
            due=Count("pk", filter=done & with_deadline),
            kept=Count("pk", filter=done & Q(closed_at__lte=F("due_at"))),
            open=Count("pk", filter=is_open),
            late=Count("pk", filter=is_open & Q(due_at__lt=now)),
        )
    )
    figures = {line["pool_department"]: line for line in found}
    busy = {pk: one for pk, one in departments.items() if pk in figures}
    shown = busy or dict(list(departments.items())[:1])
    return [_unit_month(department, figures.get(pk, {})) for pk, department in shown.items()]


def _unit_month(department, line: dict) -> UnitMonth:
    due = line.get("due", 0)
    return UnitMonth(
        department=department,
        received=line.get("received", 0),
        finished=line.get("finished", 0),
        on_time=round(100 * line["kept"] / due) if due else None,
        open=line.get("open", 0),
        late=line.get("late", 0),
    )


def batch_steps(user) -> list[dict]:
    """The steps of which `user` could decide several tasks at once: {napp, title, node, number}."""
    found = _batch(user).order_by().values(
        "node", "title",
        slug=F("instance__napp_version__napp__slug"),
        napp=F("instance__napp_version__napp__title"),
    )  # fmt: skip
    return list(found.annotate(number=Count("pk")).order_by("-number", "slug", "node"))


def batch_tasks(user, slug: str, node: str, limit: int) -> list[Row]:
    """The tasks of one step that `user` could decide together, the most urgent first."""
    found = _batch(user).filter(instance__napp_version__napp__slug=slug, node=node)
    rows = listed(found).order_by(F("due_at").asc(nulls_last=True), "opened_at", "pk")[:limit]
    now = timezone.now()
    return [row(task, now, user) for task in rows]


def _batch(user) -> QuerySet:
    waiting = box(user, "all").filter(kind="approve")
    return waiting.exclude(instance__status=ProcessInstance.Status.PAUSED)


def batch_chosen(user, ids: list[str]) -> dict[str, Task]:
    """The tasks of `ids` that `user` may see, by id."""
    tasks = Task.objects.filter(pk__in=ids)
    found = visible_to(user, "see", tasks).select_related("instance__napp_version__napp")
    return {str(task.pk): task for task in found.defer("instance__napp_version__manifest")}
