"""A head of a department gives a task of the department to another colleague."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common.errors import NotAllowed, Unusable
from security.actors import Actor
from security.audit.services import record_audit

from . import moves
from .deadlines import NAMES, values_of
from .links import task_link
from .locking import lock_task, must_not_stand, too_late
from .models import Task
from .permissions import is_head

LONGEST_REASON = 400

register_template(
    Template(
        key="task_given",
        title={"zh": "“{subject}”改由您办理", "en": "“{subject}” is yours now"},
        body={
            "zh": "{who}将{napp}“{step}”（{number}）交给您办理。原因：{reason}",
            "en": "{who} gave you {napp}, {step} ({number}). Reason: {reason}",
        },
        names=NAMES | {"who", "reason"},
    )
)
register_template(
    Template(
        key="task_taken_away",
        title={"zh": "“{subject}”改由{person}办理", "en": "{person} has “{subject}” now"},
        body={
            "zh": "{who}将{napp}“{step}”（{number}）改交{person}办理。原因：{reason}",
            "en": "{who} gave {napp}, {step} ({number}) to {person}. Reason: {reason}",
        },
        names=NAMES | {"who", "reason", "person"},
    )
)


@transaction.atomic
def reassign_task(*, actor: Actor, task_id, version: int, to_user, reason: str, at=None) -> Task:
    """Give an open task of a department that `actor` heads to `to_user` (a user or an id), who
    holds the role of the step there and does not have it yet. Both are told, the one who had it
    too.

    Http404 for strangers, NotAllowed for whoever does not head the department, Conflict when the
    task has changed since `version`, Unusable without a reason or for somebody who could not do it.
    """
    at = at or timezone.now()
    instance, task = lock_task(actor=actor, task_id=task_id, version=None)
    if not is_head(actor.user, task):
        raise NotAllowed(_("Only the head of the department hands on what others have."))
    if task.state != Task.State.OPEN or task.version != version:
        raise too_late(task)
    must_not_stand(instance)
    reason = said_reason(reason)
    people = {str(one.pk): one for one in moves.colleagues(task, None)}
    person = people.get(str(getattr(to_user, "pk", to_user) or ""))
    if person is None or person.pk == task.assignee_id:
        words = _("Choose a colleague of the department who holds the role of this step.")
        raise Unusable({"to_user": [words]})
    if task.kind == "approve" and person.pk == instance.starter_id:
        raise Unusable({"to_user": [_("Nobody decides on an application of their own.")]})
    before = task.assignee
    task.assignee, task.version = person, task.version + 1
    task.is_stranded, task.urged_at = False, None
    task.save(update_fields=["assignee", "version", "is_stranded", "urged_at"])
    data = {"to": person.pk, "to_name": str(person)}
    moves.record_alone(instance, actor, "transferred", task, at, opinion=reason, data=data)
    record_audit(
        actor=actor, verb="task.reassign", obj=task,
        before={"assignee": before.pk if before else None},
        after={"assignee": person.pk, "reason": reason},
    )  # fmt: skip
    _tell(actor, task, before, reason)
    return task


def said_reason(reason: str) -> str:
    """The reason without blanks round it; Unusable when there is none or it cannot be kept."""
    reason = reason.strip()
    moves.must_be_storable("reason", reason)
    if not reason:
        raise Unusable({"reason": [_("Say why: both colleagues read it.")]})
    if len(reason) > LONGEST_REASON:
        words = _("Shorten this to %(limit)d characters.") % {"limit": LONGEST_REASON}
        raise Unusable({"reason": [words]})
    return reason


def _tell(actor: Actor, task: Task, before, reason: str) -> None:
    values = values_of(task) | {"who": actor.name, "reason": reason}
    told = [("task_given", task.assignee)]
    if before is not None and before.pk != task.assignee_id:
        told.append(("task_taken_away", before))
    for template, person in told:
        if actor.user is None or person.pk == actor.user.pk:
            continue
        words = values | ({"person": str(task.assignee)} if template == "task_taken_away" else {})
        notify_by_template(
            actor=actor, recipient=person, template=template, values=words,
            dedupe=f"{template}:{task.pk}:{task.version}", link=task_link(task.pk),
        )  # fmt: skip
