"""Plays a process through before it is published: every state it can get into, or, where they are
too many, a long random walk. Pure.

Rules are taken as unknown, so each condition may go either way: what is said to be reachable is so
for some answers that no rule forbids, and what can never be reached is so whatever is answered.
"""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from . import engine
from .plan import Plan
from .run import nothing_concluded
from .vocabulary import Move

STATES = 3000
WALKS, WALK_LENGTH, FORWARD = 200, 200, 0.95
ONWARD = {"pass", "answer", "done"}
# How many people are asked where several are: the smallest number that shows all that can happen.
SEATS = {"all": 2, "in_order": 2, "vote": 3}
# Blocks and ends: whether they can be reached is seen without playing (see checks.py).
TRACELESS = {"condition", "parallel", "end"}
# People's actions as moves of the engine.
MOVES = {"approve": "pass", "submit": "pass", "reject": "reject", "abstain": "abstain"}


@dataclass
class Report:
    """What the play has shown. `is_complete` says that every state was met; `stuck` are states in
    which nothing can happen, `hopeless` such from which nobody can bring the process to a close by
    going on, each as the keys of the steps that wait; `unreached` are steps that no play came to.
    """

    states: int = 0
    is_complete: bool = True
    ends: set[str] = field(default_factory=set)
    stuck: list[tuple[str, ...]] = field(default_factory=list)
    hopeless: list[tuple[str, ...]] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        lacks = self.is_complete and (self.unreached or "approved" not in self.ends)
        return not (self.stuck or self.hopeless or lacks)


def simulate(plan: Plan, *, states: int = STATES) -> Report:
    """Play `plan` until every state was met or `states` of them; then walk on at random.

    The walk is the same at each call, so that one definition gets one answer.
    """
    play = _Play(plan)
    is_complete = play.everything(states)
    if not is_complete:
        play.at_random()
    report = Report(len(play.met), is_complete, play.ends, play.stuck)
    report.unreached = [
        key
        for key, place in plan.places.items()
        if place.step.kind not in TRACELESS and key not in play.reached
    ]
    if is_complete:
        report.hopeless = play.hopeless()
    return report


class _Play:
    def __init__(self, plan: Plan):
        self.plan = plan
        self.met: dict[str, dict] = {}
        self.before: dict[str, set[str]] = {}
        self.ends: set[str] = set()
        self.reached: set[str] = set()
        self.stuck: list[tuple[str, ...]] = []
        self.planned_ends: set[str] = set()

    def everything(self, limit: int) -> bool:
        waiting = deque()
        for state in self.starts():
            self.meet(state, None, True, waiting)
        while waiting:
            if len(self.met) >= limit:
                return False
            name = waiting.popleft()
            for is_onward, state in self.following(self.met[name]):
                self.meet(state, name, is_onward, waiting)
        return True

    def meet(self, state: dict, name: str | None, is_onward: bool, waiting) -> None:
        found = named(state)
        if state.get("end") and is_onward:
            self.planned_ends.add(found)
        if name is not None:
            self.before.setdefault(found, set()).add(name)
        if found in self.met:
            return
        self.met[found] = state
        self.look_at(state)
        if not state.get("end"):
            waiting.append(found)

    def look_at(self, state: dict) -> None:
        if state.get("end"):
            self.ends.add(state["end"])
        elif not (state["open"] or state["parked"] or state["work"]):
            self.stuck.append(())

    def starts(self) -> Iterator[dict]:
        yield from self.all_ways(
            lambda decide: engine.start(self.plan, {}, decide, nothing_concluded)
        )

    def following(self, state: dict) -> Iterator[tuple[bool, dict]]:
        """Each next state, and whether the move to it was one forward."""
        for action in moves_from(self.plan, state):
            is_onward = action.kind in ONWARD and action.to != "rejected"
            for after in self.all_ways(partial(self.play, state, action)):
                yield is_onward, after

    def play(self, state: dict, action: Move, decide):
        return engine.move(self.plan, state, action, decide, nothing_concluded)

    def all_ways(self, run) -> Iterator[dict]:
        """The states after one move, for every way in which the conditions on it may go."""
        scripts = [[]]
        while scripts:
            script = _Script(scripts.pop())
            state, changes = run(script)
            for number in range(len(script.given), len(script.answers)):
                scripts.append([*script.answers[:number], True])
            self.reached |= {change.node for change in changes}
            yield seated(self.plan, state, changes)

    def at_random(self) -> None:
        chance = random.Random(1)  # noqa: S311 - a play, not a secret
        starts = list(self.starts())

        def toss(_rule, _facts) -> bool:
            return chance.random() < 0.5

        for _number in range(WALKS):
            state = chance.choice(starts)
            for _step in range(WALK_LENGTH):
                if state.get("end"):
                    break
                actions = list(moves_from(self.plan, state))
                if not actions:
                    break
                # Mostly forward, or hardly a walk would come far.
                onward = [action for action in actions if action.kind in ONWARD and not action.to]
                ways = onward if onward and chance.random() < FORWARD else actions
                action = chance.choice(ways)
                state, changes = engine.move(self.plan, state, action, toss, nothing_concluded)
                self.reached |= {change.node for change in changes}
                state = seated(self.plan, state, changes)
                self.met.setdefault(named(state), state)
                self.look_at(state)

    def hopeless(self) -> list[tuple[str, ...]]:
        """States from which going on never closes the process."""
        good, waiting = set(self.planned_ends), deque(self.planned_ends)
        while waiting:
            for name in self.before.get(waiting.popleft(), ()):
                if name not in good:
                    good.add(name)
                    waiting.append(name)
        lost = (state for name, state in self.met.items() if name not in good)
        return [_waiting(state) for state in lost if not state.get("end")]


class _Script:
    """Answers conditions from a list and then with no; remembers what it was asked."""

    def __init__(self, given: list[bool]):
        self.given, self.answers = given, []

    def __call__(self, _rule, _facts) -> bool:
        number = len(self.answers)
        self.answers.append(self.given[number] if number < len(self.given) else False)
        return self.answers[-1]


def seated(plan: Plan, state: dict, changes) -> dict:
    """The state with as many people asked as a play needs where several are."""
    for change in changes:
        if change.kind == "open" and change.node in state["open"]:
            mode = getattr(plan.step(change.node), "mode", "any")
            if mode in SEATS:
                state = engine.with_seats(state, change.node, SEATS[mode], mode == "in_order")
    return state


def moves_from(plan: Plan, state: dict) -> Iterator[Move]:
    """Everything that people and machines may do in a state, but for withdrawing and signers."""
    for node in state["open"]:
        step = plan.step(node)
        for seat in engine.free_seats(state, node):
            for action in getattr(step, "actions", ("approve",)):
                if action in MOVES:
                    yield Move(MOVES[action], node, seat=seat)
            if "correct" in getattr(step, "actions", ()) and not state["parked"]:
                yield Move("correct", node, seat=seat)
            if "return" in getattr(step, "actions", ()):
                for target in engine.return_targets(plan, state, node):
                    for back in sorted({"again", plan.step(target).back}):
                        yield Move("return", node, target, seat, back)
    if state["parked"]:
        yield Move("answer")
    for node, ticket in state["work"].items():
        yield Move("done", node, ticket=ticket)
        if plan.step(node).kind == "subprocess":
            yield Move("done", node, "rejected", ticket=ticket)


def named(state: dict) -> str:
    """A name for what matters of a state: numbers of tickets and the order of the past do not."""
    return json.dumps(
        [
            state["open"],
            state["parked"],
            sorted(state["work"]),
            {key: sorted(done) for key, done in state["joins"].items()},
            state["took"],
            sorted(state["seen"]),
            state["detours"],
            state["stage"],
            state.get("end"),
        ],
        sort_keys=True,
    )


def _waiting(state: dict) -> tuple[str, ...]:
    return (*state["open"], *state["parked"], *state["work"])
