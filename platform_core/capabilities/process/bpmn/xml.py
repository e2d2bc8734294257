"""The diagram as BPMN 2.0 XML with its layout (BPMN DI), in the reader's language."""

from __future__ import annotations

from lxml import etree

from platform_core.common.i18n import pick

from ..definition import HUMAN
from ..plan import Plan
from .arrows import waypoints
from .building import Builder
from .describing import described
from .shapes import Element, Flow, Graph

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SPACES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}


def bpmn_of(processes: dict, key: str) -> bytes:
    """The process `key` of {key: Process}, and those it calls, as one BPMN 2.0 document (UTF-8).

    Conditions read the variables `outcome_<step>`, `branch_<condition>` and `return_to`; the rule
    of a branch stands in its documentation, because no two tools share a language for it.
    """
    root = etree.Element(_name(BPMN, "definitions"), nsmap=SPACES)
    root.set("id", f"definitions_{key}")
    root.set("targetNamespace", "urn:govplatform:process")
    built = {name: Builder(Plan.of(processes[name])) for name in _called(processes, key)}
    graphs = {name: builder.build() for name, builder in built.items()}
    for code in sorted({code for builder in built.values() for code in builder.errors}):
        _add(root, "error", id=f"error_{code}", name=code, errorCode=code)
    for name, graph in graphs.items():
        title = pick(processes[name].title)
        process = _add(root, "process", id=name, name=title, isExecutable="true")
        _write_graph(process, graph, built[name])
    for name, graph in graphs.items():
        _write_diagram(root, name, graph)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _called(processes: dict, key: str) -> list[str]:
    found, waiting = [], [key]
    while waiting:
        name = waiting.pop()
        if name in found or name not in processes:
            continue
        found.append(name)
        places = Plan.of(processes[name]).places.values()
        waiting += [place.step.process for place in places if place.step.kind == "subprocess"]
    return found


def _name(space: str, tag: str) -> str:
    return f"{{{space}}}{tag}"


def _add(parent, tag: str, space: str = BPMN, /, **attributes):
    made = etree.SubElement(parent, _name(space, tag))
    for key, value in attributes.items():
        if value != "":
            made.set(key, printable(str(value)))
    return made


def printable(text: str) -> str:
    """The text without the control characters that XML has no way to write."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


# -- the model -------------------------------------------------------------------------------------


def _write_graph(parent, graph: Graph, builder: Builder) -> None:
    for element in graph.elements:
        _write_element(parent, graph, element, builder)
    for flow in graph.flows:
        _write_flow(parent, flow)


def _write_element(parent, graph: Graph, element: Element, builder: Builder) -> None:
    made = _add(parent, element.tag, id=element.id, name=element.name)
    step, facts = element.facts.get("step"), element.facts
    default = next((f for f in graph.flows if f.source == element.id and f.is_default), None)
    if default is not None:
        made.set("default", default.id)
    if element.tag == "boundaryEvent":
        made.set("attachedToRef", facts["attached"])
    if step is not None and step.kind == "subprocess":
        made.set("calledElement", step.process)
    for line in described(step) if step is not None else ():
        _add(made, "documentation").text = printable(line)
    for flow in graph.flows:
        if flow.target == element.id:
            _add(made, "incoming").text = flow.id
    for flow in graph.flows:
        if flow.source == element.id:
            _add(made, "outgoing").text = flow.id
    if element.graph is not None:
        _write_graph(made, element.graph, builder)
    _write_event(made, element)
    if step is not None and step.kind in HUMAN:
        _write_several(made, step)


def _write_event(made, element: Element) -> None:
    facts, step = element.facts, element.facts.get("step")
    if "error" in facts:
        _add(made, "errorEventDefinition", errorRef=f"error_{facts['error']}")
    elif facts.get("terminates"):
        _add(made, "terminateEventDefinition")
    elif element.tag == "intermediateCatchEvent":
        timer = _add(made, "timerEventDefinition")
        if step.until:
            part, text = "timeDate", step.until
        else:
            part, text = "timeDuration", f'"P{step.working_days or step.days}D"'
        term = _add(timer, part)
        term.set(_name(XSI, "type"), "bpmn:tFormalExpression")
        term.text = text


def _write_several(made, step) -> None:
    """A step that several people do at once or in order."""
    mode = getattr(step, "mode", "any")
    if mode == "any":
        return
    several = _add(made, "multiInstanceLoopCharacteristics")
    several.set("isSequential", "true" if mode == "in_order" else "false")
    count = _add(several, "loopCardinality")
    count.set(_name(XSI, "type"), "bpmn:tFormalExpression")
    count.text = f"seats_{step.key}"
    over = _add(several, "completionCondition")
    over.set(_name(XSI, "type"), "bpmn:tFormalExpression")
    over.text = f'outcome_{step.key} != ""'


def _write_flow(parent, flow: Flow) -> None:
    made = _add(
        parent, "sequenceFlow",
        id=flow.id, name=flow.name, sourceRef=flow.source, targetRef=flow.target,
    )  # fmt: skip
    if flow.condition:
        condition = _add(made, "conditionExpression")
        condition.set(_name(XSI, "type"), "bpmn:tFormalExpression")
        condition.text = flow.condition


# -- the layout ------------------------------------------------------------------------------------


def _write_diagram(root, name: str, graph: Graph) -> None:
    diagram = _add(root, "BPMNDiagram", BPMNDI, id=f"diagram_{name}")
    plane = _add(diagram, "BPMNPlane", BPMNDI, id=f"plane_{name}", bpmnElement=name)
    _draw(plane, graph)


def _draw(plane, graph: Graph) -> None:
    for element in graph.elements:
        shape = _add(plane, "BPMNShape", BPMNDI, id=f"shape_{element.id}", bpmnElement=element.id)
        if element.tag == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        if element.graph is not None:
            shape.set("isExpanded", "true")
        _add(shape, "Bounds", DC, x=f"{element.x:g}", y=f"{element.y:g}",
             width=f"{element.w:g}", height=f"{element.h:g}")  # fmt: skip
        if element.graph is not None:
            _draw(plane, element.graph)
    for flow, points in waypoints(graph):
        edge = _add(plane, "BPMNEdge", BPMNDI, id=f"edge_{flow.id}", bpmnElement=flow.id)
        for x, y in points:
            _add(edge, "waypoint", DI, x=f"{x:g}", y=f"{y:g}")
