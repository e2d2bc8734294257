"""What each action on a task means. Called by the services, with instance and task locked."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from platform_core.capabilities.forms.selectors import values_for_rules
from platform_core.capabilities.forms.services import submit_values
from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from security.organs.selectors import officials_of, users_holding

from . import engine, seating
from .automatic import FALLIBLE
from .models import ProcessEvent, ProcessInstance, Task
from .permissions import NOT_BY_STARTER, own_acts
from .plan import Plan
from .rights import change, rights_of
from .writing import Writer, on_behalf

LONGEST_OPINION = 2000
# Reading items, and the questions to other organs: no step of the definition stands behind them.
BESIDE_STEPS = ("cc", "consult")
FINISHES = {"approve", "submit", "reject"}
NEEDS_REASON = {"reject", "correct", "return", "decline"}
SIGNER_ACTIONS = ("approve", "decline", "add_signer", "transfer")
CALL_ACTIONS = ("retry", "approve", "reject")


@dataclass(frozen=True)
class Request:
    """What a person asked for, as it came in."""

    action: str
    opinion: str = ""
    data: dict | None = None
    to_user: object = None
    to_node: str | None = None
    fields: tuple[str, ...] = ()
    when: str = ""
    back: str = ""


# -- what is allowed -------------------------------------------------------------------------------


def allowed(instance: ProcessInstance, plan: Plan, task: Task, user) -> list[str]:
    """The actions that `user`, who may handle the task, has on it, in the definition's order."""
    if task.state != Task.State.OPEN or task.kind in BESIDE_STEPS:
        return []
    barred = NOT_BY_STARTER if own_acts(task, user, instance) else set()
    if instance.state.get("parked"):
        barred = barred | {"correct"}
    actions = [action for action in _offered(plan.step(task.node), task) if action not in barred]
    if "return" in actions and not engine.return_targets(plan, instance.state, task.node):
        actions.remove("return")
    return actions


def _offered(step, task: Task) -> tuple[str, ...]:
    """What the step offers to this seat of it."""
    if step.kind in FALLIBLE:
        return CALL_ACTIONS
    if task.signs_for is None:
        return step.actions
    return tuple(one for one in SIGNER_ACTIONS if one != "add_signer" or one in step.actions)


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
    if task.awaits_opinions and request.action in FINISHES:
        raise Conflict(_("An opinion that has to be awaited is still open."))
    must_be_opinion(request.opinion)
    must_be_storable("fields", list(request.fields))
    if request.action in NEEDS_REASON and not request.opinion:
        raise Unusable({"opinion": [_("Give the reason: the applicant and the record need it.")]})


def must_be_opinion(opinion: str) -> None:
    """Refuse an opinion that cannot be kept or is too long."""
    must_be_storable("opinion", opinion)
    if len(opinion) > LONGEST_OPINION:
        words = _("Shorten this to %(limit)d characters.") % {"limit": LONGEST_OPINION}
        raise Unusable({"opinion": [words]})


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


def _moved(writer: Writer, kind: str, task: Task, facts: dict | None = None, **more):
    """The engine's answer; what it refuses has been overtaken by another move."""
    try:
        return writer.moved(engine.Move(kind, task.node, seat=task.seat, **more), facts)
    except engine.MoveRefused:
        raise Conflict(_("This page is out of date. Look again before you decide.")) from None


def _step_done(writer: Writer, task: Task, action: str) -> None:
    facts = {"instance": writer.instance, "task": task, "action": action}
    facts |= {"actor": writer.actor, "at": writer.at}
    writer.announcements.insert(0, ("process.step_done", facts))


def approve(writer: Writer, task: Task, request: Request) -> None:
    """Agree: the step is done when nobody else of it has to act. A signer agrees to another's
    word."""
    rights = rights_of(writer.plan.step(task.node), task)
    changed, facts = change(task, rights, request.data, writer.actor)
    state, changes = _moved(writer, "pass", task, facts or None)
    kind = "approved" if task.signs_for is None else "signed"
    data = {"changed": changed} if changed else None
    writer.record(kind, task=task, opinion=request.opinion, data=data)
    writer.follow(state, changes, task=task, action="approve", opinion=request.opinion)
    # Listeners count steps: what one of several people says is not yet the step's answer.
    is_over = any(change.kind == "close" and change.node == task.node for change in changes)
    _step_done(writer, task, "approve" if is_over else "agree")


def abstain(writer: Writer, task: Task, request: Request) -> None:
    state, changes = _moved(writer, "abstain", task)
    writer.record("abstained", task=task, opinion=request.opinion)
    writer.follow(state, changes, task=task, action="abstain", opinion=request.opinion)
    _step_done(writer, task, "abstain")


def decline(writer: Writer, task: Task, request: Request) -> None:
    """A signer's negative opinion: whoever asked reads it and acts again."""
    state, changes = _moved(writer, "decline", task)
    writer.record("declined", task=task, opinion=request.opinion)
    writer.follow(state, changes, task=task, action="decline", opinion=request.opinion)
    _step_done(writer, task, "decline")


def retry(writer: Writer, task: Task, request: Request) -> None:
    """Have the machine try once more what it could not do."""
    state, changes = _moved(writer, "retry", task)
    writer.record("retried", task=task, opinion=request.opinion)
    writer.follow(state, changes, task=task, action="retry", opinion=request.opinion)
    _step_done(writer, task, "retry")


def add_signer(writer: Writer, task: Task, request: Request) -> None:
    """Ask a colleague to sign before one's own word, or after it and before the step passes."""
    if request.when not in {"before", "after"}:
        raise Unusable({"when": [_("Choose whether they sign before you or after you.")]})
    person = _chosen(request.to_user, signers(task, writer.actor.user))
    if person is None:
        raise Unusable({"to_user": [_("Choose a colleague who is not asked already.")]})
    try:
        state, changes = writer.moved(engine.Move("add", task.node, request.when, seat=task.seat))
    except engine.MoveRefused:
        raise Unusable({"to_user": [_("No more signers can be added to this step.")]}) from None
    task.assignee = task.assignee or writer.principal or writer.actor.user
    task.version += 1
    task.save(update_fields=["assignee", "version"])
    named = {"to": person.pk, "to_name": str(person), "when": request.when}
    writer.record("signer_added", task=task, opinion=request.opinion, data=named)
    writer.follow(state, changes)
    seat = next(int(change.value) for change in changes if change.kind == "sign")
    seating.add_signer(writer, task, seat, person, request.when)
    _step_done(writer, task, "add_signer")
    task.refresh_from_db(fields=["state", "version"])


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
    state, changes = _moved(writer, "pass", task, values_for_rules(record))
    writer.record("submitted", task=task, opinion=request.opinion, data={"record": str(record.pk)})
    writer.follow(state, changes, task=task, action="submit", opinion=request.opinion)
    _step_done(writer, task, "submit")


def reject(writer: Writer, task: Task, request: Request) -> None:
    """Refuse the application; in a vote, vote against it."""
    is_vote = getattr(writer.plan.step(task.node), "share", None) is not None
    state, changes = _moved(writer, "reject", task)
    action = "against" if is_vote else "reject"
    writer.record("voted_against" if is_vote else "rejected", task=task, opinion=request.opinion)
    writer.follow(state, changes, task=task, action=action, opinion=request.opinion)
    _step_done(writer, task, action)


def correct(writer: Writer, task: Task, request: Request) -> None:
    state, changes = _moved(writer, "correct", task)
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
    back = request.back or writer.plan.step(target).back
    if back not in {"again", "direct"}:
        raise Unusable({"back": [_("Choose how it comes back.")]})
    state, changes = _moved(writer, "return", task, to=target, back=back)
    data = {"to": target, "back": back}
    writer.record("returned", task=task, opinion=request.opinion, data=data)
    writer.follow(state, changes, task=task, action="return", opinion=request.opinion)
    writer.announce("process.returned", task=task, to_node=target, opinion=request.opinion)
    _step_done(writer, task, "return")


def transfer(writer: Writer, task: Task, request: Request) -> None:
    person = _chosen(request.to_user, colleagues(task, writer.actor.user))
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
    """Who else could do the task: the holders of its role in its department, for a signer's task
    everybody there."""
    if task.signs_for is not None:
        return signers(task, user)
    if task.pool_department is None:
        return []
    return _not_asked(task, user, users_holding(task.pool_groups, task.pool_department))


def signers(task: Task, user) -> list:
    """The colleagues of the department whom the holder of a task may ask to sign."""
    if task.pool_department is None:
        return []
    barred = task.instance.starter_id
    found = _not_asked(task, user, officials_of(task.pool_department))
    return [person for person in found if person.pk != barred]


def _not_asked(task: Task, user, people) -> list:
    """Of these people whoever has no seat in the step yet: nobody gets two."""
    seats = Task.objects.filter(
        instance=task.instance_id, node=task.node, round=task.round, assignee__isnull=False
    )
    asked = seats.exclude(pk=task.pk).exclude(state=Task.State.CANCELLED)
    barred = {getattr(user, "pk", None), *asked.values_list("assignee", flat=True)}
    return [person for person in people if person.pk not in barred]


def _chosen(wanted, people):
    key = str(getattr(wanted, "pk", wanted) or "")
    return {str(one.pk): one for one in people}.get(key)


HANDLERS = {
    "approve": approve,
    "submit": submit,
    "reject": reject,
    "correct": correct,
    "return": send_back,
    "transfer": transfer,
    "abstain": abstain,
    "add_signer": add_signer,
    "decline": decline,
    "retry": retry,
}


# -- small things the services need ----------------------------------------------------------------


def correction_task(instance: ProcessInstance) -> Task | None:
    """The task at which the applicant was asked last."""
    now = [node for node, is_now in instance.state["parked"].items() if is_now]
    asked = Task.objects.filter(instance=instance, outcome="correct", node__in=now)
    return asked.select_related("closed_by").order_by("-closed_at").first()


def record_alone(
    instance: ProcessInstance, actor: Actor, kind: str, task: Task, at, principal=None,
    *, opinion: str = "", data: dict | None = None,
) -> None:  # fmt: skip
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
        opinion=opinion,
        data={**(data or {}), **on_behalf(principal)},
    )
