"""Reads of the inbox: what waits for a person, how urgent it is, and how a unit is doing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.capabilities.process.permissions import stand_in_for
from platform_core.common.templatetags.ui import day
from platform_core.common.workcalendar import deadline_light
from platform_core.napps.models import NApp
from security.access import visible_to
from security.organs.selectors import active_posts

from .models import SavedFilter
from .query import InboxQuery

SOON = timedelta(days=3)
SHOWN_STRANDED = 8
STAGE_TITLES = {
    "acceptance": pgettext_lazy("stage", "Acceptance"),
    "review": pgettext_lazy("stage", "Review"),
    "decision": pgettext_lazy("stage", "Decision"),
    "certificate": pgettext_lazy("stage", "Certificate"),
}
OUTCOMES = {
    "approve": (pgettext_lazy("task", "Approved"), "ok"),
    "submit": (pgettext_lazy("task", "Filled in"), "ok"),
    "reject": (pgettext_lazy("task", "Refused"), "bad"),
    "correct": (pgettext_lazy("task", "Correction asked"), "warn"),
    "return": (pgettext_lazy("task", "Returned"), "warn"),
    "read": (pgettext_lazy("task", "Read"), ""),
    "abstain": (pgettext_lazy("task", "Abstained"), ""),
    "decline": (pgettext_lazy("task", "Not agreed"), "warn"),
    "retry": (pgettext_lazy("task", "Tried again"), ""),
    "answer": (pgettext_lazy("task", "Answered"), "ok"),
}
GROUP_TITLES = {
    "late": _("Late"),
    "today": _("Due today"),
    "soon": _("Within three days"),
    "later": _("Later"),
    "none": _("Without deadline"),
}

LISTED = (
    *("kind", "state", "stage", "title", "outcome", "assignee"),
    *("pool_department", "pool_groups", "urged_at", "instance__status"),
    *("opened_at", "closed_at", "due_at", "warn_at"),
    *("instance__subject_label", "instance__subject_number"),
    *("instance__region__name", "instance__region__name_en"),
    *("instance__napp_version__napp__slug", "instance__napp_version__napp__title"),
)


@dataclass
class Row:
    """One line of the list: a task with its deadline light and what is special about it."""

    task: Task
    light: dict | None
    stage: object = ""
    tag: object = ""
    tag_kind: str = ""
    on_behalf: object = ""


@dataclass
class Group:
    key: str
    title: object
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Numbers:
    """Today's figures of one person: what waits (own and pool) and what is done."""

    waiting: int
    late: int
    due_today: int
    done_today: int


@dataclass(frozen=True)
class UnitMonth:
    """What a department has received and finished this month; `on_time` is a percentage or None."""

    department: object
    received: int
    finished: int
    on_time: int | None
    open: int
    late: int


def day_end(now: datetime) -> datetime:
    """The first moment of tomorrow, local time."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(1)


def tasks(user, query: InboxQuery, now: datetime | None = None) -> QuerySet:
    """The tasks of a view, the most urgent first; finished ones newest first."""
    now = now or timezone.now()
    found = box(user, query.box, q=query.q, napp=query.napp)
    if query.stage:
        found = found.filter(stage=query.stage)
    if query.due:
        found = found.filter(_due(query.due, now))
    return found


def listed(found: QuerySet) -> QuerySet:
    """`found` with no more than the lines of a list show."""
    related = found.select_related(None).select_related(
        "instance__napp_version__napp", "instance__region"
    )
    return related.only(*LISTED)


def box(user, key: str, **filters) -> QuerySet:
    """The tasks of one box; "all" is what waits for the person and for the person's posts."""
    return process.inbox(user, key, **filters)


def _due(due: str, now: datetime) -> Q:
    if due == "late":
        return Q(due_at__lt=now)
    if due == "today":
        return Q(due_at__gte=now, due_at__lt=day_end(now))
    return Q(due_at__gte=now, due_at__lt=day_end(now) + SOON)


def row(task: Task, now: datetime | None = None, user=None) -> Row:
    """A task as the list and the page head show it; to `user`, who may see it for somebody else."""
    now = now or timezone.now()
    light = None
    if task.due_at and task.state == Task.State.OPEN:
        light = deadline_light(task.due_at, task.warn_at, now)
    on_behalf = _on_behalf(user, task) if task.state == Task.State.OPEN else ""
    return Row(task, light, STAGE_TITLES.get(task.stage, ""), *_tag(task), on_behalf)


def _on_behalf(user, task: Task) -> str:
    """For whom the task waits for `user`, and until when; "" for their own."""
    stand_in = stand_in_for(user, task)
    if stand_in is None:
        return ""
    words = {"who": stand_in.principal, "until": day(stand_in.until)}
    return gettext("for %(who)s until %(until)s") % words


def _tag(task: Task) -> tuple[object, str]:
    """The one thing worth knowing before opening a task."""
    if task.state == Task.State.DONE:
        return OUTCOMES.get(task.outcome, ("", ""))
    if task.state == Task.State.CANCELLED:
        return pgettext("task", "No longer needed"), ""
    if task.kind == "cc":
        return pgettext("task", "To read"), "info"
    if task.instance.status == ProcessInstance.Status.PAUSED and task.kind != "consult":
        return pgettext("task", "Suspended"), ""
    if task.urged_at:
        return pgettext("task", "Urged"), "warn"
    if task.assignee_id is None:
        return pgettext("task", "To claim"), "info"
    return "", ""


def group_key(task: Task, now: datetime) -> str:
    """Which deadline group a task stands in."""
    if not task.due_at:
        return "none"
    if task.due_at < now:
        return "late"
    if task.due_at < day_end(now):
        return "today"
    return "soon" if task.due_at < day_end(now) + SOON else "later"


def grouped(rows: list[Row], now: datetime | None = None) -> list[Group]:
    """Rows in deadline groups; groups without rows are left out."""
    now = now or timezone.now()
    groups = {key: Group(key, title) for key, title in GROUP_TITLES.items()}
    for one in rows:
        groups[group_key(one.task, now)].rows.append(one)
    return [group for group in groups.values() if group.rows]


def box_counts(user) -> dict[str, int]:
    """How many tasks stand in each box that has a count, and how many are late and due today.

    Read once for each user object: the menu and the page of one request ask the same.
    """
    if not hasattr(user, "_box_counts"):
        counts = process.inbox_counts(user)
        user._box_counts = {**counts, "all": counts["mine"] + counts["pool"]}
    return user._box_counts


def napps_among(found) -> list[tuple[str, object]]:
    """The N-apps of tasks at hand, as (slug, title), by slug."""
    napps = {task.instance.napp_version.napp for task in found}
    return sorted((napp.slug, napp.title) for napp in napps)


def napp_choices(user, key: str) -> list[tuple[str, object]]:
    """The N-apps that occur in a box, as (slug, title)."""
    ids = box(user, key).order_by().values("instance__napp_version__napp")
    found = NApp.objects.filter(pk__in=ids).order_by("slug")
    return [(napp.slug, napp.title) for napp in found]


def saved_filters(user) -> list[SavedFilter]:
    """The views that a person keeps, in their order."""
    return list(SavedFilter.objects.filter(user=user))


def today_numbers(user, now: datetime | None = None) -> Numbers:
    """What waits for `user` and the user's posts, and what they have done since midnight."""
    counts = box_counts(user)
    midnight = day_end(now or timezone.now()) - timedelta(days=1)
    done = process.inbox(user, "done").order_by().filter(closed_at__gte=midnight)
    return Numbers(
        waiting=counts["all"],
        late=counts["late"],
        due_today=counts["today"],
        done_today=done.exclude(kind="cc").count(),
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
    in_time = Q(due_at=None) | Q(closed_at__lte=F("due_at"))
    found = (
        Task.objects.filter(pool_department__in=departments)
        .exclude(kind="cc")
        .filter(Q(opened_at__gte=month) | done | is_open)
        .values("pool_department")
        .annotate(
            received=Count("pk", filter=Q(opened_at__gte=month)),
            finished=Count("pk", filter=done),
            kept=Count("pk", filter=done & in_time),
            open=Count("pk", filter=is_open),
            late=Count("pk", filter=is_open & Q(due_at__lt=now)),
        )
    )
    figures = {line["pool_department"]: line for line in found}
    busy = {pk: one for pk, one in departments.items() if pk in figures}
    shown = busy or dict(list(departments.items())[:1])
    return [_unit_month(department, figures.get(pk, {})) for pk, department in shown.items()]


def _unit_month(department, line: dict) -> UnitMonth:
    finished = line.get("finished", 0)
    return UnitMonth(
        department=department,
        received=line.get("received", 0),
        finished=finished,
        on_time=round(100 * line["kept"] / finished) if finished else None,
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
    return [row(task, now, user) for task in rows.only(*LISTED, "version", "node")]


def _batch(user) -> QuerySet:
    waiting = box(user, "all").filter(kind="approve")
    return waiting.exclude(instance__status=ProcessInstance.Status.PAUSED)


def batch_chosen(user, ids: list[str]) -> dict[str, Task]:
    """The tasks of `ids` that `user` may see, by id."""
    tasks = Task.objects.filter(pk__in=ids)
    found = visible_to(user, "see", tasks).select_related("instance__napp_version__napp")
    return {str(task.pk): task for task in found.defer("instance__napp_version__manifest")}
