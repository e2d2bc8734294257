"""Who else a step or its process waits for: seats of colleagues, machines, sub-processes."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from platform_core.capabilities.process import selectors as process
from platform_core.capabilities.process.definitions import plan_for
from platform_core.capabilities.process.models import Task, Wait
from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from platform_core.common.templatetags.ui import moment

from .rows import OUTCOMES

# What a seat says in the list, by state of its task: words and the kind of the tag.
WAITING = {
    Task.State.OPEN: (gettext_lazy("is asked now"), "info"),
    Task.State.LATER: (gettext_lazy("is asked later"), ""),
    Task.State.CANCELLED: (pgettext_lazy("task", "No longer needed"), ""),
}


@dataclass(frozen=True)
class Seat:
    """One person's or role's part in a step of several; `is_signer` was asked by a colleague."""

    who: str
    words: object
    kind: str
    note: str
    is_signer: bool
    is_here: bool


@dataclass(frozen=True)
class Ballot:
    """How a vote stands: those for, against and abstaining, of how many, and what is needed."""

    yes: int
    no: int
    abstained: int
    of: int
    share: int


@dataclass
class Company:
    """Everybody and everything besides the reader that the step or the process waits for."""

    seats: list[Seat] = field(default_factory=list)
    ballot: Ballot | None = None
    in_turn: bool = False
    waits: list[dict] = field(default_factory=list)
    parent: str = ""


def company(user, task: Task) -> Company:
    """The company of `task` for `user`, who was already found to be let in."""
    instance = task.instance
    plan = plan_for(instance.napp_version, instance.process_key)
    if task.node not in plan.places:
        return Company(waits=_waits(user, instance, plan))
    step = plan.step(task.node)
    mode = getattr(step, "mode", "any")
    found = Company(in_turn=mode == "in_order", waits=_waits(user, instance, plan))
    tasks = _of_the_round(task) if step.kind == "approve" else []
    if len(tasks) > 1:
        found.seats = [_seat(one, task) for one in tasks]
    if mode == "vote":
        found.ballot = _ballot([one for one in tasks if one.signs_for is None], step.share)
    if instance.parent_id:
        found.parent = pick(plan.process.title.model_dump())
    return found


def _of_the_round(task: Task) -> list[Task]:
    rows = Task.objects.filter(
        instance=task.instance_id, node=task.node, round=task.round, kind=task.kind
    )
    rows = rows.select_related("assignee", "closed_by", "pool_department")
    return list(rows.order_by("seat", "opened_at"))


def _seat(one: Task, here: Task) -> Seat:
    person = one.closed_by if one.state == Task.State.DONE else one.assignee
    organ = one.pool_department
    who = str(person) if person else organ_words(organ) or "—"
    if one.state == Task.State.DONE:
        words, kind = OUTCOMES.get(one.outcome, (one.outcome, ""))
    else:
        words, kind = WAITING[one.state]
    return Seat(who, words, kind, one.opinion, one.signs_for is not None, one.pk == here.pk)


def _ballot(tasks: list[Task], share: int) -> Ballot:
    said = [one.outcome for one in tasks if one.state == Task.State.DONE]
    of = sum(one.state != Task.State.CANCELLED for one in tasks)
    return Ballot(said.count("approve"), said.count("reject"), said.count("abstain"), of, share)


def _waits(user, instance, plan) -> list[dict]:
    """What the process waits for besides people, with the way to a sub-process one may see."""
    rows = Wait.objects.filter(instance=instance, state=Wait.State.WAITING).select_related("child")
    return [_wait(user, wait, plan) for wait in rows.order_by("since", "pk")]


def _wait(user, wait: Wait, plan) -> dict:
    title = pick(getattr(plan.step(wait.node), "title", None) and plan.step(wait.node).title)
    words, icon = {
        "timer": (_("waits until %(day)s"), "timer"),
        "call": (_("is done by the system"), "workflow"),
    }.get(wait.kind, (_("runs as a process of its own"), "git-branch"))
    if wait.due_at is not None:
        words = words % {"day": moment(wait.due_at)}
    below = process.tasks_of(user, wait.child) if wait.child_id else []
    return {
        "title": title,
        "words": words,
        "icon": icon,
        "tasks": [(one.pk, pick(one.title)) for one in below],
    }
