"""The shapes of a diagram and how they stand together; each knows its size before its place.

Everything flows to the right along an axis. `up` and `down` say how far a piece reaches above and
below that axis. Units are those of BPMN DI (pixels).
"""

from __future__ import annotations

from dataclasses import dataclass, field

TASK, GATEWAY, EVENT = (100, 80), (50, 50), (36, 36)
GAP, LANE_GAP, PAD, HANG = 50, 30, 30, 40
SIZES = {
    "exclusiveGateway": GATEWAY,
    "parallelGateway": GATEWAY,
    "startEvent": EVENT,
    "endEvent": EVENT,
    "boundaryEvent": EVENT,
    "intermediateCatchEvent": EVENT,
}


@dataclass
class Element:
    """One node of the diagram. `facts` is what only the XML needs; `graph` is a sub-process's."""

    id: str
    tag: str
    name: str = ""
    facts: dict = field(default_factory=dict)
    graph: Graph | None = None
    x: float = 0
    y: float = 0
    w: float = 0
    h: float = 0
    axis: float | None = None

    def __post_init__(self):
        if not self.w:
            self.w, self.h = SIZES.get(self.tag, TASK)

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2 if self.axis is None else self.axis


@dataclass
class Flow:
    """An arrow. `way` is how it is drawn: forward, open (leaves a gateway upwards or downwards),
    close (arrives so), down (to what hangs below), left (from there to what stands before), back
    (around below everything)."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    is_default: bool = False
    way: str = "forward"


@dataclass
class Graph:
    """What one process or sub-process holds. `thrown` are the errors by which an inner one is left;
    `floor` is the y below which arrows go back."""

    is_inner: bool = False
    elements: list[Element] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    thrown: set[str] = field(default_factory=set)
    floor: float = 0

    def add(self, element: Element) -> Element:
        self.elements.append(element)
        return element

    def connect(self, source: Element, target: Element, **more) -> Flow:
        name = f"flow_{source.id}_{target.id}"
        number = sum(flow.source == source.id and flow.target == target.id for flow in self.flows)
        flow = Flow(f"{name}_{number}" if number else name, source.id, target.id, **more)
        self.flows.append(flow)
        return flow

    @property
    def goes_back(self) -> bool:
        return any(flow.way == "back" for flow in self.flows)


class Leaf:
    """One element on the axis, and what hangs below it, one under the other."""

    def __init__(self, element: Element, hanging: list[Element] | None = None, ends: bool = False):
        self.element, self.ends = element, ends
        self.hanging = [] if hanging is None else hanging

    @property
    def w(self) -> float:
        return max([self.element.w, *(hung.w for hung in self.hanging)])

    @property
    def entry(self) -> Element:
        return self.element

    @property
    def exit(self) -> Element | None:
        return None if self.ends else self.element

    @property
    def up(self) -> float:
        return self.element.h / 2

    @property
    def down(self) -> float:
        return self.element.h / 2 + sum(HANG + hung.h for hung in self.hanging)

    def place(self, x: float, axis: float) -> None:
        middle = x + self.w / 2
        y = axis - self.element.h / 2
        for element in (self.element, *self.hanging):
            element.x, element.y = middle - element.w / 2, y
            y += element.h + HANG


class Row:
    """Pieces one after another; `exit` is None when nothing goes on behind it."""

    def __init__(self, pieces: list):
        self.pieces = pieces

    @property
    def w(self) -> float:
        return sum(piece.w for piece in self.pieces) + GAP * max(0, len(self.pieces) - 1)

    @property
    def up(self) -> float:
        return max((piece.up for piece in self.pieces), default=0)

    @property
    def down(self) -> float:
        return max((piece.down for piece in self.pieces), default=0)

    @property
    def entry(self) -> Element | None:
        return self.pieces[0].entry if self.pieces else None

    @property
    def exit(self) -> Element | None:
        return self.pieces[-1].exit if self.pieces else None

    def place(self, x: float, axis: float) -> None:
        for piece in self.pieces:
            piece.place(x, axis)
            x += piece.w + GAP


class Split:
    """Lanes one below the other between an opening and a closing gateway (None: all have ended)."""

    def __init__(self, opening: Element, lanes: list[Row], closing: Element | None):
        self.opening, self.lanes, self.closing = opening, lanes, closing

    @property
    def entry(self) -> Element:
        return self.opening

    @property
    def exit(self) -> Element | None:
        return self.closing

    @property
    def inner(self) -> float:
        return max([lane.w for lane in self.lanes])

    @property
    def w(self) -> float:
        closing = self.closing.w + GAP if self.closing else 0
        return self.opening.w + GAP + self.inner + closing

    def heights(self) -> list[tuple[float, float]]:
        return [(max(lane.up, 20), max(lane.down, 20)) for lane in self.lanes]

    @property
    def up(self) -> float:
        total = sum(up + down for up, down in self.heights()) + LANE_GAP * (len(self.lanes) - 1)
        return max(total / 2, self.opening.h / 2)

    down = up

    def place(self, x: float, axis: float) -> None:
        self.opening.x, self.opening.y = x, axis - self.opening.h / 2
        if self.closing:
            self.closing.x = x + self.w - self.closing.w
            self.closing.y = axis - self.closing.h / 2
        y = axis - self.up
        for lane, (up, down) in zip(self.lanes, self.heights(), strict=True):
            lane.place(x + self.opening.w + GAP, y + up)
            y += up + down + LANE_GAP


class Box:
    """An expanded sub-process around a row; below each event caught at its edge hangs what follows
    it. `goes_on` says whether it ever ends as planned."""

    def __init__(self, element: Element, row: Row, caught: list[Leaf], goes_on: bool):
        self.element, self.row, self.caught, self.goes_on = element, row, caught, goes_on

    @property
    def entry(self) -> Element:
        return self.element

    @property
    def exit(self) -> Element | None:
        return self.element if self.goes_on else None

    @property
    def w(self) -> float:
        return 2 * PAD + max(self.row.w, sum(leaf.w + GAP for leaf in self.caught))

    @property
    def up(self) -> float:
        return self.row.up + PAD

    @property
    def edge(self) -> float:
        return self.row.down + PAD * (2 if self.element.graph.goes_back else 1)

    @property
    def down(self) -> float:
        return self.edge + max((leaf.down for leaf in self.caught), default=0)

    def place(self, x: float, axis: float) -> None:
        element = self.element
        element.x, element.y, element.w, element.h = x, axis - self.up, self.w, self.up + self.edge
        element.axis = axis
        self.row.place(x + PAD, axis)
        element.graph.floor = axis + self.row.down + PAD / 2
        x += PAD
        for leaf in self.caught:
            leaf.place(x, axis + self.edge)
            x += leaf.w + GAP
