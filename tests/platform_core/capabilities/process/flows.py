"""Random processes for property tests, as the raw JSON that a manifest would hold."""

from hypothesis import strategies as st

from platform_core.capabilities.process import engine
from platform_core.capabilities.process.definition import Process
from platform_core.capabilities.process.engine import Move
from platform_core.capabilities.process.plan import Plan
from platform_core.capabilities.process.vocabulary import Conclusion

TITLE = {"zh": "步骤", "en": "Step"}
ASSIGN = {"role": "desk"}


def approve(key, **more):
    return {"kind": "approve", "key": key, "title": TITLE, "assign": ASSIGN, **more}


def fill(key, **more):
    return {"kind": "fill", "key": key, "title": TITLE, "assign": ASSIGN, "form": "f", **more}


def cc():
    return {"kind": "cc", "title": TITLE, "assign": ASSIGN}


def condition(*branches):
    """Branches as step lists; the rule of branch n is {"var": "fn"}, the last is the else."""
    parts = [{"when": {"var": f"f{n}"}, "steps": steps} for n, steps in enumerate(branches[:-1])]
    return {"kind": "condition", "branches": [*parts, {"steps": branches[-1]}]}


def parallel(*branches):
    return {"kind": "parallel", "branches": [{"steps": steps} for steps in branches]}


def end(outcome="approved"):
    return {"kind": "end", "outcome": outcome}


def vote(key, share=50, **more):
    return approve(key, mode="vote", share=share, **more)


def correct():
    return {"kind": "correct", "title": TITLE, "fields": ["name"], "note": TITLE}


def notify():
    return {
        "kind": "notify",
        "title": TITLE,
        "to": "starter",
        "text": {"title": TITLE, "body": TITLE},
    }


def decision(key="?"):
    return {"kind": "decision", "key": key, "title": TITLE, "decision": "risk"}


def call(key="?"):
    return {"kind": "call", "key": key, "title": TITLE, "hook": "tell"}


def subprocess(key="?", **more):
    return {"kind": "subprocess", "key": key, "title": TITLE, "process": "other", **more}


def timer(**term):
    return {"kind": "timer", "title": TITLE, **(term or {"days": 3})}


def plan_of(*steps) -> Plan:
    return Plan.of(
        Process.model_validate({"key": "main", "title": TITLE, "steps": named(list(steps))})
    )


def named(steps, counter=None):
    """The steps with every person's step named s1, s2 … in reading order."""
    counter = counter if counter is not None else iter(range(1, 1000))
    done = []
    for step in steps:
        step = dict(step)
        if step.get("key") == "?":
            step["key"] = f"s{next(counter)}"
        if "branches" in step:
            step["branches"] = [
                {**branch, "steps": named(branch["steps"], counter)} for branch in step["branches"]
            ]
        done.append(step)
    return done


def decide(rule, facts) -> bool:
    """The rules of these flows are plain yes/no fields."""
    return facts.get(rule["var"]) is True


def conclude(_key, facts) -> Conclusion:
    """A table of these flows turns the first fact round."""
    return Conclusion({"f": facts.get("f0") is not True}, "row 1")


def begin(plan, values=None):
    """The state of a new process and what it opens."""
    return engine.start(plan, values or {}, decide, conclude)


def go(plan, state, kind, node="", to="", **more):
    return engine.move(plan, state, Move(kind, node, to, **more), decide, conclude)


def at(state, node):
    """How the seats of an open step stand."""
    return {int(number): seat["is"] for number, seat in state["open"][node]["seats"].items()}


def told(changes):
    return [(change.kind, change.node, change.value) for change in changes]


def opened(changes):
    return [change.node for change in changes if change.kind == "open"]


def silent_at_times(key, facts) -> Conclusion:
    """A table in which no row fits some facts."""
    if facts.get("f1") is True:
        return Conclusion({}, "no row", is_silent=True)
    return conclude(key, facts)


_people = st.one_of(
    st.builds(approve, st.just("?")),
    st.builds(approve, st.just("?"), mode=st.sampled_from(["all", "in_order"])),
    st.builds(
        vote,
        st.just("?"),
        st.sampled_from([1, 50, 67, 100]),
        on_lost=st.sampled_from(["reject", "return"]),
    ),
    st.builds(fill, st.just("?")),
)
_machine = st.one_of(
    st.builds(cc),
    st.builds(correct),
    st.builds(notify),
    st.builds(decision),
    st.builds(call),
    st.builds(subprocess, on_rejected=st.sampled_from(["reject", "go_on", "return"])),
    st.builds(timer),
)
_leaf = st.one_of(_people, _people, _machine)


def _blocks(children):
    branches = st.lists(st.lists(children, max_size=3), min_size=2, max_size=3)
    return st.one_of(
        branches.map(lambda parts: condition(*parts)), branches.map(lambda parts: parallel(*parts))
    )


# An end inside a branch closes everything; rare, or most flows would stop early.
_step = st.recursive(
    st.one_of(
        _leaf, _leaf, _leaf, _leaf, st.builds(end, st.sampled_from(["approved", "rejected"]))
    ),
    _blocks,
    max_leaves=12,
)

step_lists = st.lists(_step, min_size=1, max_size=5)
plans = step_lists.map(lambda steps: plan_of(*steps))
facts = st.fixed_dictionaries({"f0": st.booleans(), "f1": st.booleans()})
