"""What is due, in the person's own calendar. It names cases and applicants, so it stays inside."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from platform_core.capabilities.process.links import task_link
from platform_core.common.calendars import (
    Asked,
    CalendarEntry,
    CalendarSource,
    register_calendar_source,
)
from platform_core.common.i18n import pick

from .models import WorkItem
from .selectors import box

MOST = 200


def due_work(asked: Asked) -> list[CalendarEntry]:
    """The tasks and items that wait for the person by name, at the moment when they are due. A
    department has no such calendar: what waits for colleagues is theirs.
    """
    if asked.departments:
        return []
    tasks = box(asked.user, "mine").filter(due_at__gte=asked.starts_at, due_at__lt=asked.ends_at)
    found = [
        CalendarEntry(
            f"task-{task.pk}@govplatform",
            f"{pick(task.instance.subject_label)} {pick(task.title)}".strip(),
            task.due_at,
            task.due_at,
            url=task_link(task.pk),
        )
        for task in tasks.select_related("instance").order_by("due_at")[:MOST]
    ]
    items = WorkItem.objects.filter(
        assignee=asked.user,
        state=WorkItem.State.OPEN,
        due_at__gte=asked.starts_at,
        due_at__lt=asked.ends_at,
    )
    return found + [
        CalendarEntry(
            f"work-{item.pk}@govplatform", pick(item.title), item.due_at, item.due_at,
            url=item.address,
        )
        for item in items.order_by("due_at")[:MOST]
    ]  # fmt: skip


register_calendar_source(
    CalendarSource(
        "due", pgettext_lazy("calendar", "Due"), "hourglass", due_work, leaves=False, order=50
    )
)
