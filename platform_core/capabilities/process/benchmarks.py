"""What the engine is measured by: random people and machines on random processes of every kind,
with each promise of the engine checked on the way."""

from __future__ import annotations

import random
import time

from platform_core.common.benchmarks import register_computation

from . import engine
from .definition import Process
from .plan import Plan
from .run import nothing_concluded
from .simulation import ONWARD, moves_from, seated
from .vocabulary import Move

TITLE = {"zh": "环节", "en": "Step"}
LONGEST_WALK, WALKS = 80, 10


@register_computation("engine", "Random people on random processes", 60, size=3_000)
def walk_at_random(size: int) -> dict[str, str]:
    """`size` random processes, each walked to its close several times.

    Stuck: nothing could happen, or going on did not close the process. Different: the same moves
    gave another state when they were replayed.
    """
    seed = int(time.time())
    chance = random.Random(seed)  # noqa: S311 - a trial, not a secret
    moves = stuck = different = 0
    spent = 0.0
    for _number in range(size):
        plan = random_plan(chance)
        for _walk in range(WALKS):
            answers = chance.random()
            began = time.perf_counter()
            state, history = walk(plan, chance, answers)
            spent += time.perf_counter() - began
            moves += len(history)
            stuck += not state.get("end")
            different += replayed(plan, history, answers) != state
    return {
        "processes": f"{size:,} (seed {seed})",
        "moves": f"{moves:,}",
        "stuck": str(stuck),
        "different when replayed": str(different),
        "moves/s": f"{moves / spent:,.0f}",
    }


def random_plan(chance: random.Random) -> Plan:
    """A process with every kind of step, blocks inside blocks."""
    counter = iter(range(10_000))
    steps = [_step(chance, counter, 3) for _number in range(chance.randint(1, 4))]
    return Plan.of(Process.model_validate({"key": "main", "title": TITLE, "steps": steps}))


def walk(plan: Plan, chance: random.Random, answers: float) -> tuple[dict, list[Move]]:
    """Random moves, then only forward ones until the process has ended; the state and the moves."""
    decide = decider(answers)
    state = seated(plan, *engine.start(plan, {}, decide, nothing_concluded))
    history: list[Move] = []
    while not state.get("end") and len(history) < 3 * LONGEST_WALK:
        possible = list(moves_from(plan, state))
        if len(history) > LONGEST_WALK:
            possible = [one for one in possible if one.kind in ONWARD and one.to != "rejected"]
        if not possible:
            break
        history.append(chance.choice(possible))
        state = seated(plan, *engine.move(plan, state, history[-1], decide, nothing_concluded))
    return state, history


def replayed(plan: Plan, history: list[Move], answers: float) -> dict:
    decide = decider(answers)
    state = seated(plan, *engine.start(plan, {}, decide, nothing_concluded))
    for move in history:
        state = seated(plan, *engine.move(plan, state, move, decide, nothing_concluded))
    return state


def decider(answers: float):
    """Conditions of these processes hold for some of the answers between 0 and 1."""
    return lambda rule, _facts: answers < rule["<"][1]


def _step(chance: random.Random, counter, depth: int) -> dict:
    if depth and chance.random() < 0.3:
        return _block(chance, counter, depth)
    step = dict(chance.choice(LEAVES))
    return {**step, "key": f"s{next(counter)}", "title": TITLE}


def _block(chance: random.Random, counter, depth: int) -> dict:
    kind = chance.choice(["condition", "parallel"])
    branches = [
        {"steps": [_step(chance, counter, depth - 1) for _n in range(chance.randint(0, 3))]}
        for _branch in range(chance.randint(2, 3))
    ]
    if kind == "condition":
        for branch in branches[:-1]:
            branch["when"] = {"<": [{"var": "f"}, chance.random()]}
    return {"kind": kind, "branches": branches}


ASSIGN = {"role": "desk"}
ALL = ["approve", "return", "reject", "correct"]
LEAVES = [
    {"kind": "approve", "assign": ASSIGN, "actions": ALL},
    {"kind": "approve", "assign": ASSIGN, "mode": "all", "actions": ALL},
    {"kind": "approve", "assign": ASSIGN, "mode": "in_order", "actions": ALL, "back": "direct"},
    {"kind": "approve", "assign": ASSIGN, "mode": "vote", "share": 67, "on_lost": "return"},
    {"kind": "fill", "assign": ASSIGN, "form": "f"},
    {"kind": "correct", "fields": ["f"], "note": TITLE},
    {"kind": "cc", "assign": ASSIGN},
    {"kind": "notify", "to": "starter", "text": {"title": TITLE, "body": TITLE}},
    {"kind": "decision", "decision": "risk"},
    {"kind": "call", "hook": "tell"},
    {"kind": "subprocess", "process": "other", "on_rejected": "return"},
    {"kind": "timer", "days": 3},
]
