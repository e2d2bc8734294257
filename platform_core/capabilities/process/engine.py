"""The engine: a pure function from a plan, a state and a move to the next state and its changes.

A state is a small JSON object; of the applicant it holds only the `facts` that conditions ask:
    open   {step: seats still to act}      parked  {step: true}, waiting for the applicant
    joins  {parallel: branches finished}   took    {condition: branch}
    seen   steps passed, in order          stage   the stage reached last
    end    the outcome, once there is one
The function never touches its arguments. The same moves on the same plan give the same state again,
so a history can be replayed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from .definition import HUMAN
from .plan import Place, Plan

Decide = Callable[[object, dict], bool]


class MoveRefused(Exception):
    """The move does not fit the state; `reason` is a short code for tests and logs."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Move:
    """What somebody did: pass (approve or submit), reject, correct, answer, return, withdraw."""

    kind: str
    node: str = ""
    to: str = ""


@dataclass(frozen=True)
class Change:
    """What follows: open, close (passed), cancel, park, resume, read (cc), stage, end."""

    kind: str
    node: str = ""
    value: str = ""


def start(plan: Plan, facts: dict, decide: Decide) -> tuple[dict, list[Change]]:
    """The state of a new process and what it opens."""
    state = {
        "open": {},
        "parked": {},
        "joins": {},
        "took": {},
        "seen": [],
        "stage": "",
        "facts": facts,
    }
    run = _Run(plan, state, decide)
    run.enter_sequence("", 0, 0)
    return run.state, run.changes


def move(plan: Plan, state: dict, action: Move, decide: Decide) -> tuple[dict, list[Change]]:
    """The state after `action` and what follows from it. Raises MoveRefused when it does not
    fit."""
    if state.get("end"):
        raise MoveRefused("ended")
    run = _Run(plan, copy.deepcopy(state), decide)
    handlers = {
        "pass": run.pass_step,
        "reject": run.reject,
        "correct": run.park,
        "answer": run.answer,
        "return": run.send_back,
        "withdraw": run.withdraw,
    }
    if action.kind not in handlers:
        raise MoveRefused("unknown move")
    handlers[action.kind](action)
    return run.state, run.changes


def with_seats(state: dict, node: str, seats: int) -> dict:
    """The state in which `node` waits for `seats` people (at least one) instead of one."""
    if node not in state["open"]:
        raise MoveRefused("not open")
    return {**state, "open": {**state["open"], node: max(1, seats)}}


def with_facts(state: dict, facts: dict) -> dict:
    """The state with facts replaced; conditions met from now on see the new ones."""
    return {**state, "facts": {**state["facts"], **facts}}


def return_targets(plan: Plan, state: dict, node: str) -> list[str]:
    """Keys of the passed steps to which `node` may send the process back, in reading order."""
    here = plan.places[node].order
    passed = {key for key in state["seen"] if plan.places[key].order < here}
    return [key for key in plan.people_steps if key in passed]


class _Run:
    """One call of the engine: a private copy of the state and the changes so far."""

    def __init__(self, plan: Plan, state: dict, decide: Decide):
        self.plan, self.state, self.decide = plan, state, decide
        self.changes: list[Change] = []

    def note(self, kind: str, node: str = "", value: str = "") -> None:
        self.changes.append(Change(kind, node, value))

    # -- going forward ----------------------------------------------------------------------------

    def enter_sequence(self, block: str, branch: int, index: int) -> None:
        """Go on from step `index` of a sequence until somebody has to act, or leave the block."""
        steps = self.plan.sequence(block, branch)
        while index < len(steps):
            if not self.enter(steps[index]):
                return
            index += 1
        self.leave(block, branch)

    def enter(self, step) -> bool:
        """Enter one step; True when it is passed at once and its sequence goes on."""
        if step.kind in HUMAN:
            self.reach_stage(step.stage)
            self.state["open"][step.key] = 1
            self.note("open", step.key)
            return False
        if step.kind == "cc":
            self.note("read", step.key)
            return True
        if step.kind == "condition":
            branch = self.choose(step)
            self.state["took"][step.key] = branch
            self.enter_sequence(step.key, branch, 0)
            return False
        if step.kind == "parallel":
            self.state["joins"][step.key] = []
            for number in range(len(step.branches)):
                self.enter_sequence(step.key, number, 0)
                if self.state.get("end"):
                    break
            return False
        self.finish(step.outcome)
        return False

    def choose(self, step) -> int:
        for number, branch in enumerate(step.branches[:-1]):
            if self.decide(branch.when, self.state["facts"]):
                return number
        return len(step.branches) - 1

    def leave(self, block: str, branch: int) -> None:
        """A sequence is done: join its parallel, or go on behind its block, or close the
        process."""
        if not block:
            self.finish("approved")
            return
        place = self.plan.places[block]
        if place.step.kind == "parallel":
            finished = self.state["joins"][block]
            finished.append(branch)
            if len(finished) < len(place.step.branches):
                return
            del self.state["joins"][block]
        self.enter_sequence(place.block, place.branch, place.index + 1)

    def reach_stage(self, stage: str) -> None:
        if stage and stage != self.state["stage"]:
            self.state["stage"] = stage
            self.note("stage", value=stage)

    def finish(self, outcome: str) -> None:
        self.cancel(())
        self.state["end"] = outcome
        self.note("end", value=outcome)

    # -- moves of people ---------------------------------------------------------------------------

    def open_place(self, node: str) -> Place:
        if node not in self.state["open"]:
            raise MoveRefused("not open")
        return self.plan.places[node]

    def pass_step(self, action: Move) -> None:
        place = self.open_place(action.node)
        self.state["open"][action.node] -= 1
        if self.state["open"][action.node] > 0:
            return
        del self.state["open"][action.node]
        self.state["seen"] = [key for key in self.state["seen"] if key != action.node]
        self.state["seen"].append(action.node)
        self.note("close", action.node)
        self.enter_sequence(place.block, place.branch, place.index + 1)

    def reject(self, action: Move) -> None:
        self.open_place(action.node)
        self.finish("rejected")

    def withdraw(self, action: Move) -> None:
        self.finish("withdrawn")

    def park(self, action: Move) -> None:
        """Ask the applicant; parallel branches go on meanwhile. Asked once at a time."""
        self.open_place(action.node)
        if self.state["parked"]:
            raise MoveRefused("already waiting")
        del self.state["open"][action.node]
        self.state["parked"][action.node] = True
        self.note("park", action.node)

    def answer(self, action: Move) -> None:
        if not self.state["parked"]:
            raise MoveRefused("not waiting")
        for node in list(self.state["parked"]):
            del self.state["parked"][node]
            self.state["open"][node] = 1
            self.note("resume", node)

    def send_back(self, action: Move) -> None:
        """Go back to a step already passed.

        The parallel branches that both steps share stay as they are. Whatever else stands in the
        innermost shared branch is cancelled. A target inside a parallel that is not shared cannot
        be entered alone, or the join would wait for branches that never began: the process
        re-enters at the outermost such parallel.
        """
        source = self.open_place(action.node)
        if action.to not in return_targets(self.plan, self.state, action.node):
            raise MoveRefused("no such target")
        target = self.plan.places[action.to]
        shared = 0
        while (
            shared < min(len(source.scopes), len(target.scopes))
            and source.scopes[shared] == target.scopes[shared]
        ):
            shared += 1
        scope = source.scopes[:shared]
        if len(target.scopes) > shared:
            target = self.plan.places[target.scopes[shared][0]]
        self.cancel(scope)
        self.forget_from(target, scope)
        self.enter_sequence(target.block, target.branch, target.index)

    # -- clearing ----------------------------------------------------------------------------------

    def within(self, key: str, scope: tuple) -> bool:
        return self.plan.places[key].scopes[: len(scope)] == scope

    def cancel(self, scope: tuple) -> None:
        """Take back every token inside `scope`, a chain of parallel branches (empty:
        everywhere)."""
        for name in ("open", "parked"):
            for node in [key for key in self.state[name] if self.within(key, scope)]:
                del self.state[name][node]
                self.note("cancel", node)
        for block in [key for key in self.state["joins"] if self.within(key, scope)]:
            del self.state["joins"][block]

    def forget_from(self, target: Place, scope: tuple) -> None:
        """What was passed or chosen from `target` on has to be passed or chosen again."""

        def again(key):
            return self.within(key, scope) and self.plan.places[key].order >= target.order

        self.state["seen"] = [key for key in self.state["seen"] if not again(key)]
        self.state["took"] = {k: v for k, v in self.state["took"].items() if not again(k)}
