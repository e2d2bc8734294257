"""From a plan to the shapes of a diagram.

What people choose at a step (refuse, return, ask the applicant) is a gateway behind it, steered by
`outcome_<step>`; which branch of a condition is taken is told by `branch_<step>`. The returns of
one parallel branch go through one gateway, steered by `return_to`. Where returns are
possible, a parallel block is a sub-process: leaving it is an error event caught at its edge, which
ends its other branches, so that no token is left behind.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from platform_core.common.i18n import pick

from ..plan import Plan
from .returns import RETURN, Returns
from .shapes import Box, Element, Graph, Leaf, Row, Split

# The standard's kind of task for each kind of step.
TAGS = {
    "approve": "userTask",
    "fill": "userTask",
    "correct": "userTask",
    "cc": "sendTask",
    "notify": "sendTask",
    "decision": "businessRuleTask",
    "call": "serviceTask",
    "subprocess": "callActivity",
    "timer": "intermediateCatchEvent",
}
LEFT, TOP = 160, 100


class Builder:
    """Builds one process; `errors` are the codes of error events that it needs."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.returns = Returns(plan)
        self.errors: set[str] = set()
        self.merges: dict[str, Element] = {}
        # By parallel branch: its gateway of returns, and the list that hangs with it.
        self.hubs: dict[tuple, tuple[Element, list[Element]]] = {}

    def build(self) -> Graph:
        graph = Graph()
        start = graph.add(Element("start", "startEvent"))
        row = self.sequence(graph, self.plan.process.steps, ())
        pieces = [Leaf(start), *row.pieces]
        if row.entry is not None:
            graph.connect(start, row.entry)
        last = row.exit if row.pieces else start
        if last is not None:
            done = graph.add(Element("done", "endEvent", self.ends()["approved"]))
            self.onward(graph, last, done)
            pieces.append(Leaf(done))
        self.connect_hub(graph, ())
        whole = Row(pieces)
        whole.place(LEFT, TOP + whole.up)
        graph.floor = TOP + whole.up + whole.down + 20
        return graph

    @staticmethod
    def ends() -> dict[str, str]:
        return {
            "approved": pgettext("process", "Approved"),
            "rejected": pgettext("process", "Refused"),
            RETURN: pgettext("process", "Returned"),
        }

    # -- sequences ---------------------------------------------------------------------------------

    def sequence(self, graph: Graph, steps, scope: tuple) -> Row:
        """The pieces of a sequence, connected; what can never be reached is left out."""
        pieces = []
        for step in steps:
            for piece in self.pieces_of(graph, step, scope):
                if pieces:
                    self.onward(graph, pieces[-1].exit, piece.entry)
                pieces.append(piece)
            if pieces and pieces[-1].exit is None:
                break
        return Row(pieces)

    def onward(self, graph: Graph, source: Element, target: Element, way: str = "forward") -> None:
        is_choice = source.facts.get("is_outcome", False)
        name = pgettext("process step", "go on") if is_choice else ""
        graph.connect(source, target, name=name, is_default=is_choice, way=way)

    def pieces_of(self, graph: Graph, step, scope: tuple) -> list:
        pieces = []
        if "correct" in getattr(step, "actions", ()) or self.returns.enters(step.key):
            merge = graph.add(Element(f"merge_{step.key}", "exclusiveGateway"))
            self.merges[step.key] = merge
            pieces.append(Leaf(merge))
        if step.kind == "condition":
            pieces.append(self.condition(graph, step, scope))
        elif step.kind == "parallel":
            # Where anything returns, a block may be left or entered again: as a sub-process each
            # round counts its own branches, whatever the other tool thinks of old ones.
            build = self.box if self.returns.by_step else self.parallel
            pieces.append(build(graph, step, scope))
        elif step.kind == "end":
            pieces.append(Leaf(self.finish(graph, step.outcome, step.key), ends=True))
        else:
            pieces += self.step(graph, step, scope)
        return pieces

    # -- single steps ------------------------------------------------------------------------------

    def step(self, graph: Graph, step, scope: tuple) -> list:
        task = graph.add(Element(step.key, TAGS[step.kind], pick(step.title), {"step": step}))
        ways = self.returns.ways_out(step)
        if not ways:
            return [Leaf(task)]
        gateway = graph.add(
            Element(f"outcome_{step.key}", "exclusiveGateway", facts={"is_outcome": True})
        )
        hanging: list[Element] = []
        for way in ways:
            condition = f'outcome_{step.key} == "{way}"'
            if way == "rejected":
                ended = self.finish(graph, way, step.key)
                hanging.insert(0, ended)
                name = pgettext("process step", "refuse")
                graph.connect(gateway, ended, name=name, condition=condition, way="down")
            elif way == "correct":
                asked = Element(f"correct_{step.key}", "userTask", _("The applicant corrects"))
                hanging.append(graph.add(asked))
                name = pgettext("process step", "ask")
                graph.connect(gateway, asked, name=name, condition=condition, way="down")
                graph.connect(asked, self.merges[step.key], way="left")
            else:
                name = pgettext("process step", "return")
                hub, is_new = self.hub(graph, scope, hanging)
                way = "down" if is_new else "back"
                graph.connect(gateway, hub, name=name, condition=condition, way=way)
        return [Leaf(task), Leaf(gateway, hanging)]

    def finish(self, graph: Graph, outcome: str, key: str) -> Element:
        """The end of the whole process from here; out of a sub-process an error carries it."""
        facts: dict = {"terminates": True}
        if graph.is_inner:
            facts = {"error": outcome}
            self.errors.add(outcome)
            graph.thrown.add(outcome)
        return graph.add(Element(f"{outcome}_{key}", "endEvent", self.ends()[outcome], facts))

    # -- blocks ------------------------------------------------------------------------------------

    def condition(self, graph: Graph, step, scope: tuple) -> Split:
        opening = Element(step.key, "exclusiveGateway", pick(step.title), {"step": step})
        graph.add(opening)
        lanes = [self.sequence(graph, branch.steps, scope) for branch in step.branches]
        closing = None
        if any(not lane.pieces or lane.exit is not None for lane in lanes):
            closing = graph.add(Element(f"close_{step.key}", "exclusiveGateway"))
        last = len(lanes) - 1
        for number, (branch, lane) in enumerate(zip(step.branches, lanes, strict=True)):
            is_last = number == last
            name = pick(branch.title) or (pgettext("branch", "otherwise") if is_last else "")
            graph.connect(
                opening,
                lane.entry or closing,
                name=name,
                condition="" if is_last else f"branch_{step.key} == {number}",
                is_default=is_last,
                way="open",
            )
            if lane.exit is not None:
                self.onward(graph, lane.exit, closing, "close")
        return Split(opening, lanes, closing)

    def parallel(self, graph: Graph, step, scope: tuple) -> Split:
        opening = Element(step.key, "parallelGateway", pick(step.title), {"step": step})
        graph.add(opening)
        lanes = []
        for number, branch in enumerate(step.branches):
            inner = (*scope, (step.key, number))
            lanes.append(self.sequence(graph, branch.steps, inner))
            self.connect_hub(graph, inner)
        # A branch that always ends the process leaves nothing to join.
        joins = all(not lane.pieces or lane.exit is not None for lane in lanes)
        closing = graph.add(Element(f"close_{step.key}", "parallelGateway")) if joins else None
        for number, (branch, lane) in enumerate(zip(step.branches, lanes, strict=True)):
            ends_at = closing or graph.add(Element(f"over_{step.key}_{number}", "endEvent"))
            if closing is None:
                lane.pieces.append(Leaf(ends_at, ends=True))
            first = lane.entry if lane.pieces else ends_at
            graph.connect(opening, first, name=pick(branch.title), way="open")
            before = lane.exit if closing else Row(lane.pieces[:-1]).exit
            if before is not None:
                self.onward(graph, before, ends_at, "close" if closing else "forward")
            elif closing is None and len(lane.pieces) > 1:
                graph.elements.remove(ends_at)
                lane.pieces.pop()
        return Split(opening, lanes, closing)

    def box(self, graph: Graph, step, scope: tuple) -> Box:
        """A parallel block as a sub-process: whatever leaves it early leaves it as an error."""
        inner = Graph(is_inner=True)
        name = pick(step.title) or _("At the same time")
        element = graph.add(Element(f"block_{step.key}", "subProcess", name, graph=inner))
        start = inner.add(Element(f"start_{step.key}", "startEvent"))
        split = self.parallel(inner, step, scope)
        inner.connect(start, split.opening)
        pieces = [Leaf(start), split]
        if split.closing is not None:
            done = inner.add(Element(f"done_{step.key}", "endEvent"))
            inner.connect(split.closing, done)
            pieces.append(Leaf(done))
        caught = [self.catch(graph, element, step, code, scope) for code in sorted(inner.thrown)]
        return Box(element, Row(pieces), caught, split.closing is not None)

    def catch(self, graph: Graph, element: Element, step, code: str, scope: tuple) -> Leaf:
        facts = {"error": code, "attached": element.id}
        name = f"caught_{step.key}_{code}"
        caught = graph.add(Element(name, "boundaryEvent", self.ends()[code], facts))
        hanging: list[Element] = []
        if code == RETURN:
            hub, is_new = self.hub(graph, scope, hanging)
            graph.connect(caught, hub, way="down" if is_new else "back")
        else:
            ended = self.finish(graph, code, step.key)
            hanging.append(ended)
            graph.connect(caught, ended, way="down")
        return Leaf(caught, hanging)

    # -- returning ---------------------------------------------------------------------------------

    def hub(self, graph: Graph, scope: tuple, hanging: list[Element]) -> tuple[Element, bool]:
        """The gateway through which the returns of one parallel branch go, and whether it was made
        now; it then hangs with whoever asked first."""
        if scope in self.hubs:
            return self.hubs[scope][0], False
        name = "_".join([RETURN, *(f"{key}_{number}" for key, number in scope)])
        hub = graph.add(Element(name, "exclusiveGateway", _("Return to which step?")))
        hanging.append(hub)
        self.hubs[scope] = hub, hanging
        return hub, True

    def connect_hub(self, graph: Graph, scope: tuple) -> None:
        """Lead the gateway of a branch to its steps, once all of the branch is there."""
        if scope not in self.hubs:
            return
        hub, hanging = self.hubs[scope]
        for key, wanted in self.returns.targets.get(scope, {}).items():
            condition = " or ".join(f'return_to == "{one}"' for one in wanted)
            name = pick(self.plan.step(key).title) if len(wanted) == 1 else ""
            graph.connect(hub, self.merges[key], name=name, condition=condition, way="back")
        if self.returns.leave(scope):
            self.errors.add(RETURN)
            graph.thrown.add(RETURN)
            out = Element(f"out_{hub.id}", "endEvent", self.ends()[RETURN], {"error": RETURN})
            hanging.append(graph.add(out))
            graph.connect(hub, out, is_default=True, way="down")
