"""Who is told of a deadline, and what. Timers are columns: a stopped clock or worker loses none."""

from __future__ import annotations

from django.db.models import Q

from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.napps.selectors import reachable
from security.actors import Actor
from security.organs.selectors import users_holding

from .choosing import heads_of
from .delegation.selectors import deputies_for
from .links import task_link
from .models import Task

NAMES = frozenset({"subject", "number", "step", "napp"})

register_template(
    Template(
        key="task_due_soon",
        title={"zh": "“{subject}”快到期了", "en": "“{subject}” is due soon"},
        body={
            "zh": "{napp}，{step}：{subject}（{number}）快到期了，请尽快办理。",
            "en": "{napp}, {step}: {subject} ({number}) is due soon. Please see to it.",
        },
        names=NAMES,
    )
)
register_template(
    Template(
        key="task_overdue",
        title={"zh": "“{subject}”已超期", "en": "“{subject}” is overdue"},
        body={
            "zh": "{napp}，{step}：{subject}（{number}）已超过办理期限，请马上办理。",
            "en": "{napp}, {step}: {subject} ({number}) has passed its deadline. Please act now.",
        },
        names=NAMES,
    )
)


def untold(now, limit: int) -> list[Task]:
    """Open tasks whose deadline has to be told, locked; what another process tells is skipped."""
    soon = Q(warn_at__lte=now, warned_at=None)
    late = Q(due_at__lt=now, overdue_told_at=None)
    tasks = reachable(
        Task.objects.filter(soon | late, state="open"), "instance__napp_version__napp"
    )
    return list(
        tasks.select_for_update(of=("self",), skip_locked=True)
        .select_related("instance__napp_version__napp", "assignee", "pool_department")
        .defer("instance__napp_version__manifest")
        .order_by("due_at", "pk")[:limit]
    )


def tell(actor: Actor, task: Task, now) -> None:
    """Tell whoever has to act, and of a late task also the heads; marks the task as told."""
    if task.due_at < now:
        people = {person.pk: person for person in [*who_acts(task), *_heads(task)]}
        _notify(actor, task, "task_overdue", people.values())
        task.overdue_told_at = now
    elif task.warn_at > task.opened_at:
        _notify(actor, task, "task_due_soon", who_acts(task))
    # A term that begins yellow, or is late already, needs no second word.
    task.warned_at = task.warned_at or now


def values_of(task: Task) -> dict:
    """What a notice about a task says: the blanks named in NAMES."""
    return {
        "subject": task.instance.subject_label,
        "number": task.instance.subject_number or str(task.instance_id)[:8],
        "step": task.title,
        "napp": task.instance.napp_version.napp.title,
    }


def _notify(actor: Actor, task: Task, template: str, people) -> None:
    values = values_of(task)
    for person in people:
        notify_by_template(
            actor=actor,
            recipient=person,
            template=template,
            values=values,
            dedupe=f"{template}:{task.pk}:{person.pk}",
            link=task_link(task.pk),
        )


def who_acts(task: Task) -> list:
    """Who may act on the task today: its holder or the holders of its role, and their deputies."""
    if task.assignee is not None:
        people = [task.assignee]
    elif task.pool_department is None:
        return []
    else:
        people = users_holding(task.pool_groups, task.pool_department)
    deputies = deputies_for(people, task.instance.napp_version.napp_id)
    return list({person.pk: person for person in [*people, *deputies]}.values())


def _heads(task: Task) -> list:
    return heads_of(task.pool_department) if task.pool_department else []
