"""Urging: whoever waits asks those who have the matter to go on with it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.events import emit
from platform_core.common.templatetags.ui import day
from security.actors import Actor
from security.audit.services import record_audit

from .. import moves
from ..deadlines import NAMES, values_of, who_acts
from ..links import task_link
from ..locking import lock_instance, lock_task
from ..models import ProcessInstance, Task
from ..permissions import is_head
from .selectors import urgeable, working_at

register_template(
    Template(
        key="task_urged",
        title={"zh": "催办：“{subject}”", "en": "Please hurry: “{subject}”"},
        body={
            "zh": "{napp}，{step}：{subject}（{number}）被催办，请尽快办理。",
            "en": "{napp}, {step}: somebody waits for {subject} ({number}). Please see to it.",
        },
        names=NAMES,
    )
)


@transaction.atomic
def urge_process(*, actor: Actor, instance: ProcessInstance, at=None) -> list[Task]:
    """Ask everybody who has had the process for half of their term to go on; returns their tasks.

    The caller decides whether `actor` may. At most once a working day; Conflict says from which
    day on. Emits process.urged.
    """
    at = at or timezone.now()
    instance = lock_instance(id=working_at(instance).pk)
    tasks, first = urgeable(instance, at)
    if not tasks:
        raise Conflict(_too_early(first))
    for task in tasks:
        task.instance = instance
        task.urged_at = at
        moves.record_alone(instance, actor, "urged", task, at)
        for person in who_acts(task):
            notify_by_template(
                actor=actor,
                recipient=person,
                template="task_urged",
                values=values_of(task),
                dedupe=f"task_urged:{task.pk}:{person.pk}:{timezone.localdate(at)}",
                link=task_link(task.pk),
            )
    Task.objects.bulk_update(tasks, ["urged_at"])
    record_audit(actor=actor, verb="process.urge", obj=instance, after={"tasks": len(tasks)})
    emit("process.urged", instance=instance, task=tasks[0], actor=actor, at=at)
    emit("process.moved", instance=instance, actor=actor, at=at)
    return tasks


@transaction.atomic
def urge_task(*, actor: Actor, task_id, at=None) -> list[Task]:
    """Urge the process of a task, as whoever began it or as the head of the department."""
    instance, task = lock_task(actor=actor, task_id=task_id, version=None)
    if instance.starter_id != actor.user.pk and not is_head(actor.user, task):
        raise NotAllowed(_("Whoever began it, or the head of the department, may urge."))
    return urge_process(actor=actor, instance=instance, at=at)


def _too_early(first) -> str:
    if first is None:
        return _("Nothing waits for the office at the moment, so nobody can be urged.")
    words = _("This is in hand and within its time. You can urge from %(day)s on.")
    return words % {"day": day(first)}
