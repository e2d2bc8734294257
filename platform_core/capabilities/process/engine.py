"""The engine: a pure function from a plan, a state and a move to the next state and its changes.

A state is a small JSON object; of the applicant it holds only the `facts` that conditions ask:
    open   {step: ballot}, see seats.py        parked   {step: true while the applicant is asked}
    work   {step: ticket}, waits for a machine tick     the last ticket given out
    joins  {parallel: branches finished}       took     {condition: branch}
    seen   steps passed, in order              detours  {step: step to go straight back to}
    stage  the stage reached last              end      the outcome, once there is one
The function never touches its arguments. The same moves on the same plan give the same state again,
so a history can be replayed.
"""

from __future__ import annotations

import copy

from . import seats
from .plan import Plan
from .run import Run, nothing_concluded, return_targets
from .vocabulary import Change, Conclude, Conclusion, Decide, Move, MoveRefused

__all__ = [
    "MAX_TOKENS",
    "Change",
    "Conclusion",
    "Move",
    "MoveRefused",
    "free_seats",
    "move",
    "return_targets",
    "start",
    "tokens",
    "votes",
    "with_facts",
    "with_seats",
]

# Far above any real case; what wants more is a mistake or an attack.
MAX_TOKENS = 10_000


def start(
    plan: Plan, facts: dict, decide: Decide, conclude: Conclude = nothing_concluded
) -> tuple[dict, list[Change]]:
    """The state of a new process and what it opens."""
    state = {
        "open": {},
        "parked": {},
        "work": {},
        "tick": 0,
        "joins": {},
        "took": {},
        "seen": [],
        "detours": {},
        "stage": "",
        "facts": facts,
    }
    run = Run(plan, state, decide, conclude)
    run.begin()
    return run.state, run.changes


def move(
    plan: Plan,
    state: dict,
    action: Move,
    decide: Decide,
    conclude: Conclude = nothing_concluded,
) -> tuple[dict, list[Change]]:
    """The state after `action` and what follows from it. Raises MoveRefused when it does not
    fit."""
    if state.get("end"):
        raise MoveRefused("ended")
    # Cases begun before the engine knew machines have no word of them.
    known = {"work": {}, "tick": 0, "detours": {}, **copy.deepcopy(state)}
    run = Run(plan, known, decide, conclude)
    run.carry_out(action)
    return run.state, run.changes


def with_seats(state: dict, node: str, count: int, turns: bool = False) -> dict:
    """The state in which `node` waits for `count` people (at least one) instead of one, all at once
    or, with `turns`, one after another."""
    if node not in state["open"]:
        raise MoveRefused("not open")
    if tokens(state) + count > MAX_TOKENS:
        raise MoveRefused("too many")
    return {**state, "open": {**state["open"], node: seats.ballot_of(count, turns)}}


def with_facts(state: dict, facts: dict) -> dict:
    """The state with facts replaced; conditions met from now on see the new ones."""
    return {**state, "facts": {**state["facts"], **facts}}


def free_seats(state: dict, node: str) -> list[int]:
    """The numbers of the seats of an open step that may act now."""
    return [int(number) for number in seats.free_seats(state["open"][node])]


def votes(state: dict, node: str) -> dict[str, int]:
    """How an open step stands: yes, no, abstain, and `of` how many seats of its own."""
    ballot = state["open"][node]
    said = {"yes": 0, "no": 0, "abstain": 0, **ballot.get("said", {})}
    return {**said, "of": sum(said.values()) + len(seats.own_seats(ballot))}


def tokens(state: dict) -> int:
    """How much is waiting: seats, questions to the applicant, and machines."""
    people = sum(len(ballot["seats"]) for ballot in state["open"].values())
    return people + len(state["parked"]) + len(state.get("work", ()))
