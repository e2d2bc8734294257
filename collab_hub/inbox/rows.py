"""A task as the list, the head of its page and the API show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy

from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.capabilities.process.permissions import stand_in_for
from platform_core.common.templatetags.ui import day
from platform_core.common.workcalendar import deadline_light

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

LISTED = (
    *("kind", "state", "stage", "title", "outcome", "assignee", "version", "node"),
    *("pool_department", "pool_groups", "urged_at", "instance__status", "instance__starter"),
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


def listed(found: QuerySet) -> QuerySet:
    """`found` with no more than the lines of a list show."""
    related = found.select_related(None).select_related(
        "instance__napp_version__napp", "instance__region"
    )
    return related.only(*LISTED)


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
