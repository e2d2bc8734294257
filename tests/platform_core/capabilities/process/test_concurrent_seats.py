"""Many people and machines at one step at the same moment: every word counts once."""

import pytest

from platform_core.capabilities.process import services, waking
from platform_core.capabilities.process.models import ProcessEvent, Task, Wait
from platform_core.common.errors import Conflict
from security.actors import Actor
from tests.factories import MAKER, actor_of, make_official

from .makers import approve, make_napp, open_task, open_tasks, start, text
from .test_concurrency import action, at_once, split

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


@pytest.fixture
def clerks(db):
    return [make_official(f"clerk{n:02}", kind="market", duties=["clerk"]) for n in range(MANY)]


def test_of_twenty_clerks_one_wins_and_nineteen_are_told_who_and_when(clerks):
    instance = start(make_napp())
    task = open_task(instance)
    won, lost = split(at_once(*[action(clerk, task) for clerk in clerks]))
    assert len(won) == 1 and len(lost) == MANY - 1
    assert all(isinstance(error, Conflict) for error in lost)
    winner = won[0]
    assert {error.facts["who"] for error in lost} == {winner.closed_by.name}
    assert {error.facts["at"] for error in lost} == {winner.closed_at.isoformat()}
    assert {error.facts["action"] for error in lost} == {"approve"}
    assert ProcessEvent.objects.filter(instance=instance, kind="approved").count() == 1


@pytest.mark.parametrize(("share", "yes", "stands"), [(60, 12, ["last"]), (60, 8, [])])
def test_twenty_votes_at_once_are_counted_exactly(clerks, share, yes, stands):
    step = approve("vote", mode="vote", share=share)
    step["actions"] = ["approve", "reject", "abstain"]
    instance = start(make_napp([step, approve("last")]))
    seats = {task.assignee_id: task for task in open_tasks(instance)}
    assert len(seats) == MANY
    calls = [
        action(clerk, seats[clerk.pk], "approve" if number < yes else "reject")
        for number, clerk in enumerate(clerks)
    ]
    _won, lost = split(at_once(*calls))
    # Whoever votes when it is over already is too late; nobody else is.
    assert all(isinstance(error, Conflict) for error in lost)
    instance.refresh_from_db()
    assert [task.node for task in open_tasks(instance)] == stands
    done = Task.objects.filter(instance=instance, node="vote", state="done")
    agreed = done.filter(outcome="approve").count()
    against = done.filter(outcome="against").count()
    assert (
        (agreed, instance.outcome) == (12, "")
        if stands
        else (against, instance.outcome)
        == (
            9,
            "rejected",
        )
    )
    numbers = ProcessEvent.objects.filter(instance=instance).values_list("seq", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_two_signers_added_at_once_by_two_voters(clerks, reviewer):
    step = approve("sign", mode="all")
    step["actions"] = ["approve", "add_signer"]
    instance = start(make_napp([step, approve("last")]))
    for clerk in clerks[2:]:
        action(clerk, next(t for t in open_tasks(instance) if t.assignee == clerk))()
    one, two = open_tasks(instance)
    other = make_official("finn", kind="market", duties=["reviewer"])
    asks = [
        action(one.assignee, one, "add_signer", to_user=reviewer, when="before"),
        action(two.assignee, two, "add_signer", to_user=other, when="after"),
    ]
    assert not split(at_once(*asks))[1]
    added = Task.objects.filter(instance=instance, signs_for__isnull=False)
    assert sorted(added.values_list("seat", flat=True)) == [MANY + 1, MANY + 2]
    while tasks := open_tasks(instance, "sign"):
        action(tasks[0].assignee, tasks[0])()
    assert open_task(instance).node == "last"


def test_of_two_signers_added_at_once_by_one_desk_one_is(clerks, reviewer):
    step = approve("sign")
    step["actions"] = ["approve", "add_signer"]
    instance = start(make_napp([step]))
    task = open_task(instance)
    asks = [
        action(clerks[0], task, "add_signer", to_user=reviewer, when="before"),
        action(clerks[1], task, "add_signer", to_user=clerks[2], when="before"),
    ]
    won, lost = split(at_once(*asks))
    assert len(won) == len(lost) == 1 and isinstance(lost[0], Conflict)
    assert Task.objects.filter(instance=instance, signs_for=1).count() == 1


def test_a_timer_swept_by_several_at_once_fires_once(clerks):
    timer = {"kind": "timer", "key": "rest", "title": text("Rest"), "days": 1}
    instance = start(make_napp([timer, approve("a")]))
    due = Wait.objects.get().due_at
    answers = at_once(*[lambda: waking.sweep_timers(actor=MAKER, now=due) for _worker in range(6)])
    assert sorted(answers) == [0, 0, 0, 0, 0, 1]
    assert len(open_tasks(instance)) == 1


def test_a_timer_meets_a_withdrawal(clerks):
    timer = {"kind": "timer", "key": "rest", "title": text("Rest"), "days": 1}
    version = make_napp([timer, approve("a")])
    for _round in range(3):
        instance = start(version)
        due = Wait.objects.get(instance=instance).due_at
        at_once(
            lambda due=due: waking.sweep_timers(actor=MAKER, now=due),
            lambda instance=instance: services.withdraw_process(
                actor=Actor.anonymous(), instance=instance, reason="Sold."
            ),
        )
        instance.refresh_from_db()
        assert (instance.outcome, open_tasks(instance)) == ("withdrawn", [])


def test_a_child_that_closes_meets_the_withdrawal_of_its_parent(clerks):
    sub = {"kind": "subprocess", "key": "below", "title": text("Below"), "process": "other"}
    processes = [
        {"key": "main", "title": text("Main"), "steps": [sub, approve("z")]},
        {"key": "other", "title": text("Other"), "steps": [approve("b")]},
    ]
    version = make_napp([], processes=processes)
    for _round in range(3):
        instance = start(version)
        child = instance.children.get()
        task = open_task(child)
        answers = at_once(
            action(clerks[0], task),
            lambda instance=instance: services.withdraw_process(
                actor=actor_of(clerks[5]), instance=instance, reason="Sold."
            ),
        )
        assert all(isinstance(error, Conflict) for error in split(answers)[1])
        instance.refresh_from_db()
        child.refresh_from_db()
        assert instance.outcome == "withdrawn" and child.status == "ended"
