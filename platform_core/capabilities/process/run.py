"""One call of the engine: how a process goes forward, and what each move does to it."""

from __future__ import annotations

from . import seats
from .automatic import FALLIBLE, WORK
from .definition import HUMAN
from .plan import Place, Plan
from .seats import SeatRefused
from .vocabulary import Change, Conclude, Conclusion, Decide, Move, MoveRefused

# A move passes each step once at most; this stops a definition that somehow got past the checks.
MAX_ENTERED = 1_000


def nothing_concluded(_key: str, _facts: dict) -> Conclusion:
    """The answer where there are no decision tables."""
    return Conclusion({})


def return_targets(plan: Plan, state: dict, node: str) -> list[str]:
    """Keys of the passed steps to which `node` may send the process back, in reading order."""
    here = plan.places[node].order
    passed = {key for key in state["seen"] if plan.places[key].order < here}
    return [key for key in plan.people_steps if key in passed]


class Run:
    """A private copy of the state, the changes so far, and the places still to be entered."""

    def __init__(self, plan: Plan, state: dict, decide: Decide, conclude: Conclude):
        self.plan, self.state, self.decide, self.conclude = plan, state, decide, conclude
        self.changes: list[Change] = []
        self.todo: list[tuple[str, int, int]] = []

    def note(self, kind: str, node: str = "", value: str = "", detail: object = None) -> None:
        self.changes.append(Change(kind, node, value, detail))

    def begin(self) -> None:
        self.todo.append(("", 0, 0))
        self.advance()

    def carry_out(self, action: Move) -> None:
        """Do one move and go on until everything waits again."""
        handlers = {
            "pass": lambda move: self.say(move, "yes"),
            "abstain": lambda move: self.say(move, "abstain"),
            "reject": self.reject,
            "decline": self.decline,
            "add": self.add_signer,
            "correct": self.park,
            "answer": self.answer,
            "return": self.send_back,
            "withdraw": lambda _move: self.finish("withdrawn"),
            "done": self.work_done,
            "failed": self.work_failed,
            "retry": self.retry,
        }
        if action.kind not in handlers:
            raise MoveRefused("unknown move")
        try:
            handlers[action.kind](action)
        except SeatRefused as error:
            raise MoveRefused(str(error)) from None
        self.advance()

    # -- going forward ----------------------------------------------------------------------------

    def advance(self) -> None:
        """Enter whatever is to be entered. A list instead of recursion: definitions are long."""
        entered = 0
        while self.todo:
            entered += 1
            if entered > MAX_ENTERED:
                raise MoveRefused("budget")
            block, branch, index = self.todo.pop()
            steps = self.plan.sequence(block, branch)
            if index < len(steps):
                self.enter(self.plan.places[steps[index].key])
            else:
                self.leave(block, branch)

    def enter(self, place: Place) -> None:
        step = place.step
        if step.kind in HUMAN:
            self.reach_stage(step.stage)
            self.open(step.key)
        elif step.kind in WORK:
            self.start_work(step.key)
        elif step.kind == "correct":
            self.ask(step.key)
        elif step.kind == "condition":
            branch = self.choose(step)
            self.state["took"][step.key] = branch
            self.todo.append((step.key, branch, 0))
        elif step.kind == "parallel":
            self.state["joins"][step.key] = []
            # The last one in is the first one out.
            self.todo += [(step.key, number, 0) for number in reversed(range(len(step.branches)))]
        elif step.kind == "end":
            self.finish(step.outcome)
        else:
            self.pass_by(place)

    def pass_by(self, place: Place) -> None:
        """A step at which nobody waits."""
        step = place.step
        if step.kind == "decision":
            found = self.conclude(step.decision, self.state["facts"])
            named = {f"{step.key}_{key}": value for key, value in found.outputs.items()}
            self.state["facts"] = {**self.state["facts"], **named}
            self.note("decided", step.key, detail=found.detail)
            if found.is_silent:
                self.open(step.key)
                return
        else:
            self.note("read" if step.kind == "cc" else "notify", step.key)
        self.passed(place)

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
        self.go_on(place)

    def passed(self, place: Place) -> None:
        """The step is done: remember it and go on."""
        self.state["seen"] = [key for key in self.state["seen"] if key != place.key]
        self.state["seen"].append(place.key)
        self.go_on(place)

    def go_on(self, place: Place) -> None:
        """Behind the step or block, or straight back to whoever had returned the process here."""
        back = self.state["detours"].pop(place.key, None)
        if back is None:
            self.todo.append((place.block, place.branch, place.index + 1))
            return
        source = self.plan.places[back]
        self.forget_from(source, source.scopes)
        self.todo.append((source.block, source.branch, source.index))

    def open(self, node: str) -> None:
        self.state["open"][node] = seats.ballot_of(1, False)
        self.note("open", node)

    def reach_stage(self, stage: str) -> None:
        if stage and stage != self.state["stage"]:
            self.state["stage"] = stage
            self.note("stage", value=stage)

    def finish(self, outcome: str) -> None:
        self.todo.clear()
        self.cancel(())
        self.state["end"] = outcome
        self.note("end", value=outcome)

    # -- moves of people ---------------------------------------------------------------------------

    def open_place(self, node: str) -> Place:
        if node not in self.state["open"]:
            raise MoveRefused("not open")
        return self.plan.places[node]

    def ballot(self, action: Move) -> tuple[dict, str]:
        self.open_place(action.node)
        return self.state["open"][action.node], str(action.seat)

    def own_place(self, action: Move) -> Place:
        """The place of an open step, for a move that only its own seats may make."""
        seats.acting_for_itself(*self.ballot(action))
        return self.plan.places[action.node]

    def noted(self, node: str, notes) -> None:
        for kind, number in notes:
            self.note(kind, node, number)

    def say(self, action: Move, word: str) -> None:
        place = self.open_place(action.node)
        share = getattr(place.step, "share", None)
        verdict, notes = seats.say(*self.ballot(action), word, share)
        self.noted(action.node, notes)
        if verdict == "passed":
            del self.state["open"][action.node]
            self.note("close", action.node)
            self.passed(place)
        elif verdict == "lost":
            self.turn_down(place, place.step.on_lost)

    def reject(self, action: Move) -> None:
        place = self.own_place(action)
        if getattr(place.step, "share", None) is not None:
            self.say(action, "no")
        else:
            self.finish("rejected")

    def decline(self, action: Move) -> None:
        self.noted(action.node, seats.decline(*self.ballot(action)))

    def add_signer(self, action: Move) -> None:
        if self.open_place(action.node).step.kind != "approve":
            raise MoveRefused("nothing to sign")
        self.noted(action.node, seats.add(*self.ballot(action), action.to))

    def turn_down(self, place: Place, how: str) -> None:
        """A vote or a sub-process went against the case: refuse it, or return it one step."""
        targets = return_targets(self.plan, self.state, place.key)
        if how == "return" and targets:
            self.go_back(place, targets[-1], "again")
        else:
            self.finish("rejected")

    def park(self, action: Move) -> None:
        """Ask the applicant; parallel branches go on meanwhile. Asked once at a time."""
        if self.own_place(action).step.kind not in HUMAN:
            raise MoveRefused("nothing to ask")
        if self.state["parked"]:
            raise MoveRefused("already waiting")
        del self.state["open"][action.node]
        self.state["parked"][action.node] = True
        self.note("park", action.node)

    def ask(self, node: str) -> None:
        """A step asks the applicant, now or when the question before it is answered."""
        is_now = not any(self.state["parked"].values())
        self.state["parked"][node] = is_now
        if is_now:
            self.note("ask", node)

    def ask_next(self) -> None:
        parked = self.state["parked"]
        if parked and not any(parked.values()):
            node = min(parked, key=lambda key: self.plan.places[key].order)
            parked[node] = True
            self.note("ask", node)

    def answer(self, action: Move) -> None:
        node = next((key for key, is_now in self.state["parked"].items() if is_now), None)
        if node is None:
            raise MoveRefused("not waiting")
        del self.state["parked"][node]
        self.ask_next()
        place = self.plan.places[node]
        if place.step.kind == "correct":
            self.note("close", node)
            self.passed(place)
        else:
            self.state["open"][node] = seats.ballot_of(1, False)
            self.note("resume", node)

    # -- machines ----------------------------------------------------------------------------------

    def start_work(self, node: str) -> None:
        self.state["tick"] += 1
        self.state["work"][node] = self.state["tick"]
        self.note("work", node, str(self.state["tick"]))

    def take_ticket(self, action: Move) -> Place:
        """The step that waits with this ticket; an answer that comes too late is refused."""
        if action.ticket == 0 or self.state["work"].get(action.node) != action.ticket:
            raise MoveRefused("stale")
        del self.state["work"][action.node]
        return self.plan.places[action.node]

    def work_done(self, action: Move) -> None:
        place = self.take_ticket(action)
        self.note("close", action.node)
        on_rejected = getattr(place.step, "on_rejected", "go_on")
        if action.to == "rejected" and on_rejected != "go_on":
            self.turn_down(place, on_rejected)
        else:
            self.passed(place)

    def work_failed(self, action: Move) -> None:
        """People look at what a machine could not do."""
        if self.take_ticket(action).step.kind != "call":
            raise MoveRefused("cannot fail")
        self.open(action.node)

    def retry(self, action: Move) -> None:
        place = self.own_place(action)
        if place.step.kind not in FALLIBLE:
            raise MoveRefused("nothing to try again")
        del self.state["open"][action.node]
        self.note("cancel", action.node)
        self.enter(place)

    # -- going back --------------------------------------------------------------------------------

    def send_back(self, action: Move) -> None:
        source = self.own_place(action)
        if action.to not in return_targets(self.plan, self.state, action.node):
            raise MoveRefused("no such target")
        if action.back not in {"again", "direct"}:
            raise MoveRefused("again or direct")
        self.go_back(source, action.to, action.back)

    def go_back(self, source: Place, to: str, back: str) -> None:
        """Go back to a step already passed.

        The parallel branches that both steps share stay as they are. Whatever else stands in the
        innermost shared branch is cancelled. A target inside a parallel that is not shared cannot
        be entered alone, or the join would wait for branches that never began: the process
        re-enters at the outermost such parallel. For the same reason a process that goes straight
        back enters the outermost parallel around its source that is not shared.
        """
        target = self.plan.places[to]
        shared = 0
        while (
            shared < min(len(source.scopes), len(target.scopes))
            and source.scopes[shared] == target.scopes[shared]
        ):
            shared += 1
        scope = source.scopes[:shared]
        target, source = self.outermost(target, shared), self.outermost(source, shared)
        detours = self.state["detours"]
        kept = {key: end for key, end in detours.items() if self.plan.places[key].scopes == scope}
        self.cancel(scope)
        if back == "direct" and target.key != source.key:
            self.state["detours"] |= {**kept, target.key: source.key}
            self.state["seen"] = [key for key in self.state["seen"] if not self.is_in(key, target)]
        else:
            earlier = {k: v for k, v in kept.items() if self.plan.places[k].order < target.order}
            self.state["detours"] |= earlier
            self.forget_from(target, scope)
        self.todo.append((target.block, target.branch, target.index))

    def outermost(self, place: Place, shared: int) -> Place:
        return self.plan.places[place.scopes[shared][0]] if len(place.scopes) > shared else place

    # -- clearing ----------------------------------------------------------------------------------

    def is_in(self, key: str, block: Place) -> bool:
        """Whether the step is `block` or stands in a branch of it."""
        around = (name for name, _branch in self.plan.places[key].scopes)
        return key == block.key or block.key in around

    def within(self, key: str, scope: tuple) -> bool:
        return self.plan.places[key].scopes[: len(scope)] == scope

    def cancel(self, scope: tuple) -> None:
        """Take back every token inside `scope`, a chain of parallel branches (empty:
        everywhere)."""
        for name in ("open", "parked", "work"):
            for node in [key for key in self.state[name] if self.within(key, scope)]:
                del self.state[name][node]
                self.note("cancel", node)
        for name in ("joins", "detours"):
            for key in [key for key in self.state[name] if self.within(key, scope)]:
                del self.state[name][key]
        if scope:
            self.ask_next()

    def forget_from(self, target: Place, scope: tuple) -> None:
        """What was passed or chosen from `target` on has to be passed or chosen again."""

        def again(key):
            return self.within(key, scope) and self.plan.places[key].order >= target.order

        self.state["seen"] = [key for key in self.state["seen"] if not again(key)]
        self.state["took"] = {k: v for k, v in self.state["took"].items() if not again(k)}
