"""A process as it stands, as a tree: what is done, what is now, what comes later, who and when.

The same tree is drawn (layout.py) and read as a list; it holds words, not markup.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from platform_core.common.i18n import pick
from platform_core.common.templatetags.ui import moment
from platform_core.common.workcalendar import deadline_light

from . import engine, layout
from .automatic import WORK
from .definition import HUMAN
from .models import ProcessInstance, Task, Wait
from .plan import Plan

WIDE, NARROW = 760, 358
MACHINES = (*WORK, "correct", "decision", "notify")
# What somebody said, where it was not the only thing to say.
SAID = {
    "for": pgettext_lazy("vote", "for"),
    "against": pgettext_lazy("vote", "against"),
    "abstain": pgettext_lazy("vote", "abstained"),
    "decline": pgettext_lazy("vote", "does not agree"),
}


@dataclass
class Node:
    """One step or block. `state`: done, now, waiting (for the applicant), bad, later or skipped."""

    key: str
    kind: str
    title: str
    state: str
    people: list[str] = field(default_factory=list)
    due: dict | None = None
    lanes: list[Lane] = field(default_factory=list)

    @property
    def state_words(self) -> str:
        words = {
            "done": pgettext("process step", "Done"),
            "now": pgettext("process step", "Now"),
            "waiting": _("Waiting for the applicant"),
            "bad": pgettext("process step", "Refused"),
            "later": pgettext("process step", "Later"),
            "skipped": pgettext("process step", "Not needed"),
        }
        if self.kind == "timer" and self.state == "now":
            return pgettext("wait", "Waiting")
        return words[self.state]

    @property
    def lines(self) -> list[str]:
        """What stands under the title: state, people, deadline."""
        if self.lanes:
            return []
        lines = [self.state_words, *self.people]
        if self.due:
            lines.append(_("Due: %(when)s") % {"when": self.due["words"]})
        return lines


class Planned(Node):
    """One step of a definition: nobody has it yet, so it says who will and in how many days."""

    @property
    def lines(self) -> list[str]:
        return [] if self.lanes else self.people


@dataclass
class Lane:
    title: str
    nodes: list[Node]
    is_taken: bool = True


@dataclass
class Drawing:
    title: str
    nodes: list[Node]
    key: str

    @cached_property
    def wide(self) -> layout.Picture:
        return layout.draw(self.nodes, WIDE)

    @cached_property
    def narrow(self) -> layout.Picture:
        return layout.draw(self.nodes, NARROW)


@dataclass
class Scene:
    """One process with its tasks (with people and departments), its waits, and the scenes of the
    processes that it waited for."""

    instance: ProcessInstance
    plan: Plan
    tasks: list[Task]
    waits: list[Wait] = field(default_factory=list)
    below: dict = field(default_factory=dict)


def draw(scene: Scene, shows_names: bool) -> Drawing:
    """The tree of a process from its state and its rows."""
    title = pick(scene.plan.process.title.model_dump())
    return Drawing(title, _Artist(scene, shows_names).everything(), str(scene.instance.pk))


class _Artist:
    def __init__(self, scene: Scene, shows_names: bool):
        self.instance, self.plan, self.below = scene.instance, scene.plan, scene.below
        self.state, self.shows_names = scene.instance.state, shows_names
        self.tasks: dict[str, list[Task]] = defaultdict(list)
        for task in scene.tasks:
            self.tasks[task.node].append(task)
        # The last wait of a step is what stands there; earlier ones are history.
        self.waits = {wait.node: wait for wait in sorted(scene.waits, key=lambda w: w.ticket)}
        self.is_over = self.instance.status == ProcessInstance.Status.ENDED

    def everything(self) -> list[Node]:
        begun = Node(
            "start",
            "start",
            pgettext("process step", "Sent"),
            "done",
            [moment(self.instance.started_at)],
        )
        nodes = self.nodes(self.plan.process.steps, True)
        if nodes and nodes[-1].kind == "end":
            return [begun, *nodes]
        return [begun, *nodes, self.closing()]

    def closing(self) -> Node:
        if not self.is_over:
            return Node("close", "end", pgettext("process step", "Closed"), "later")
        outcomes = {
            "approved": (pgettext("process step", "Approved"), "done"),
            "rejected": (pgettext("process step", "Refused"), "bad"),
            "withdrawn": (pgettext("process step", "Withdrawn"), "skipped"),
        }
        words, state = outcomes[self.instance.outcome]
        return Node("close", "end", words, state, [moment(self.instance.ended_at)])

    def nodes(self, steps, is_taken: bool) -> list[Node]:
        made: list[Node] = []
        for step in steps:
            before = made[-1].state if made else "done"
            made.append(self.node(step, is_taken, before))
        return made

    def node(self, step, is_taken: bool, before: str) -> Node:
        title = pick(step.title.model_dump()) if step.title else default_title(step)
        if step.kind in HUMAN or step.key in self.state["open"]:
            return self.human(step, title, is_taken)
        if step.kind in MACHINES:
            return self.machine(step, title, is_taken)
        if step.kind == "cc":
            told = self.tasks.get(step.key, []) if is_taken else []
            state = "done" if told else self.not_yet(is_taken)
            return Node(step.key, "cc", title, state, self.names(told))
        if step.kind == "end":
            reached = self.is_over and is_taken and before == "done"
            reached = reached and self.instance.outcome == step.outcome
            state = "done" if reached and step.outcome == "approved" else "bad" if reached else ""
            when = [moment(self.instance.ended_at)] if reached else []
            return Node(step.key, "end", title, state or self.not_yet(is_taken), when)
        return self.block(step, title, is_taken)

    def block(self, step, title: str, is_taken: bool) -> Node:
        chosen = self.state["took"].get(step.key) if step.kind == "condition" else None
        lanes = []
        for number, branch in enumerate(step.branches):
            taken = is_taken and chosen in (None, number)
            lane_title = pick(branch.title.model_dump()) if branch.title else ""
            if not lane_title and step.kind == "condition" and number == len(step.branches) - 1:
                lane_title = _("Otherwise")
            if not branch.steps:
                lane_title = f"{lane_title} · {_('no extra step')}".removeprefix(" · ")
            lanes.append(Lane(lane_title, self.nodes(branch.steps, taken), taken))
        inside = [node.state for lane in lanes if lane.is_taken for node in lane.nodes]
        if step.kind == "condition" and chosen is None:
            state = self.not_yet(is_taken)
        else:
            state = next((s for s in ("bad", "now", "waiting", "later") if s in inside), "")
            state = state or (
                "done" if "done" in inside or chosen is not None else self.not_yet(is_taken)
            )
        return Node(step.key, step.kind, title, state, lanes=lanes)

    def machine(self, step, title: str, is_taken: bool) -> Node:
        """A step that no official does: what it waits for, or when it was done."""
        wait = self.waits.get(step.key)
        lanes, lines = [], []
        if step.key in self.state.get("work", {}):
            state, lines = "now", _waiting_for(step, wait)
            lanes = self.inside(wait)
        elif self.state["parked"].get(step.key):
            state = "waiting"
        elif step.key in self.state["seen"] and is_taken:
            state, lanes = "done", self.inside(wait)
            lines = [moment(wait.closed_at)] if wait and wait.closed_at else []
        else:
            state = self.not_yet(is_taken)
        return Node(step.key, step.kind, title, state, lines, lanes=lanes)

    def inside(self, wait: Wait | None) -> list[Lane]:
        """The process that a step waits for, drawn in its place."""
        scene = self.below.get(wait.child_id) if wait else None
        if scene is None:
            return []
        artist = _Artist(scene, self.shows_names)
        return [Lane("", artist.nodes(scene.plan.process.steps, True))]

    def human(self, step, title: str, is_taken: bool) -> Node:
        last = self.last_round(step.key) if is_taken else []
        done = [task for task in last if task.state == Task.State.DONE]
        if step.key in self.state["open"]:
            waiting = [task for task in last if task.state == Task.State.OPEN]
            due = min((task.due_at for task in waiting if task.due_at), default=None)
            light = deadline_light(due, waiting[0].warn_at) if due else None
            people = self.counted(step) + self.names(done) + self.waiting_words(waiting)
            people += self.later_words(last)
            return Node(step.key, step.kind, title, "now", people, light)
        if step.key in self.state["parked"]:
            return Node(step.key, step.kind, title, "waiting", self.names(done))
        if any(task.outcome == "reject" for task in done) or self.was_lost(step, done):
            return Node(step.key, step.kind, title, "bad", self.names(done))
        if step.key in self.state["seen"] and is_taken:
            return Node(step.key, step.kind, title, "done", self.names(done))
        return Node(step.key, step.kind, title, self.not_yet(is_taken))

    def last_round(self, key: str) -> list[Task]:
        """The tasks of the step's newest opening: after a return the old ones are history."""
        tasks = self.tasks.get(key, [])
        newest = max((task.round for task in tasks), default=None)
        last = (task for task in tasks if task.round == newest)
        return sorted(last, key=lambda task: task.seat)

    def counted(self, step) -> list[str]:
        """How a vote stands, for officials."""
        if not self.shows_names or getattr(step, "share", None) is None:
            return []
        votes = engine.votes(self.state, step.key)
        given = votes["yes"] + votes["no"] + votes["abstain"]
        needed = -(-step.share * votes["of"] // 100)
        words = _("Votes: %(given)d of %(of)d, %(yes)d for; %(needed)d needed")
        return [words % {**votes, "given": given, "needed": needed}]

    def was_lost(self, step, done: list[Task]) -> bool:
        """Whether the process ended with this vote."""
        against = any(task.outcome == "against" for task in done)
        is_over = self.is_over and self.instance.outcome == "rejected"
        return against and is_over and step.key not in self.state["seen"]

    def later_words(self, tasks) -> list[str]:
        """Who is asked when those before them have acted."""
        later = [task for task in tasks if task.state == Task.State.LATER]
        who = list(dict.fromkeys(self.who(task.assignee, task) for task in later))
        return (
            [_("Then: %(people)s") % {"people": pgettext("between names", ", ").join(who)}]
            if who
            else []
        )

    def not_yet(self, is_taken: bool) -> str:
        return "skipped" if self.is_over or not is_taken else "later"

    def names(self, tasks) -> list[str]:
        lines = []
        for task in tasks:
            who = self.who(task.closed_by or task.assignee, task)
            is_vote = getattr(self.plan.step(task.node), "share", None) is not None
            said = "for" if is_vote and task.outcome == "approve" else task.outcome
            said = str(SAID.get(said, "")) if self.shows_names else ""
            parts = (who, said, moment(task.closed_at))
            lines.append(" · ".join(part for part in parts if part))
        return list(dict.fromkeys(lines))

    def waiting_words(self, tasks) -> list[str]:
        return list(dict.fromkeys(self.who(task.assignee, task) for task in tasks))

    def who(self, person, task: Task) -> str:
        if person is not None and self.shows_names:
            return str(person)
        return str(task.pool_department or "")


def _waiting_for(step, wait: Wait | None) -> list[str]:
    if step.kind == "call":
        return [_("The system is working on it")]
    if step.kind == "timer" and wait is not None:
        return [_("Until: %(when)s") % {"when": moment(wait.due_at) if wait.due_at else "—"}]
    return []


def default_title(step) -> str:
    """What a step without a title of its own is called."""
    if step.kind == "end":
        return (
            pgettext("process step", "Approved")
            if step.outcome == "approved"
            else pgettext("process step", "Refused")
        )
    titles = {"condition": _("One of these"), "parallel": _("All of these at once")}
    return titles[step.kind]
