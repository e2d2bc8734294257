"""Whatever people and machines do, the rows of tasks and waits say what the engine's state says."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from platform_core.capabilities.process import engine, selectors, services, waking
from platform_core.capabilities.process.models import ProcessEvent, ProcessInstance, Task, Wait
from platform_core.napps.manifest import ManifestInvalid
from security.actors import Actor
from tests.factories import MAKER

from .flows import named, step_lists
from .makers import FORM, T, approve, make_napp, start, text
from .test_waits import deliver

pytestmark = pytest.mark.django_db
_numbers = count(1)
FACTS = {
    "key": "facts",
    "title": T,
    "pages": [
        {
            "key": "main",
            "title": T,
            "fields": [
                {"type": "yes_no", "key": key, "label": text(key)} for key in ("f0", "f1", "name")
            ],
        }
    ],
}
BELOW = [approve("b1", actions=["approve", "reject", "correct"]), {"kind": "timer", "title": T,
         "days": 1}]  # fmt: skip


def published(steps):
    """The steps as a manifest may have them: with every action, and no machine of foreign code."""
    made = []
    for step in steps:
        step = dict(step)
        if step["kind"] in {"decision", "call"}:
            continue
        if step["kind"] == "approve":
            step["actions"] = ["approve", "reject", "return", "correct", "add_signer"]
            step["actions"] += ["abstain"] if step.get("share") else []
        if step["kind"] == "fill":
            step |= {"form": "opinion", "actions": ["submit", "return", "reject", "correct"]}
        for name in ("on_lost", "on_rejected"):
            step |= {name: "reject"} if step.get(name) == "return" else {}
        if "branches" in step:
            step["branches"] = [
                {**branch, "steps": published(branch["steps"])} for branch in step["branches"]
            ]
        made.append(step)
    return made


def family(instance):
    """The process and all that run or ran below it, as the database has them."""
    found = [ProcessInstance.objects.get(pk=instance.pk)]
    for one in found:
        found += ProcessInstance.objects.filter(parent=one)
    return found


def rows_fit(instance):
    state, rows = instance.state, Task.objects.filter(instance=instance).exclude(kind="cc")
    is_over = instance.status == "ended"
    assert is_over == bool(state.get("end"))
    if not is_over:
        assert (instance.status == "waiting") == any(state["parked"].values())
    seats = {
        (node, int(number)): "open" if seat["is"] == "now" else "later"
        for node, ballot in state["open"].items()
        for number, seat in ballot["seats"].items()
        # Who has agreed is done, and comes back only when a signer declines.
        if seat["is"] != "gave"
    }
    undone = rows.filter(state__in=["open", "later"]).values_list("node", "seat", "state")
    assert sorted(undone) == sorted((*place, is_now) for place, is_now in seats.items())
    waiting = Wait.objects.filter(instance=instance, state="waiting")
    assert dict(waiting.values_list("node", "ticket")) == state["work"]
    running = ProcessInstance.objects.filter(parent=instance).exclude(status="ended")
    assert set(running) <= {wait.child for wait in waiting.filter(kind="subprocess")}
    numbers = ProcessEvent.objects.filter(instance=instance).values_list("seq", flat=True)
    assert list(numbers) == list(range(1, instance.event_count + 1))


def somebody_acts(data, instance, clerks):
    """One allowed action of one person on one open task; False when nobody can do anything."""
    tasks = Task.objects.filter(instance__in=family(instance), state="open").exclude(kind="cc")
    tasks = list(tasks.order_by("node", "seat"))
    if not tasks:
        return False
    task = data.draw(st.sampled_from(tasks))
    person = task.assignee or clerks[0]
    offered = selectors.allowed_actions(person, selectors.task_for(person, task.pk))
    action = data.draw(st.sampled_from([one for one in offered if one not in ("claim", "release")]))
    more = {"opinion": "Because."}
    if action == "submit":
        more["data"] = {"dangerous": data.draw(st.booleans())}
    if action == "return":
        targets = [key for key, _title in selectors.return_choices(task)]
        more |= {"to_node": data.draw(st.sampled_from(targets)), "back": data.draw(st.sampled_from(
            ["again", "direct"]
        ))}  # fmt: skip
    if action in {"add_signer", "transfer"}:
        people = selectors.signers_for(person, task)
        if not people:
            return True
        more["to_user"] = people[0]
    if action == "add_signer":
        more |= {"when": data.draw(st.sampled_from(["before", "after"]))}
    services.act(
        actor=Actor(user=person, name=person.name), task_id=task.pk, action=action,
        version=task.version, **more,
    )  # fmt: skip
    return True


def a_machine_acts(instance):
    deliver()
    latest = Wait.objects.filter(due_at__isnull=False).order_by("-due_at").first()
    if latest is not None:
        waking.sweep_timers(actor=MAKER, now=latest.due_at + timedelta(seconds=1))
    deliver()
    if any(one.status == "waiting" for one in family(instance)):
        services.answer_correction(actor=Actor.anonymous(), instance=instance)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data(), steps=step_lists)
def test_rows_and_state_agree_after_every_move(clerk, other_clerk, reviewer, data, steps):
    with transaction.atomic():
        live_through(data, named(published(steps)), [clerk, other_clerk])
        # Each process begins in the same world.
        transaction.set_rollback(True)


def live_through(data, steps, clerks):
    """A process of these steps from its start, through random moves, to a withdrawal."""
    processes = [
        {"key": "main", "title": T, "steps": steps},
        {"key": "other", "title": T, "steps": BELOW},
    ]
    slug = f"stall{next(_numbers)}"
    try:
        version = make_napp([], processes=processes, forms=[FORM, FACTS], slug=slug)
    except ManifestInvalid:
        assume(False)
    facts = {"f0": data.draw(st.booleans()), "f1": data.draw(st.booleans())}
    instance = start(version, facts=facts)
    for _turn in range(data.draw(st.integers(4, 14))):
        acted = somebody_acts(data, instance, clerks)
        if not acted or data.draw(st.integers(0, 3)) == 0:
            a_machine_acts(instance)
        for one in family(instance):
            rows_fit(one)
    instance.refresh_from_db()
    if instance.status != "ended":
        services.withdraw_process(actor=Actor.anonymous(), instance=instance, reason="Sold.")
    for one in family(instance):
        assert one.status == "ended" and engine.tokens(one.state) == 0
        rows_fit(one)
