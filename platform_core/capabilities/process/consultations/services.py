"""Asking other organs for an opinion inside a case, answering, and withdrawing the question."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.files.services import link_file, store_file
from platform_core.capabilities.notifications.services import notify_by_template
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit, listen
from security.actors import Actor
from security.audit.services import record_audit

from .. import moves
from ..deadlines import NAMES, values_of, who_acts
from ..links import task_link
from ..locking import lock_task
from ..models import ProcessInstance, Task
from ..permissions import principal_of
from . import selectors
from .models import Consultation

State = Consultation.State
LONGEST = 2000
MOST_DEPARTMENTS = 10
MOST_FILES = 5
LONGEST_DAYS = 60
TITLE = {"zh": "征求意见", "en": "Opinion asked for"}
# No step of a definition can have this key.
NODE = "@opinion"

register_template(
    Template(
        key="opinion_asked",
        title={"zh": "征求意见：“{subject}”", "en": "Your opinion is asked for: “{subject}”"},
        body={
            "zh": "{napp}：{subject}（{number}）向贵单位征求意见，请按期答复。",
            "en": "{napp}: your department is asked about {subject} ({number}). Please answer in "
            "time.",
        },
        names=NAMES,
    )
)
register_template(
    Template(
        key="opinion_given",
        title={"zh": "{organ}已答复：“{subject}”", "en": "{organ} has answered: “{subject}”"},
        body={
            "zh": "{napp}：{organ}已就{subject}（{number}）答复意见。",
            "en": "{napp}: {organ} has given its opinion on {subject} ({number}).",
        },
        names=NAMES | {"organ"},
    )
)


@transaction.atomic
def ask_opinions(
    *,
    actor: Actor,
    task_id,
    version: int,
    departments,
    question: str,
    working_days: int | None,
    is_mandatory: bool = False,
    uploads=(),
    at=None,
) -> list[Consultation]:
    """Ask `departments` (ids) a question at a task; each gets a task of its own with a term.

    With `is_mandatory` the step can be finished only when all have answered. Raises what `act`
    does, and Unusable for what is missing or for a department where nobody could answer.
    """
    at = at or timezone.now()
    instance, task = lock_task(actor=actor, task_id=task_id, version=version)
    if not selectors.may_ask(actor.user, task):
        raise NotAllowed(_("You may not ask for opinions at this step."))
    question = question.strip()
    chosen = _checked(task, departments, question, working_days, uploads)
    files = [_kept(actor, upload) for upload in uploads]
    try:
        term = (workcalendar.warn_at(at, working_days), workcalendar.due_at(at, working_days))
    except workcalendar.CalendarUnknown as error:
        raise Unusable({"working_days": [str(error)]}) from None
    asked = [
        _ask(actor, task, department, people, term, question, is_mandatory, at)
        for department, people in chosen.items()
    ]
    # A file belongs to one thing: the first question carries the files of all.
    for file in files:
        link_file(
            actor=actor, file_id=file.pk, subject_type=selectors.SUBJECT, subject_id=asked[0].pk
        )
    if is_mandatory:
        Task.objects.filter(pk=task.pk).update(awaits_opinions=True)
    names = ", ".join(str(one.department) for one in asked)
    moves.record_alone(
        instance, actor, "opinion_asked", task, at, principal_of(actor.user, task),
        opinion=question, data={"to_name": names},
    )  # fmt: skip
    after = {"departments": [one.department_id for one in asked], "is_mandatory": is_mandatory}
    record_audit(actor=actor, verb="task.ask_opinions", obj=task, after=after)
    return asked


def _ask(
    actor: Actor, task: Task, department, people, term, question: str, is_mandatory: bool, at
) -> Consultation:
    """The question to one department and the task at which it answers."""
    holders, heads = people
    theirs = Task.objects.create(
        instance=task.instance,
        node=NODE,
        kind=selectors.KIND,
        title=TITLE,
        assignee=None if holders else heads[0],
        pool_department=department,
        pool_groups=list(task.pool_groups),
        opened_at=at,
        warn_at=term[0],
        due_at=term[1],
    )
    _tell_asked(actor, theirs)
    return Consultation.objects.create(
        instance=task.instance, asking=task, task=theirs, department=department,
        question=question, is_mandatory=is_mandatory, asked_by=actor.user, asked_at=at,
        due_at=theirs.due_at,
    )  # fmt: skip


@transaction.atomic
def answer_opinion(
    *, actor: Actor, task_id, version: int, answer: str, text: str = "", at=None
) -> Consultation:
    """Answer for the department at its task: agree, agree with conditions, or object.

    Conditions and objections need their text. Raises what `act` does.
    """
    at = at or timezone.now()
    # What another organ says is often what a suspension waits for.
    instance, task = lock_task(actor=actor, task_id=task_id, version=version, while_suspended=True)
    found = Consultation.objects.select_for_update(of=("self",)).select_related("department")
    found = found.filter(task=task).first()
    if found is None:
        raise Http404
    if instance.starter_id == actor.user.pk:
        raise NotAllowed(_("Nobody gives an opinion on an application of their own."))
    text = text.strip()
    _check_answer(answer, text)
    found.state, found.answer, found.text = State.ANSWERED, answer, text
    found.answered_by, found.answered_at = actor.user, at
    found.save(update_fields=["state", "answer", "text", "answered_by", "answered_at"])
    principal = principal_of(actor.user, task)
    task.state, task.outcome, task.opinion = Task.State.DONE, "answer", text
    task.closed_at, task.closed_by, task.version = at, actor.user, task.version + 1
    task.assignee = task.assignee or principal or actor.user
    _look_again(found.asking_id)
    task.save(
        update_fields=[
            "state", "outcome", "opinion", "closed_at", "closed_by", "version", "assignee",
        ]
    )  # fmt: skip
    moves.record_alone(
        instance, actor, "opinion_given", task, at, principal, opinion=text, data={"answer": answer}
    )
    record_audit(actor=actor, verb="task.answer_opinion", obj=task, after={"answer": answer})
    told = {"instance": instance, "actor": actor, "at": at}
    emit("process.opinion_given", task=task, organ=found.department, **told)
    emit("process.moved", **told)
    notify_by_template(
        actor=actor,
        recipient=found.asked_by,
        template="opinion_given",
        values={**values_of(task), "organ": str(found.department)},
        dedupe=f"opinion_given:{found.pk}",
        link=task_link(task.pk),
    )
    return found


@transaction.atomic
def withdraw_question(*, actor: Actor, task_id, consultation_id, at=None) -> None:
    """Take a question back at the task that asked it. Conflict when it has been answered."""
    at = at or timezone.now()
    instance, task = lock_task(actor=actor, task_id=task_id, version=None)
    found = Consultation.objects.select_for_update().filter(pk=consultation_id, instance=instance)
    one = found.filter(asking=task).first()
    if one is None:
        raise Http404
    if not selectors.may_ask(actor.user, task):
        raise NotAllowed(_("You may not ask for opinions at this step."))
    if one.state != State.OPEN:
        raise Conflict(_("This question is no longer open."))
    _close([one], actor, at)
    _look_again(one.asking_id)
    moves.record_alone(
        instance, actor, "opinion_withdrawn", task, at, data={"to_name": str(one.department)}
    )
    record_audit(actor=actor, verb="task.withdraw_question", obj=task)


@listen("process.closed")
def _on_closed(*, instance: ProcessInstance, actor: Actor, at, **_facts) -> None:
    _close(list(Consultation.objects.filter(instance=instance, state=State.OPEN)), actor, at)


def _close(rows: list[Consultation], actor: Actor, at) -> None:
    """Nobody has to answer any more."""
    if not rows:
        return
    ids = [one.pk for one in rows]
    Consultation.objects.filter(pk__in=ids).update(state=State.WITHDRAWN)
    tasks = Task.objects.filter(consultation__in=ids, state=Task.State.OPEN)
    tasks.update(
        state=Task.State.CANCELLED, closed_at=at, closed_by=actor.user, version=F("version") + 1
    )


def _look_again(asking_id) -> None:
    """The task that asked may be finished once nothing is awaited any more."""
    awaited = Consultation.objects.filter(asking=asking_id, state=State.OPEN, is_mandatory=True)
    if not awaited.exists():
        Task.objects.filter(pk=asking_id).update(awaits_opinions=False)


def _checked(task: Task, departments, question: str, working_days, uploads) -> dict:
    """The departments asked, each with (holders, heads); raises Unusable for what is wrong."""
    problems, chosen = {}, {}
    moves.must_be_storable("question", question)
    offered = {str(one.pk): one for one in selectors.departments_to_ask(task)}
    wanted = list(dict.fromkeys(str(getattr(one, "pk", one)) for one in departments))
    if not wanted or not set(wanted) <= set(offered) or len(wanted) > MOST_DEPARTMENTS:
        words = _("Choose one to %(limit)d departments of the list.")
        problems["departments"] = [words % {"limit": MOST_DEPARTMENTS}]
    else:
        chosen = {
            offered[key]: selectors.answerers(offered[key], task.pool_groups, task.instance)
            for key in wanted
        }
        empty = [str(one) for one, people in chosen.items() if not any(people)]
        if empty:
            words = _("Nobody there could answer: %(names)s.")
            problems["departments"] = [words % {"names": ", ".join(empty)}]
    if not question:
        problems["question"] = [_("Write the question.")]
    elif len(question) > LONGEST:
        problems["question"] = [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST}]
    if working_days is None or not 1 <= working_days <= LONGEST_DAYS:
        words = _("Give a term of 1 to %(limit)d working days.")
        problems["working_days"] = [words % {"limit": LONGEST_DAYS}]
    if len(uploads) > MOST_FILES:
        problems["files"] = [_("At most %(limit)d files.") % {"limit": MOST_FILES}]
    if problems:
        raise Unusable(problems)
    return chosen


def _check_answer(answer: str, text: str) -> None:
    moves.must_be_storable("text", text)
    if answer not in Consultation.Answer.values:
        raise Unusable({"answer": [_("Choose an answer.")]})
    if answer != Consultation.Answer.AGREE and not text:
        raise Unusable({"text": [_("Give the conditions or the reasons.")]})
    if len(text) > LONGEST:
        raise Unusable({"text": [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST}]})


def _kept(actor: Actor, upload):
    try:
        return store_file(actor=actor, upload=upload)
    except Unusable as error:
        raise Unusable({"files": error.errors.get("", [])}) from None


def _tell_asked(actor: Actor, task: Task) -> None:
    for person in who_acts(task):
        notify_by_template(
            actor=actor,
            recipient=person,
            template="opinion_asked",
            values=values_of(task),
            dedupe=f"opinion_asked:{task.pk}:{person.pk}",
            link=task_link(task.pk),
        )
