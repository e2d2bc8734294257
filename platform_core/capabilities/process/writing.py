"""How a move becomes rows, in as few round trips as it can be: one UPDATE and one INSERT per table.

Whoever uses a Writer holds the lock of the instance's row; tasks of one instance are only ever
written under it (but for claiming), so a move sees all of them.
"""

from __future__ import annotations

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict
from platform_core.common.events import emit
from platform_core.common.i18n import pick
from security.actors import Actor
from security.statements import insert, update

from . import engine, family, notices, seating, waits
from .assignment import tasks_for
from .definitions import concluder, decider, needed_facts
from .models import ProcessEvent, ProcessInstance, Task, Wait
from .plan import Plan

Status = ProcessInstance.Status
# After these changes nobody has to act on the step any more.
OVER = {"close", "cancel", "park"}
MOVED = ["state", "status", "outcome", "ended_at", "version", "event_count"]
# One task done, and what else is open of the steps that are over cancelled; reading items stay.
SETTLE = """
    UPDATE platform_core_task SET closed_at = %s, closed_by_id = %s, version = version + 1,
        state = CASE WHEN id = %s THEN 'done' ELSE 'cancelled' END,
        outcome = CASE WHEN id = %s THEN %s ELSE '' END,
        opinion = CASE WHEN id = %s THEN %s ELSE '' END,
        assignee_id = CASE WHEN id = %s THEN %s ELSE assignee_id END
    WHERE instance_id = %s AND state IN ('open', 'later')
        AND ((node = ANY(%s) AND kind <> 'cc') OR id = %s)
"""


def named(step) -> dict:
    """What an event without a task says of its step."""
    return {"step": step.title.model_dump()}


class Writer:
    """Collects what one move changes and writes it at once; `finish` also tells the listeners."""

    def __init__(self, instance: ProcessInstance, plan: Plan, actor: Actor, at):
        self.instance, self.plan, self.actor, self.at = instance, plan, actor, at
        self.events: list[ProcessEvent] = []
        self.opened: list[Task] = []
        self.called: list[Task] = []
        self.waits: list[Wait] = []
        self.orphans: list[ProcessInstance] = []
        self.announcements: list[tuple[str, dict]] = []
        # On whose behalf the actor, a deputy, acts on the task of this move.
        self.principal = None

    # -- asking the engine -------------------------------------------------------------------------

    def started(self, facts: dict) -> tuple[dict, list]:
        """The engine's answer to the start of the process."""
        return engine.start(self.plan, facts, *self.judges())

    def moved(self, move: engine.Move, facts: dict | None = None) -> tuple[dict, list]:
        """The engine's answer to a move, with what has become known by it."""
        state = self.instance.state
        if facts:
            state = engine.with_facts(state, needed_facts(self.plan, facts))
        return engine.move(self.plan, state, move, *self.judges())

    def judges(self) -> tuple:
        """Who answers conditions and decision tables on the day of the move."""
        today = timezone.localdate(self.at)
        return decider(today), concluder(self.instance.napp_version, today)

    def withdraw(self, reason: str) -> None:
        """Close the process as withdrawn, with everything that is open."""
        state, changes = self.moved(engine.Move("withdraw"))
        self.record("withdrawn", opinion=reason)
        self.follow(state, changes, opinion=reason)

    # -- collecting --------------------------------------------------------------------------------

    def record(
        self, kind: str, *, task: Task | None = None, node="", opinion="", data=None
    ) -> None:
        """Note an event; it is numbered now and inserted with the others."""
        self.instance.event_count += 1
        if task is not None:
            data = {**(data or {}), **on_behalf(self.principal)}
        self.events.append(
            ProcessEvent(
                instance=self.instance,
                seq=self.instance.event_count,
                kind=kind,
                node=node or (task.node if task else ""),
                task=task,
                actor=self.actor.user,
                actor_name=self.actor.name[:150],
                post=self.actor.post,
                at=self.at,
                opinion=opinion,
                data=data or {},
            )
        )

    def announce(self, event: str, **facts) -> None:
        """Tell listeners after the rows are written, in the order of the calls."""
        self.announcements.append(
            (event, {"instance": self.instance, "actor": self.actor, "at": self.at, **facts})
        )

    def follow(
        self, state: dict, changes, *, task=None, action="", opinion="", prefer=None
    ) -> None:
        """Take over the engine's answer.

        `task` is done with `action`; tasks of steps that are over are cancelled; new ones are
        opened (`prefer` gets what was waiting for the applicant); listeners will hear of stage
        and end.
        """
        had_work = self.instance.state.get("work", {})
        # Whoever is chosen for what opens may be named by an answer that came with this move.
        self.instance.state = state
        self.settle([c.node for c in changes if c.kind in OVER], task, action, opinion)
        dropped = [c.node for c in changes if c.kind == "cancel" and c.node in had_work]
        if dropped:
            self.orphans += waits.cancel(self, dropped)
        for change in changes:
            if change.kind in {"open", "resume"}:
                # A parallel branch that ends the process takes back what its siblings opened.
                if change.node in self.instance.state["open"]:
                    self.open(change.node, prefer)
            elif change.kind == "end":
                self.close(change.value, task, opinion)
            elif change.kind in self.followers:
                self.followers[change.kind](self, change)
        # What a machine answers goes on in a suspended process, which stays suspended.
        if self.instance.status not in (Status.ENDED, Status.PAUSED):
            waiting = any(self.instance.state["parked"].values())
            self.instance.status = Status.WAITING if waiting else Status.RUNNING

    # -- what one change means ---------------------------------------------------------------------

    def read(self, change) -> None:
        self.opened += tasks_for(self.plan.step(change.node), self.instance, self.at)

    def stage(self, change) -> None:
        self.announce("process.stage_reached", stage=change.value)

    def turn(self, change) -> None:
        if change.node in self.instance.state["open"]:
            seating.take_turn(self, change.node, int(change.value))

    def hold(self, change) -> None:
        seating.hold(self, change.node, int(change.value))

    def drop(self, change) -> None:
        seating.drop(self, change.node, int(change.value))

    def work(self, change) -> None:
        if self.instance.state["work"].get(change.node) == int(change.value):
            waits.begin(self, self.plan.step(change.node), int(change.value))

    def decided(self, change) -> None:
        step = self.plan.step(change.node)
        self.record("decided", node=step.key, data=named(step) | (change.detail or {}))

    def notify(self, change) -> None:
        step = self.plan.step(change.node)
        self.record("notified", node=step.key, data=named(step))
        notices.tell(self, step)

    def ask(self, change) -> None:
        """A step asks the applicant; the subject hears of it as of an official's question."""
        if not self.instance.state["parked"].get(change.node):
            return
        step = self.plan.step(change.node)
        note, fields = pick(step.note.model_dump()), list(step.fields)
        self.record("correction_asked", node=step.key, data=named(step) | {"fields": fields})
        self.announce("process.correction_asked", task=None, fields=fields, note=note)

    followers = {
        "read": read,
        "stage": stage,
        "turn": turn,
        "wait": hold,
        "drop": drop,
        "work": work,
        "decided": decided,
        "notify": notify,
        "ask": ask,
    }

    # -- rows --------------------------------------------------------------------------------------

    def settle(self, over: list[str], task: Task | None, action: str, opinion: str) -> None:
        """One UPDATE: `task` done, and what is open of the steps `over` cancelled (reading
        items stay)."""
        if task is None and not over:
            return
        user_id = self.actor.user.pk if self.actor.user else None
        done = task.pk if task else None
        holder = (task.assignee_id or user_id) if task else None
        with connection.cursor() as cursor:
            cursor.execute(
                SETTLE,
                [
                    *(self.at, user_id, done, done, action, done, opinion, done, holder),
                    *(self.instance.pk, over, done),
                ],
            )
        if task is not None:
            task.state, task.outcome, task.opinion = "done", action, opinion
            task.closed_at, task.closed_by, task.version = (
                self.at,
                self.actor.user,
                task.version + 1,
            )
            task.assignee = task.assignee or self.actor.user

    def open(self, node: str, prefer) -> None:
        step = self.plan.step(node)
        turns = getattr(step, "mode", "any") == "in_order"
        tasks = tasks_for(step, self.instance, self.at, prefer)
        for task in seating.numbered(tasks, self.instance.version, turns):
            seating.set_deadline(task, step, self.at)
        self.opened += tasks
        if len(tasks) > 1:
            self.seat(node, len(tasks), turns)

    def seat(self, node: str, count: int, turns: bool) -> None:
        try:
            self.instance.state = engine.with_seats(self.instance.state, node, count, turns)
        except engine.MoveRefused:
            raise Conflict(
                _("So many people would have to act that the case could not go on. Report this.")
            ) from None

    def close(self, outcome: str, task: Task | None, opinion: str) -> None:
        self.instance.status = Status.ENDED
        self.instance.outcome = outcome
        self.instance.ended_at = self.at
        self.record("closed", data={"outcome": outcome})
        if self.instance.parent_id is not None:
            waits.tell_parent(self.instance)
        else:
            self.announce("process.closed", outcome=outcome, opinion=opinion, task=task)

    def finish(self) -> None:
        """Write instance, tasks and events, then tell the listeners in this transaction."""
        self.instance.version += 1
        if self.instance._state.adding:
            insert([self.instance])
        else:
            update(self.instance, MOVED)
        insert(self.opened)
        insert(self.events)
        insert(self.waits)
        for event, facts in self.announcements:
            emit(event, **facts)
        for task in [*self.opened, *self.called]:
            if task.state != Task.State.OPEN:
                continue
            emit(
                "process.task_opened",
                instance=self.instance,
                task=task,
                actor=self.actor,
                at=self.at,
            )
        emit("process.moved", instance=self.instance, actor=self.actor, at=self.at)
        for wait in self.waits:
            if wait.kind == "subprocess":
                family.start_child(self, wait)
        for child in self.orphans:
            family.withdraw_orphan(self, child)


def on_behalf(principal) -> dict:
    """What an event says of whom the actor stood in for."""
    return {"for": principal.pk, "for_name": str(principal)} if principal else {}
