"""How a move becomes rows, in as few round trips as it can be: one UPDATE and one INSERT per table.

Whoever uses a Writer holds the lock of the instance's row; tasks of one instance are only ever
written under it (but for claiming), so a move sees all of them.
"""

from __future__ import annotations

from django.db import connection

from platform_core.common import workcalendar
from platform_core.common.events import emit
from security.actors import Actor
from security.statements import insert, update

from . import engine
from .assignment import tasks_for
from .models import ProcessEvent, ProcessInstance, Task
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
    WHERE instance_id = %s AND state = 'open' AND ((node = ANY(%s) AND kind <> 'cc') OR id = %s)
"""


class Writer:
    """Collects what one move changes and writes it at once; `finish` also tells the listeners."""

    def __init__(self, instance: ProcessInstance, plan: Plan, actor: Actor, at):
        self.instance, self.plan, self.actor, self.at = instance, plan, actor, at
        self.events: list[ProcessEvent] = []
        self.opened: list[Task] = []
        self.announcements: list[tuple[str, dict]] = []
        # On whose behalf the actor, a deputy, acts on the task of this move.
        self.principal = None

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
        # Whoever is chosen for what opens may be named by an answer that came with this move.
        self.instance.state = state
        self.settle([c.node for c in changes if c.kind in OVER], task, action, opinion)
        for change in changes:
            if change.kind in {"open", "resume"}:
                # A parallel branch that ends the process takes back what its siblings opened.
                if change.node in state["open"]:
                    state = self.open(state, change.node, prefer)
            elif change.kind == "read":
                self.opened += tasks_for(self.plan.step(change.node), self.instance, self.at)
            elif change.kind == "stage":
                self.announce("process.stage_reached", stage=change.value)
            elif change.kind == "end":
                self.close(change.value, task, opinion)
        self.instance.state = state
        if self.instance.status != Status.ENDED:
            self.instance.status = Status.WAITING if state["parked"] else Status.RUNNING

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

    def open(self, state: dict, node: str, prefer) -> dict:
        step = self.plan.step(node)
        tasks = tasks_for(step, self.instance, self.at, prefer)
        if step.deadline is not None:
            days = step.deadline.working_days
            warn = workcalendar.warn_at(self.at, days)
            due = workcalendar.due_at(self.at, days)
            for task in tasks:
                task.warn_at, task.due_at = warn, due
        self.opened += tasks
        return engine.with_seats(state, node, len(tasks))

    def close(self, outcome: str, task: Task | None, opinion: str) -> None:
        self.instance.status = Status.ENDED
        self.instance.outcome = outcome
        self.instance.ended_at = self.at
        self.record("closed", data={"outcome": outcome})
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
        for event, facts in self.announcements:
            emit(event, **facts)
        for task in self.opened:
            emit(
                "process.task_opened",
                instance=self.instance,
                task=task,
                actor=self.actor,
                at=self.at,
            )
        emit("process.moved", instance=self.instance, actor=self.actor, at=self.at)


def on_behalf(principal) -> dict:
    """What an event says of whom the actor stood in for."""
    return {"for": principal.pk, "for_name": str(principal)} if principal else {}
