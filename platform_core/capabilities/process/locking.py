"""Locks for the services, and the words for whoever came too late."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.errors import Conflict, NotAllowed
from platform_core.common.templatetags.ui import moment
from platform_core.napps.selectors import REACHABLE
from security.access import may
from security.actors import Actor
from security.statements import Prepared

from .models import ProcessEvent, ProcessInstance, Task
from .permissions import in_pool, is_head, may_handle, principal_of

DONE_WORDS = {
    "approve": gettext_lazy("approved"),
    "submit": gettext_lazy("filled in"),
    "reject": gettext_lazy("refused"),
    "correct": gettext_lazy("asked for a correction"),
    "return": gettext_lazy("returned"),
    "transfer": gettext_lazy("handed over"),
    "against": gettext_lazy("voted against"),
    "abstain": gettext_lazy("abstained"),
    "decline": gettext_lazy("did not agree"),
    "add_signer": gettext_lazy("asked a signer"),
    "retry": gettext_lazy("had it tried again"),
    # kinds of events
    "approved": gettext_lazy("approved"),
    "submitted": gettext_lazy("filled in"),
    "rejected": gettext_lazy("refused"),
    "correction_asked": gettext_lazy("asked for a correction"),
    "correction_answered": gettext_lazy("corrected"),
    "returned": gettext_lazy("returned"),
    "transferred": gettext_lazy("handed over"),
    "claimed": gettext_lazy("taken"),
    "released": gettext_lazy("put back into the pool"),
    "holder_found": gettext_lazy("given to somebody"),
    "relocated": gettext_lazy("moved to another department"),
    "withdrawn": gettext_lazy("withdrawn"),
    "signed": gettext_lazy("approved"),
    "voted_against": gettext_lazy("voted against"),
    "abstained": gettext_lazy("abstained"),
    "declined": gettext_lazy("did not agree"),
    "signer_added": gettext_lazy("asked a signer"),
    "retried": gettext_lazy("had it tried again"),
    "suspended": gettext_lazy("suspended"),
    "resumed": gettext_lazy("let it go on"),
    "urged": gettext_lazy("urged"),
    "answer": gettext_lazy("answered"),
    "opinion_asked": gettext_lazy("asked for an opinion"),
    "opinion_given": gettext_lazy("answered"),
    "opinion_withdrawn": gettext_lazy("took a question back"),
    "timed_out": gettext_lazy("not done in time"),
    "migrated": gettext_lazy("moved to another version"),
}


def lock_instance(*, id=None, task=None) -> ProcessInstance:
    """The instance with this id, or of the task with that one, locked until the end of the
    transaction; Http404 when there is none.
    """
    try:
        wanted = UUID(str(id or task))
    except ValueError:
        raise Http404 from None
    found = _instance(instance=wanted) if id else _instance_of(task=wanted)
    if not found:
        raise Http404
    return found[0]


def _locked_instances():
    return (
        ProcessInstance.objects.select_for_update(of=("self",))
        .select_related("napp_version__napp", "department", "region")
        .defer("napp_version__manifest")
    )


@Prepared
def _instance(instance: UUID):
    return _locked_instances().filter(pk=instance)


@Prepared
def _instance_of(task: UUID):
    return _locked_instances().filter(tasks__id=task)


@Prepared
def _task(task: UUID):
    rows = Task.objects.select_for_update(of=("self",))
    return rows.select_related("assignee", "closed_by", "pool_department").filter(pk=task)


def lock_task(
    *, actor: Actor, task_id, version: int | None, while_suspended: bool = False
) -> tuple[ProcessInstance, Task]:
    """Instance and task, locked in this order, for an actor who may handle the task as it was seen.

    Strangers get Http404; who may only see it NotAllowed; who is too late Conflict.
    """
    instance = lock_instance(task=task_id)
    (task,) = _task(task=UUID(str(task_id)))
    task.instance = instance
    if instance.napp_version.napp.state not in REACHABLE:
        raise Http404
    _let_in(actor, task)
    if version is not None:
        if task.state != Task.State.OPEN or task.version != version:
            raise too_late(task)
        if not may_handle(actor.user, task):
            raise NotAllowed(_not_yours(task))
        if not while_suspended:
            must_not_stand(instance)
    return instance, task


def lock_pool_task(*, actor: Actor, task_id, version: int | None) -> tuple[ProcessInstance, Task]:
    """As lock_task for claim and release: the actor holds the pool's role, or the task itself."""
    instance, task = lock_task(actor=actor, task_id=task_id, version=None)
    mine = (None, actor.user.pk, getattr(principal_of(actor.user, task), "pk", None))
    taken = task.assignee_id not in mine
    if task.state != Task.State.OPEN or taken or (version is not None and version != task.version):
        raise too_late(task)
    if not may_handle(actor.user, task):
        raise NotAllowed(_not_yours(task))
    must_not_stand(instance)
    return instance, task


def must_not_stand(instance: ProcessInstance) -> None:
    """Conflict while the process is suspended: only who lets it go on, or withdraws, moves it."""
    if instance.status == ProcessInstance.Status.PAUSED:
        raise Conflict(_("The process is suspended. Let it go on before you act."))


def too_late(task: Task) -> Conflict:
    """Who was faster, when, and what they did, in words and as facts."""
    if task.state != Task.State.OPEN and task.outcome:
        who, at, what = str(task.closed_by or ""), task.closed_at, task.outcome
    else:
        last = ProcessEvent.objects.filter(instance=task.instance)
        if task.state == Task.State.OPEN:
            last = last.filter(task=task)
        last = last.exclude(kind="closed").order_by("-seq").first()
        if last is None:
            return Conflict(_("This page is out of date. Look again before you decide."))
        who, at, what = last.actor_name, last.at, last.kind
    words = {
        "who": who or _("The applicant"),
        "when": moment(at),
        "what": DONE_WORDS.get(what, what),
    }
    message = _("%(who)s was faster (%(when)s): %(what)s. Nothing was changed by you.") % words
    return Conflict(
        message, who=who, at=at.isoformat(), action=what, version=task.version, state=task.state
    )


def _let_in(actor: Actor, task: Task) -> None:
    user = actor.user
    if user is None:
        raise Http404
    if task.assignee_id == user.pk or in_pool(user, task) or is_head(user, task):
        return
    if not may(user, "see", task):
        raise Http404


def _not_yours(task: Task) -> str:
    if task.assignee_id:
        return _("This task waits for %(who)s.") % {"who": task.assignee}
    return _("This task waits for those who hold its role in %(department)s.") % {
        "department": task.pool_department
    }
