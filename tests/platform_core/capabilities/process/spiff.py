"""SpiffWorkflow as an oracle: it runs an exported diagram and says what waits for people."""

from __future__ import annotations

from io import BytesIO

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
# The oracle has neither our services nor our clock: these pass at once.
AUTOMATIC = {"sendTask", "businessRuleTask", "serviceTask", "intermediateCatchEvent"}
# The other process is played by hand.
BY_HAND = {"callActivity"}


class Oracle:
    """One run of an exported process. `facts` are the variables that its conditions read."""

    def __init__(self, xml: bytes, key: str, facts: dict):
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(_playable(xml)))
        self.workflow = BpmnWorkflow(parser.get_spec(key), parser.get_subprocess_specs(key))
        self.workflow.task_tree.data.update(facts)
        self.go_on()

    def go_on(self) -> None:
        """Do what needs nobody, one thing at a time: the library's own loop would still run what an
        end event before it has just cancelled."""
        ready = {"state": TaskState.READY, "manual": False}
        listeners = self.workflow.event_manager
        while tasks := self.workflow.get_tasks(**ready):
            # The library forgets to remove listeners of tasks that a loop has dropped.
            for listener in list(listeners.tasks.values()):
                if listener.parent is None:
                    listeners.remove_task(listener)
            tasks[0].run()
            self.workflow.refresh_timers()

    def waiting(self) -> list[str]:
        """The ids of what waits for people, one entry a seat."""
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(task.task_spec.bpmn_id for task in ready)

    def do(self, bpmn_id: str, facts: dict) -> None:
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        task = next(task for task in ready if task.task_spec.bpmn_id == bpmn_id)
        task.data.update(facts)
        task.run()
        self.go_on()

    @property
    def is_over(self) -> bool:
        return self.workflow.completed

    def outcome(self) -> str:
        """How it ended, told by the last end event that was reached."""
        done = self.workflow.get_tasks(state=TaskState.COMPLETED)
        names = [getattr(task.task_spec, "bpmn_id", None) or "" for task in done]
        ends = {name.split("_")[0] for name in names}
        return "rejected" if "rejected" in ends else "approved"


def _playable(xml: bytes) -> bytes:
    root = etree.fromstring(xml)
    for element in list(root.iter(tag=etree.Element)):
        tag = element.tag.removeprefix(BPMN)
        if tag in BY_HAND:
            element.tag = f"{BPMN}userTask"
        elif tag in AUTOMATIC:
            element.tag = f"{BPMN}scriptTask"
            for child in list(element):
                if child.tag.endswith("EventDefinition"):
                    element.remove(child)
            etree.SubElement(element, f"{BPMN}script").text = "pass"
    return etree.tostring(root)
