"""When a step that nobody has done is taken out of people's hands."""

from __future__ import annotations

from datetime import datetime, timedelta

from platform_core.common import workcalendar


def escalate_at(deadline, due_at: datetime | None) -> datetime | None:
    """The moment at which `deadline.on_timeout` happens; None where people are only told, or where
    the calendar of that day is not known.
    """
    if due_at is None or deadline.on_timeout == "tell":
        return None
    if deadline.after_hours:
        return due_at + timedelta(hours=deadline.after_hours)
    if deadline.after_days:
        # The due moment is the end of office hours, so the term begins with the next day.
        begin = due_at - timedelta(hours=1)
        return workcalendar.if_known(workcalendar.due_at, begin, deadline.after_days)
    return due_at
