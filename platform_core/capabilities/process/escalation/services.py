"""What the sweep does with a step whose time is over: once, as the system, in the open."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common.events import emit
from platform_core.common.i18n import pick
from platform_core.napps.selectors import reachable
from security.actors import Actor
from security.audit.services import record_audit

from .. import engine, moves
from ..choosing import heads_of
from ..deadlines import NAMES, values_of, who_acts
from ..definitions import plan_for
from ..delegation.selectors import deputies_for
from ..links import task_link
from ..locking import lock_instance
from ..models import ProcessInstance, Task
from ..writing import Writer

BATCH = 200
MOST_LEVELS = 12
# What a supervised matter says it grew out of.
SOURCE = "timeout"
log = structlog.get_logger(__name__)

register_template(
    Template(
        key="task_timed_out",
        title={"zh": "“{subject}”已超时，系统已处理", "en": "“{subject}” timed out"},
        body={
            "zh": "{napp}，{step}：{subject}（{number}）超过期限未办，系统已按流程规定处理。",
            "en": "{napp}, {step}: {subject} ({number}) was not done in time; the system acted as "
            "the process says.",
        },
        names=NAMES,
    )
)


@transaction.atomic
def escalate_task(*, actor: Actor, task_id, now=None) -> bool:
    """Do what the definition says for a step that was not done in time; False when there is
    nothing to do any more. Whoever had it, and whoever has it now, is told.
    """
    now = now or timezone.now()
    instance = lock_instance(task=task_id)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    task.instance = instance
    is_due = task.escalate_at is not None and task.escalate_at <= now
    if task.state != Task.State.OPEN or task.escalated_at or not is_due:
        return False
    if instance.status == ProcessInstance.Status.PAUSED:
        return False
    plan = plan_for(instance.napp_version, instance.process_key)
    deadline = plan.step(task.node).deadline
    had = who_acts(task)
    Task.objects.filter(pk=task.pk).update(escalated_at=now)
    writer = Writer(instance, plan, actor, now)
    what = _settled(plan, instance, task, deadline.on_timeout)
    if what in {"head", "deputy"}:
        _give(writer, task, what)
    elif what == "supervise":
        _supervise(writer, task)
    else:
        _act(writer, task, what, deadline)
    writer.finish()
    after = {"what": what, "node": task.node, "assignee": task.assignee_id}
    record_audit(actor=actor, verb="task.escalate", obj=task, after=after)
    _tell(actor, task, [*had, *([task.assignee] if task.assignee else [])])
    return True


def sweep_escalations(*, actor: Actor, now=None) -> int:
    """Escalate everything whose moment has come, each in a transaction of its own; returns how
    many. One that cannot be escalated holds up no other.
    """
    now, done, met = now or timezone.now(), 0, set()
    while due := _due(now, met):
        for task_id in due:
            met.add(task_id)
            try:
                with transaction.atomic():
                    done += escalate_task(actor=actor, task_id=task_id, now=now)
            except Exception as error:  # whatever stops one, the others go on
                log.exception("task.not_escalated", task=str(task_id), error=type(error).__name__)
    return done


def _due(now, met: set) -> list:
    waiting = Task.objects.filter(state=Task.State.OPEN, escalate_at__lte=now, escalated_at=None)
    waiting = waiting.exclude(instance__status=ProcessInstance.Status.PAUSED).exclude(pk__in=met)
    due = reachable(waiting, "instance__napp_version__napp").order_by("escalate_at", "pk")
    return list(due.values_list("pk", flat=True)[:BATCH])


def _settled(plan, instance: ProcessInstance, task: Task, what: str) -> str:
    """What can be done: returning needs a step behind, a deputy needs to be named."""
    if what == "return" and not engine.return_targets(plan, instance.state, task.node):
        return "head"
    if what == "deputy" and _deputy(task) is None:
        return "head"
    return what


def _give(writer: Writer, task: Task, what: str) -> None:
    person = _deputy(task) if what == "deputy" else _head(task)
    if person is not None:
        task.assignee, task.version = person, task.version + 1
        task.is_stranded = False
        task.save(update_fields=["assignee", "version", "is_stranded"])
    named = {"what": what, **({"to": person.pk, "to_name": str(person)} if person else {})}
    writer.record("timed_out", task=task, data=named)


def _supervise(writer: Writer, task: Task) -> None:
    """The task stays where it is; its department is proposed for supervision, once."""
    writer.record("timed_out", task=task, data={"what": "supervise"})
    if task.pool_department is None:
        return
    instance, words = writer.instance, values_of(task)
    title = {key: f"{words['napp'][key]} · {words['step'][key]}" for key in ("zh", "en")}
    with translation.override(settings.LANGUAGE_CODE):
        said = _("“%(step)s” of %(number)s was not done in time. Do it, and say why it is late.")
        requirement = said % {"step": pick(words["step"]), "number": instance.subject_number}
    emit(
        "supervision.wanted", actor=writer.actor, source=SOURCE, object_type="platform_core.task",
        object_id=task.pk, title=title, requirement=requirement, lead=task.pool_department,
        assisting=[], due_at=None, url=task_link(task.pk),
    )  # fmt: skip


def _act(writer: Writer, task: Task, what: str, deadline) -> None:
    basis = deadline.silence_is_consent
    # What the record and the applicant read, in the language of the place.
    with translation.override(settings.LANGUAGE_CODE):
        opinion = {
            "pass": _("Not decided in time, so it counts as agreed."),
            "return": _("Not done in time, so it goes back one step."),
            "reject": _("Not done in time, so it ends here."),
        }[what]
        opinion = " ".join(filter(None, [opinion, pick(basis) if basis else ""]))
    data = {"what": what, **({"basis": basis.model_dump()} if basis else {})}
    writer.record("timed_out", task=task, data=data)
    action = {"pass": "approve", "return": "return", "reject": "reject"}[what]
    target = None
    if what == "return":
        target = engine.return_targets(writer.plan, writer.instance.state, task.node)[-1]
    moves.HANDLERS[action](writer, task, moves.Request(action, opinion, to_node=target))


def _deputy(task: Task):
    if task.assignee is None:
        return None
    found = deputies_for([task.assignee], task.instance.napp_version.napp_id)
    return next((one for one in found if _may_have(task, one)), None)


def _head(task: Task):
    """The head of the task's department who has not had it, else the next one above."""
    department = task.pool_department
    for _level in range(MOST_LEVELS):
        if department is None:
            return None
        for head in heads_of(department):
            if head.pk != task.assignee_id and _may_have(task, head):
                return head
        department = department.parent
    return None


def _may_have(task: Task, person) -> bool:
    return task.kind != "approve" or person.pk != task.instance.starter_id


def _tell(actor: Actor, task: Task, people) -> None:
    for person in {one.pk: one for one in people}.values():
        notify_by_template(
            actor=actor,
            recipient=person,
            template="task_timed_out",
            values=values_of(task),
            dedupe=f"task_timed_out:{task.pk}:{person.pk}",
            link=task_link(task.pk),
        )
