"""Several clerks at once, each with a connection of their own: exactly one wins, the others
learn who."""

import threading
from functools import partial

import pytest
from django.db import connection

from platform_core.capabilities.process import services
from platform_core.capabilities.process.models import ProcessEvent, ProcessInstance, Task
from platform_core.common.errors import Conflict
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_official

from .makers import approve, make_napp, open_task, open_tasks, start

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run all calls at the same moment; what each gave back or raised, in order."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        try:
            barrier.wait(10)
            answers[number] = call()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "two clerks wait for one another"
    return answers


def action(user, task, name="approve", **more):
    actor = actor_of(user)
    return lambda: services.act(
        actor=actor, task_id=task.pk, action=name, version=task.version, opinion="Because.", **more
    )


@pytest.fixture
def clerks(db):
    return [make_official(f"clerk{n}", kind="market", duties=["clerk"]) for n in range(6)]


def split(answers):
    won = [answer for answer in answers if not isinstance(answer, Exception)]
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    return won, lost


def test_of_six_approvals_one_wins_and_the_others_are_told_who(clerks):
    instance = start(make_napp())
    task = open_task(instance)
    won, lost = split(at_once(*[action(clerk, task) for clerk in clerks]))
    assert len(won) == 1
    assert len(lost) == 5 and all(isinstance(error, Conflict) for error in lost)
    winner = won[0].closed_by.name
    assert {error.facts["who"] for error in lost} == {winner}
    assert all(winner in str(error) for error in lost)
    assert ProcessEvent.objects.filter(instance=instance, kind="approved").count() == 1
    assert AuditEntry.objects.filter(verb="task.approve", object_id=str(task.pk)).count() == 1
    assert [one.node for one in open_tasks(instance)] == ["decide"]


def test_approving_and_refusing_at_once_has_one_outcome(clerks):
    version = make_napp([approve("only")])
    for _round in range(3):
        instance = start(version)
        task = open_task(instance)
        answers = at_once(action(clerks[0], task), action(clerks[1], task, "reject"))
        won, lost = split(answers)
        assert len(won) == len(lost) == 1 and isinstance(lost[0], Conflict)
        expected = "approved" if won[0].closed_by == clerks[0] else "rejected"
        assert ProcessInstance.objects.get(pk=instance.pk).outcome == expected


def test_claims_at_once_give_the_task_to_one(clerks):
    task = open_task(start(make_napp()))
    actors = [actor_of(clerk) for clerk in clerks]
    calls = [partial(services.claim_task, actor=actor, task_id=task.pk) for actor in actors]
    won, lost = split(at_once(*calls))
    assert len(won) == 1 and all(isinstance(error, Conflict) for error in lost)
    assert Task.objects.get(pk=task.pk).assignee == won[0].assignee


def test_two_desks_in_parallel_do_not_lose_the_join(clerks):
    lanes = [{"steps": [approve(key)]} for key in ("a", "b", "c")]
    version = make_napp([{"kind": "parallel", "branches": lanes}, approve("last")])
    for _round in range(3):
        instance = start(version)
        calls = [
            action(clerk, task) for clerk, task in zip(clerks, open_tasks(instance), strict=False)
        ]
        assert not split(at_once(*calls))[1]
        assert [task.node for task in open_tasks(instance)] == ["last"]


def test_the_seats_of_all_are_counted_once_each(clerks):
    instance = start(make_napp([approve("sign", mode="all"), approve("last")]))
    seats = open_tasks(instance)
    assert len(seats) == 6
    assert not split(at_once(*[action(seat.assignee, seat) for seat in seats]))[1]
    assert [task.node for task in open_tasks(instance)] == ["last"]
    numbers = list(ProcessEvent.objects.filter(instance=instance).values_list("seq", flat=True))
    assert numbers == list(range(1, 8))


def test_a_return_meets_an_approval_in_the_sibling_branch(clerks):
    lanes = [{"steps": [approve("a")]}, {"steps": [approve("b")]}]
    steps = [approve("first"), {"kind": "parallel", "branches": lanes}, approve("last")]
    version = make_napp(steps)
    for _round in range(3):
        instance = start(version)
        task = open_task(instance)
        action(clerks[0], task)()
        a, b = open_task(instance, "a"), open_task(instance, "b")
        at_once(action(clerks[1], a, "return", to_node="first"), action(clerks[2], b))
        assert [task.node for task in open_tasks(instance)] == ["first"]


def test_a_withdrawal_meets_an_approval(clerks):
    instance = start(make_napp())
    task = open_task(instance)
    actor = actor_of(clerks[5])
    at_once(
        action(clerks[0], task),
        lambda: services.withdraw_process(actor=actor, instance=instance, reason="Sold."),
    )
    instance.refresh_from_db()
    assert (instance.outcome, open_tasks(instance)) == ("withdrawn", [])
