"""What each action on a task means. Called by the services, with instance and task locked."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.selectors import values_for_rules
from platform_core.capabilities.forms.services import submit_values
from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from security.organs.selectors import users_holding

from . import engine
from .definitions import decider, needed_facts
from .models import ProcessEvent, ProcessInstance, Task
from .permissions import NOT_BY_STARTER, own_acts
from .plan import Plan
from .writing import Writer, on_behalf

LONGEST_OPINION = 2000
NEEDS_REASON = {"reject", "correct", "return"}


@dataclass(frozen=True)
class Request:
    """What a person asked for, as it came in."""

    action: str
    opinion: str = ""
    data: dict | None = None
    to_user: object = None
    to_node: str | None = None
    fields: tuple[str, ...] = ()


# -- what is allowed -------------------------------------------------------------------------------


def allowed(instance: ProcessInstance, plan: Plan, task: Task, user) -> list[str]:
    """The actions that `user`, who may handle the task, has on it, in the definition's order."""
    if task.state != Task.State.OPEN or task.kind == "cc":
        return []
    barred = NOT_BY_STARTER if own_acts(task, user, instance) else set()
    if instance.state.get("parked"):
        barred = barred | {"correct"}
    actions = [action for action in plan.step(task.node).actions if action not in barred]
    if "return" in actions and not engine.return_targets(plan, instance.state, task.node):
        actions.remove("return")
    return actions


def check(
    instance: ProcessInstance, plan: Plan, task: Task, actor: Actor, request: Request
) -> None:
    """Refuse what the step does not offer, what the person may not do, and what lacks its
    reason."""
    if request.action not in allowed(instance, plan, task, actor.user):
        if own_acts(task, actor.user, instance) and request.action in NOT_BY_STARTER:
            raise NotAllowed(
                _("Nobody decides on an application of their own. Hand it to a colleague.")
            )
        if request.action == "correct" and instance.state.get("parked"):
            raise Conflict(_("The applicant has already been asked for a correction."))
        raise Unusable({"action": [_("This step does not offer that action.")]})
    must_be_storable("opinion", request.opinion)
    must_be_storable("fields", list(request.fields))
    if request.action in NEEDS_REASON and not request.opinion:
        raise Unusable({"opinion": [_("Give the reason: the applicant and the record need it.")]})
    if len(request.opinion) > LONGEST_OPINION:
        raise Unusable(
            {"opinion": [_("Shorten this to %(limit)d characters.") % {"limit": LONGEST_OPINION}]}
        )


def must_be_storable(field: str, typed) -> None:
    """Refuse characters that the database cannot hold (NUL, half a surrogate pair)."""
    if not is_storable(typed):
        raise Unusable({field: [_("The text contains characters that cannot be stored.")]})


def must_run(instance: ProcessInstance) -> None:
    """Conflict when the process has ended."""
    if instance.status == ProcessInstance.Status.ENDED:
        raise Conflict(_("This has already been closed."), outcome=instance.outcome)


def may_release(task: Task, user) -> bool:
    """Whether the task can go back to a pool: somebody besides the person shares it."""
    if task.assignee_id is None or not task.pool_groups or task.kind == "cc":
        return False
    if task.claimed_at is None and not task.events.filter(kind="transferred").exists():
        return False
    return any(
        person.id != user.pk for person in users_holding(task.pool_groups, task.pool_department)
    )


# -- the actions -----------------------------------------------------------------------------------


def _move(writer: Writer, move: engine.Move, facts: dict | None = None):
    state = writer.instance.state
    if facts:
        state = engine.with_facts(state, facts)
    today = timezone.localdate(writer.at)
    return engine.move(writer.plan, state, move, decider(today))


def _step_done(writer: Writer, task: Task, action: str) -> None:
    writer.announcements.insert(
        0,
        (
            "process.step_done",
            {
                "instance": writer.instance,
                "task": task,
                "action": action,
                "actor": writer.actor,
                "at": writer.at,
            },
        ),
    )


def approve(writer: Writer, task: Task, request: Request) -> None:
    state, changes = _move(writer, engine.Move("pass", task.node))
    writer.record("approved", task=task, opinion=request.opinion)
    writer.follow(state, changes, task=task, action="approve", opinion=request.opinion)
    _step_done(writer, task, "approve")


def submit(writer: Writer, task: Task, request: Request) -> None:
    """A fill-in step: the values become a record of the step's form; its answers may steer
    conditions."""
    step = writer.plan.step(task.node)
    record = submit_values(
        actor=writer.actor,
        napp_version=writer.instance.napp_version,
        form_key=step.form,
        values=request.data or {},
    )
    facts = needed_facts(writer.plan, values_for_rules(record))
    state, changes = _move(writer, engine.Move("pass", task.node), facts)
    writer.record("submitted", task=task, opinion=request.opinion, data={"record": str(record.pk)})
    writer.follow(state, changes, task=task, action="submit", opinion=request.opinion)
    _step_done(writer, task, "submit")


def reject(writer: Writer, task: Task, request: Request) -> None:
    state, changes = _move(writer, engine.Move("reject", task.node))
    writer.record("rejected", task=task, opinion=request.opinion)
    writer.follow(state, changes, task=task, action="reject", opinion=request.opinion)
    _step_done(writer, task, "reject")


def correct(writer: Writer, task: Task, request: Request) -> None:
    state, changes = _move(writer, engine.Move("correct", task.node))
    fields = list(request.fields)
    writer.record("correction_asked", task=task, opinion=request.opinion, data={"fields": fields})
    writer.follow(state, changes, task=task, action="correct", opinion=request.opinion)
    writer.announce("process.correction_asked", task=task, fields=fields, note=request.opinion)
    _step_done(writer, task, "correct")


def send_back(writer: Writer, task: Task, request: Request) -> None:
    targets = engine.return_targets(writer.plan, writer.instance.state, task.node)
    target = request.to_node or (targets[0] if len(targets) == 1 else "")
    if target not in targets:
        raise Unusable({"to_node": [_("Choose the step to return to.")]})
    state, changes = _move(writer, engine.Move("return", task.node, target))
    writer.record("returned", task=task, opinion=request.opinion, data={"to": target})
    writer.follow(state, changes, task=task, action="return", opinion=request.opinion)
    writer.announce("process.returned", task=task, to_node=target, opinion=request.opinion)
    _step_done(writer, task, "return")


def transfer(writer: Writer, task: Task, request: Request) -> None:
    wanted = str(getattr(request.to_user, "pk", request.to_user) or "")
    person = {str(one.pk): one for one in colleagues(task, writer.actor.user)}.get(wanted)
    if person is None:
        raise Unusable(
            {
                "to_user": [
                    _("Choose a colleague of the department who holds the role of this step.")
                ]
            }
        )
    if task.kind == "approve" and person.pk == writer.instance.starter_id:
        raise Unusable({"to_user": [_("Nobody decides on an application of their own.")]})
    task.assignee, task.version = person, task.version + 1
    task.save(update_fields=["assignee", "version"])
    writer.record(
        "transferred",
        task=task,
        opinion=request.opinion,
        data={"to": person.pk, "to_name": str(person)},
    )
    _step_done(writer, task, "transfer")


def colleagues(task: Task, user) -> list:
    """Who else holds the role of the task in its department."""
    if task.pool_department is None:
        return []
    found = users_holding(task.pool_groups, task.pool_department)
    # Where all have to agree, nobody gets two seats.
    seats = Task.objects.filter(
        instance=task.instance_id, node=task.node, opened_at=task.opened_at
    ).exclude(pk=task.pk)
    barred = {getattr(user, "pk", None), *seats.values_list("assignee", flat=True)}
    return [person for person in found if person.pk not in barred]


HANDLERS = {
    "approve": approve,
    "submit": submit,
    "reject": reject,
    "correct": correct,
    "return": send_back,
    "transfer": transfer,
}


# -- small things the services need ----------------------------------------------------------------


def correction_task(instance: ProcessInstance) -> Task | None:
    """The task at which the applicant was asked last."""
    asked = Task.objects.filter(
        instance=instance, outcome="correct", node__in=instance.state["parked"]
    )
    return asked.select_related("closed_by").order_by("-closed_at").first()


def record_alone(
    instance: ProcessInstance, actor: Actor, kind: str, task: Task, at, principal=None
) -> None:
    """One event that leaves the state of the process as it is."""
    instance.event_count += 1
    instance.save(update_fields=["event_count"])
    ProcessEvent.objects.create(
        instance=instance,
        seq=instance.event_count,
        kind=kind,
        node=task.node,
        task=task,
        actor=actor.user,
        actor_name=actor.name[:150],
        post=actor.post,
        at=at,
        data=on_behalf(principal),
    )
