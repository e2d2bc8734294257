"""What stands beside the handling of a task: the clock, urging, what colleagues say."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from platform_core.capabilities.process.models import Task
from platform_core.capabilities.process.permissions import is_head
from platform_core.capabilities.process.suspension import selectors as suspension
from platform_core.capabilities.process.suspension.models import Suspension
from platform_core.capabilities.process.urging.selectors import urgeable


@dataclass
class Margin:
    """What one person may see and do at a task besides its own actions."""

    suspension: Suspension | None
    may_suspend: bool
    may_resume: bool
    asks_for_haste: bool = False
    may_urge: bool = False
    urge_from: date | None = None


def margin(user, task: Task) -> Margin:
    """The margin of `task` for `user`, who was already found to be let in."""
    instance = task.instance
    found = Margin(
        suspension=suspension.current_of(instance),
        may_suspend=suspension.may_suspend(user, task),
        may_resume=suspension.may_resume(user, task),
    )
    waits = task.state == Task.State.OPEN and not found.suspension
    if waits and (instance.starter_id == user.pk or is_head(user, task)):
        tasks, found.urge_from = urgeable(instance, timezone.now())
        found.asks_for_haste, found.may_urge = True, bool(tasks)
    return found
