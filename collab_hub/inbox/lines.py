"""The lines of the list: tasks and items as one person sees them, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from platform_core.capabilities.process.delegation.selectors import standing_in
from platform_core.capabilities.process.links import task_link
from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import day
from platform_core.common.work import WorkKind, work_kind
from platform_core.common.workcalendar import deadline_light

from .boxes import DESCENDING, SOON, day_end, parts
from .merging import page_of
from .models import Snooze, WorkItem
from .query import InboxQuery
from .rows import Row, listed, row

PAGE = 50
TASK_ICONS = {"cc": "eye", "fill": "file-pen", "consult": "message-circle", "call": "workflow"}
GROUP_TITLES = {
    "late": _("Late"),
    "today": _("Due today"),
    "soon": _("Within three days"),
    "later": _("Later"),
    "none": _("Without deadline"),
}
# What the key A does with a task, by its kind: nothing else can be done unread.
USUAL = {
    "approve": ("approve", pgettext_lazy("action", "Approve")),
    "cc": ("read", _("Mark as read")),
}


@dataclass(frozen=True)
class Act:
    """What the key A does with a line."""

    key: str
    label: object
    undoable: bool = True


@dataclass
class Line:
    """One thing that waits, was done, or is to be read. `where` is its page; `is_beside` says that
    the page can stand beside the list."""

    what: str
    id: object
    version: int
    where: str
    icon: str
    title: object
    kind: object
    place: object = ""
    number: str = ""
    reason: object = ""
    on_behalf: object = ""
    tag: object = ""
    tag_kind: str = ""
    light: dict | None = None
    at: datetime | None = None
    due_at: datetime | None = None
    is_beside: bool = False
    act: Act | None = None
    bulk: tuple[str, ...] = ()
    is_personal: bool = False
    until: datetime | None = None

    @property
    def key(self) -> str:
        """Which line it is and as what it was seen, for forms."""
        return f"{self.what}:{self.id}:{self.version}"


@dataclass
class Group:
    key: str
    title: object
    rows: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Lines:
    """A page of lines, with the places from which the next and the previous page go on."""

    rows: list[Line]
    before: str = ""
    after: str = ""


def inbox_page(
    user, query: InboxQuery, now: datetime | None = None, *, after="", before="", size: int = PAGE
) -> Lines:
    """A page of a view: three queries, as dear for a hundred rows as for a hundred thousand."""
    now = now or timezone.now()
    found = page_of(
        parts(user, query, now), size, is_descending=query.box in DESCENDING,
        after=after, before=before,
    )  # fmt: skip
    lines = lines_of(user, found.rows, now)
    if query.box == "snoozed":
        hours = Snooze.objects.filter(user=user, what__in=[one.id for one in lines])
        until = dict(hours.values_list("what", "until"))
        for one in lines:
            one.until = until.get(one.id)
    return Lines(lines, found.before, found.after)


def lines_of(user, chosen: list[tuple[str, object]], now: datetime) -> list[Line]:
    """The lines of (what, id) in this order; what is gone is left out."""
    ids = {what: [key for name, key in chosen if name == what] for what in ("task", "work")}
    tasks = listed(Task.objects.filter(pk__in=ids["task"])) if ids["task"] else ()
    work = WorkItem.objects.filter(pk__in=ids["work"]) if ids["work"] else ()
    if work:
        work = work.select_related("pool_department", "napp")
    found = {("task", one.pk): task_line(row(one, now, user), user) for one in tasks}
    found |= {("work", one.pk): work_line(one, user, now) for one in work}
    return [found[one] for one in chosen if one in found]


def task_line(shown: Row, user) -> Line:
    task, instance = shown.task, shown.task.instance
    organ = organ_words(instance.region)
    act = _usual(task, user)
    return Line(
        what="task",
        id=task.pk,
        version=task.version,
        where=task_link(task.pk),
        icon=TASK_ICONS.get(task.kind, "file-check-2"),
        title=pick(instance.subject_label),
        kind=pick(task.title),
        place=organ or pick(instance.napp_version.napp.title),
        number=instance.subject_number,
        reason=_why(task),
        on_behalf=shown.on_behalf,
        tag=shown.tag,
        tag_kind=shown.tag_kind,
        light=shown.light,
        at=task.closed_at or task.opened_at,
        due_at=task.due_at,
        is_beside=task.kind != "fill",
        act=act,
        bulk=tuple(
            key
            for key, fits in (
                (act.key if act else "", True),
                ("claim", task.state == Task.State.OPEN and task.assignee_id is None),
            )
            if key and fits
        ),
    )


def _why(task: Task) -> str:
    """Why a task is in the reader's list."""
    if task.state != Task.State.OPEN:
        return ""
    if task.kind == "cc":
        return gettext("For your information")
    if task.assignee_id is None:
        return gettext("Waits for your post")
    return gettext("Waits for you")


def _usual(task: Task, user) -> Act | None:
    """Approving is left to the page where the reader began the process or it stands still."""
    if task.state != Task.State.OPEN or task.kind not in USUAL:
        return None
    stands = task.instance.status in (
        ProcessInstance.Status.PAUSED,
        ProcessInstance.Status.WAITING,
    )
    if task.kind == "approve" and (stands or task.instance.starter_id == user.pk):
        return None
    return Act(*USUAL[task.kind])


def work_line(item: WorkItem, user, now: datetime) -> Line:
    kind = work_kind(item.kind)
    is_open = item.state == WorkItem.State.OPEN
    organ = item.pool_department
    place = pick(item.napp.title) if item.napp else ""
    if organ and not place:
        place = organ_words(organ)
    reason = pick(item.reason) or (
        gettext("Waits for your post") if item.assignee_id is None else gettext("Waits for you")
    )
    tag, tag_kind = _work_tag(item, kind)
    usual = kind.usual if is_open else None
    return Line(
        what="work",
        id=item.pk,
        version=item.version,
        where=item.address,
        icon=kind.icon,
        title=pick(item.title),
        kind=kind.title,
        place=place,
        number=item.number,
        reason=reason if is_open else "",
        on_behalf=_work_on_behalf(item, user) if is_open else "",
        tag=tag,
        tag_kind=tag_kind,
        light=deadline_light(item.due_at, item.warn_at, now) if is_open else None,
        at=item.closed_at or item.opened_at,
        due_at=item.due_at,
        act=Act(usual.key, usual.label, usual.undoable) if usual and not usual.asks else None,
        bulk=_work_bulk(item, kind) if is_open else (),
        is_personal=kind.is_personal or not item.is_from_pool,
    )


def _work_bulk(item: WorkItem, kind: WorkKind) -> tuple[str, ...]:
    keys = tuple(one.key for one in kind.actions if one.in_bulk)
    return keys if item.assignee_id else (*keys, "claim")


def _work_tag(item: WorkItem, kind: WorkKind) -> tuple[object, str]:
    if item.state == WorkItem.State.DONE:
        action = kind.action(item.outcome)
        return (action.done if action and action.done else pgettext("task", "Done")), "ok"
    if item.state == WorkItem.State.CANCELLED:
        return pgettext("task", "No longer needed"), ""
    if item.urged_at:
        return pgettext("task", "Urged"), "warn"
    if item.assignee_id is None:
        return pgettext("task", "To claim"), "info"
    return "", ""


def _work_on_behalf(item: WorkItem, user) -> str:
    """For whom an item waits for `user`, and until when; "" for their own."""
    if item.assignee_id in (None, user.pk):
        return ""
    for one in standing_in(user):
        if one.principal.pk == item.assignee_id and (not one.napps or item.napp_id in one.napps):
            words = {"who": one.principal, "until": day(one.until)}
            return gettext("for %(who)s until %(until)s") % words
    return ""


def group_key(due_at: datetime | None, now: datetime) -> str:
    """Which deadline group something due then stands in."""
    if not due_at:
        return "none"
    if due_at < now:
        return "late"
    if due_at < day_end(now):
        return "today"
    return "soon" if due_at < day_end(now) + SOON else "later"


def grouped(lines: list[Line], now: datetime | None = None) -> list[Group]:
    """Lines in deadline groups; groups without lines are left out."""
    now = now or timezone.now()
    groups = {key: Group(key, title) for key, title in GROUP_TITLES.items()}
    for one in lines:
        groups[group_key(one.due_at, now)].rows.append(one)
    return [group for group in groups.values() if group.rows]
