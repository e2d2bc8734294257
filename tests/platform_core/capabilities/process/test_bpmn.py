"""The exported diagram is standard, laid out, and does what our engine does: SpiffWorkflow runs it
and both are compared after every move."""

import os
from itertools import combinations

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from platform_core.capabilities.process import engine
from platform_core.capabilities.process.bpmn import bpmn_of
from platform_core.capabilities.process.bpmn.building import Builder
from platform_core.capabilities.process.simulation import SEATS, moves_from, simulate
from platform_core.capabilities.process.vocabulary import Move

from . import flows
from .flows import (
    approve,
    cc,
    conclude,
    condition,
    correct,
    decide,
    end,
    fill,
    parallel,
    plan_of,
    subprocess,
    timer,
)
from .spiff import BPMN, Oracle

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CASES = int(os.environ.get("BPMN_CASES", "60"))
ALL = ["approve", "return", "reject", "correct"]


def exported(plan) -> bytes:
    with translation.override("en"):
        return bpmn_of({"main": plan.process}, "main")


class Twins:
    """Our engine and the oracle on the same process, moved together."""

    def __init__(self, plan, facts):
        self.plan, self.moves = plan, []
        self.facts = self.steering(facts)
        self.state, changes = engine.start(plan, facts, decide, conclude)
        self.oracle = Oracle(exported(plan), "main", self.facts)
        self.after(changes)

    def steering(self, facts) -> dict:
        """The variables of the diagram: what conditions will choose, and that nobody said
        anything."""
        found = {"return_to": ""}
        for key, place in self.plan.places.items():
            found |= {f"outcome_{key}": "", f"seats_{key}": 1}
            found[f"seats_{key}"] = SEATS.get(getattr(place.step, "mode", "any"), 1)
            if place.step.kind == "condition":
                rules = place.step.branches[:-1]
                taken = (n for n, branch in enumerate(rules) if decide(branch.when, facts))
                found[f"branch_{key}"] = next(taken, len(rules))
        return found

    def after(self, changes) -> None:
        """Seat people, and let clocks and code answer at once, as the oracle does."""
        for change in changes:
            if change.kind == "open" and change.node in self.state["open"]:
                mode = getattr(self.plan.step(change.node), "mode", "any")
                if mode in SEATS:
                    turns = mode == "in_order"
                    self.state = engine.with_seats(self.state, change.node, SEATS[mode], turns)
        for node, ticket in self.state["work"].items():
            if self.plan.step(node).kind != "subprocess":
                move = Move("done", node, ticket=ticket)
                self.state, more = engine.move(self.plan, self.state, move, decide, conclude)
                self.after(more)
                return

    def waiting(self) -> list[str]:
        seats = [k for k in self.state["open"] for _seat in engine.free_seats(self.state, k)]
        asked = [
            key if self.plan.step(key).kind == "correct" else f"correct_{key}"
            for key in self.state["parked"]
        ]
        return sorted([*seats, *asked, *self.state["work"]])

    def agree(self) -> None:
        assert self.waiting() == self.oracle.waiting(), self.moves
        assert bool(self.state.get("end")) == self.oracle.is_over, self.moves
        if self.oracle.is_over:
            assert self.state["end"] == self.oracle.outcome(), self.moves

    def move(self, action: Move) -> None:
        self.moves.append(action)
        before = self.state
        self.state, changes = engine.move(self.plan, before, action, decide, conclude)
        node, facts = action.node, dict(self.facts)
        if action.kind == "answer":
            key = next(key for key, is_now in before["parked"].items() if is_now)
            # Whoever asked gets the answer alone.
            facts[f"seats_{key}"] = 1
            node = key if self.plan.step(key).kind == "correct" else f"correct_{key}"
        else:
            facts |= self.said(action, before, changes)
        self.oracle.do(node, facts)
        self.after(changes)

    def said(self, action: Move, before, changes) -> dict:
        """What the diagram has to know of the move: its outcome, once the step is over."""
        name = f"outcome_{action.node}"
        if action.kind == "correct":
            return {name: "correct"}
        if action.kind == "return":
            return {name: "return", "return_to": action.to}
        if any(c.kind == "close" and c.node == action.node for c in changes) and (
            action.kind != "done" or action.to != "rejected" or self.went_on(changes)
        ):
            return {name: "passed"}
        if self.state.get("end") == "rejected":
            return {name: "rejected"}
        if action.node not in self.state["open"] or any(c.kind == "cancel" for c in changes):
            targets = engine.return_targets(self.plan, before, action.node)
            return {name: "return", "return_to": targets[-1]}
        return {}

    def went_on(self, changes) -> bool:
        step = next(c.node for c in changes if c.kind == "close")
        return self.plan.step(step).on_rejected == "go_on"


# Long enough to return in; ends stand where something comes before them.
_steps = st.lists(st.recursive(flows._leaf, flows._blocks, max_leaves=8), min_size=2, max_size=5)
processes = _steps.map(lambda steps: plan_of(approve("first", actions=ALL), *steps))


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(processes, flows.facts, st.randoms(use_true_random=False))
def test_the_oracle_does_what_the_engine_does(plan, facts, chance):
    twins = Twins(plan, facts)
    twins.agree()
    for _turn in range(25):
        if twins.state.get("end"):
            break
        actions = [action for action in moves_from(plan, twins.state) if action.back == "again"]
        onward = [action for action in actions if action.kind in {"pass", "answer", "done"}]
        twins.move(chance.choice(onward if onward and chance.random() < 0.7 else actions))
        twins.agree()


def test_a_return_out_of_a_parallel_block_ends_its_other_branches_in_the_oracle_too():
    plan = plan_of(
        approve("a"), parallel([approve("x", actions=ALL)], [approve("y")]), approve("last")
    )
    twins = Twins(plan, {})
    twins.move(Move("pass", "a"))
    twins.move(Move("return", "x", "a"))
    twins.agree()
    assert twins.oracle.waiting() == ["a"]
    for node in ("a", "x", "y", "last"):
        twins.move(Move("pass", node))
        twins.agree()
    assert twins.oracle.is_over


def everything():
    return plan_of(
        approve("a", actions=ALL),
        parallel(
            [approve("b", actions=ALL), cc(), condition([timer()], [fill("c")])],
            [parallel([approve("d")], [correct(), approve("e")]), approve("f", mode="all")],
        ),
        condition([subprocess("g", on_rejected="return")], [end("rejected")]),
        flows.vote("h", on_lost="return"),
        approve("i", mode="in_order", deadline={"working_days": 3}),
    )


def test_every_arrow_has_its_ends_and_every_shape_its_place():
    root = etree.fromstring(exported(everything()))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= set(ids)
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    process = root.find(f"{BPMN}process")
    parts = {
        element.get("id")
        for element in process.iter()
        if element.get("id") and element is not process
    }
    assert drawn == parts


def graphs(graph):
    yield graph
    for element in graph.elements:
        if element.graph is not None:
            yield from graphs(element.graph)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(processes)
def test_no_two_boxes_stand_on_one_another(plan):
    for graph in graphs(Builder(plan).build()):
        for one, other in combinations(graph.elements, 2):
            if "boundaryEvent" in (one.tag, other.tag):
                continue
            is_apart = (
                one.x + one.w <= other.x
                or other.x + other.w <= one.x
                or one.y + one.h <= other.y
                or other.y + other.h <= one.y
            )
            assert is_apart, (one, other)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_diagram_speaks_the_reader_s_language(language):
    with translation.override(language):
        text = bpmn_of({"main": plan_of(approve("a")).process}, "main").decode()
    assert ('name="Approved"' in text) == (language == "en")
    assert ("步骤" in text) == (language == "zh-hans")


def test_hostile_titles_stay_text():
    title = {"zh": "<script>&\x0b]]>", "en": "\"><bpmn:task id='x'/>\x1f"}
    text = exported(plan_of({**approve("a"), "title": title}))
    root = etree.fromstring(text)
    assert root.find(f".//{BPMN}task") is None
    assert root.find(f".//{BPMN}userTask").get("name") == "\"><bpmn:task id='x'/>"


def test_a_called_process_comes_along():
    other = plan_of(approve("z")).process.model_copy(update={"key": "other"})
    main = plan_of(subprocess("call")).process
    root = etree.fromstring(bpmn_of({"main": main, "other": other}, "main"))
    assert [process.get("id") for process in root.iter(f"{BPMN}process")] == ["main", "other"]
    assert root.find(f".//{BPMN}callActivity").get("calledElement") == "other"


def test_the_simulated_ends_are_those_that_the_oracle_can_reach():
    assert simulate(everything()).is_sound
