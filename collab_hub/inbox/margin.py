"""What stands beside the handling of a task: the clock, urging, what colleagues and organs say."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from platform_core.capabilities.process.comments import selectors as comments
from platform_core.capabilities.process.consultations import selectors as consultations
from platform_core.capabilities.process.consultations.models import Consultation
from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.capabilities.process.permissions import is_head, may_handle
from platform_core.capabilities.process.phrases.selectors import phrases_for
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
    may_talk: bool = False
    comments: list[dict] = field(default_factory=list)
    people: list = field(default_factory=list)
    opinions: list[dict] = field(default_factory=list)
    may_ask: bool = False
    organs: list = field(default_factory=list)
    question: Consultation | None = None
    phrases: list = field(default_factory=list)


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
    _add_talk(found, user, task)
    return found


def _add_talk(found: Margin, user, task: Task) -> None:
    """What is said about the case, and what the person may say or ask."""
    instance = task.instance
    is_over = instance.status == ProcessInstance.Status.ENDED
    found.comments = comments.comments_of(user, instance)
    found.may_talk = comments.may_talk(user, instance) and user.is_official and not is_over
    if found.may_talk:
        found.people = comments.people_to_mention(user, instance)
    found.opinions = consultations.consultations_of(user, instance)
    found.may_ask = consultations.may_ask(user, task) and found.suspension is None
    if found.may_ask:
        found.organs = consultations.departments_to_ask(task)
    if task.state == Task.State.OPEN and may_handle(user, task):
        found.question = consultations.asked_at_task(task)
        found.phrases = phrases_for(user, task.node)
