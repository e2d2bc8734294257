"""Steps of several people as pages: order, votes, signers; sub-processes and timers."""

import pytest

from platform_core.capabilities.process.models import Task
from tests.factories import make_official

from ..makers import approve, make_case, make_napp, open_task, text


def html(response) -> str:
    return " ".join(response.content.decode().split())


def task_of(case, user) -> Task:
    return Task.objects.get(instance=case, state="open", assignee=user)


def page(client, task) -> str:
    return html(client.get(f"/office/tasks/{task.pk}/"))


def act(client, task, action, **more):
    data = {"action": action, "version": task.version, **more}
    return client.post(f"/office/tasks/{task.pk}/act/", data)


@pytest.fixture
def four(clerk, other_clerk):
    """Four clerks of one department."""
    more = [
        make_official(name.lower(), kind="market", duties=["clerk"], name=name)
        for name in ("Chloe", "Dan")
    ]
    return [clerk, other_clerk, *more]


def test_a_vote_shows_how_it_stands(office, four):
    step = approve("vote", text("Vote"), mode="vote", share=60)
    step["actions"] = ["approve", "reject", "abstain"]
    case = make_case(make_napp(step), label="a stall")
    act(office(four[0]), task_of(case, four[0]), "approve")
    act(office(four[1]), task_of(case, four[1]), "abstain")
    shown = page(office(four[2]), task_of(case, four[2]))
    assert "1 for, 0 against, 1 abstained, of 4. 60 percent have to agree." in shown
    assert "Abstain" in shown and "Alice" in shown


def test_those_who_come_later_are_shown_in_their_order(office, four):
    case = make_case(make_napp(approve("sign", text("Sign"), mode="in_order")), label="a stall")
    shown = page(office(four[0]), task_of(case, four[0]))
    assert "In this order" in shown and shown.count("is asked later") == 3
    assert shown.index("Alice") < shown.index("Bob") < shown.index("Chloe")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_signer_is_added_and_agrees_or_not(office, clerk, other_clerk, when):
    step = approve("sign", text("Sign"))
    step["actions"] = ["approve", "reject", "add_signer", "transfer"]
    case = make_case(make_napp(step), label="a stall")
    client, task = office(clerk), open_task(case)
    assert "Add a signer" in page(client, task)
    wrong = act(client, task, "add_signer", signer=other_clerk.pk)
    assert wrong.status_code == 422 and "before you or after you" in html(wrong)
    assert act(client, task, "add_signer", signer=other_clerk.pk, when=when).status_code == 302
    if when == "after":
        act(office(clerk), task_of(case, clerk), "approve")
    theirs = task_of(case, other_clerk)
    shown = page(office(other_clerk), theirs)
    assert "Do not agree" in shown and "added signer" in shown
    refused = act(office(other_clerk), theirs, "decline")
    assert refused.status_code == 422 and "Give the reason" in html(refused)
    act(office(other_clerk), theirs, "decline", opinion="Too narrow.")
    assert "Too narrow." in page(office(clerk), task_of(case, clerk))


def test_a_return_may_come_straight_back(office, clerk, reviewer):
    steps = [
        approve("first", text("First")),
        approve("second", text("Second")),
        approve("last", text("Last"), role="boss"),
    ]
    case = make_case(make_napp(*steps), label="a stall")
    for _step in range(2):
        act(office(clerk), open_task(case), "approve")
    assert "Straight back to this step" in page(office(reviewer), open_task(case))
    data = {"opinion": "Look again.", "to_node": "first", "back": "direct"}
    act(office(reviewer), open_task(case), "return", **data)
    act(office(clerk), open_task(case), "approve")
    assert open_task(case).node == "last"


def test_sub_processes_and_timers_stand_beside_the_desks(office, clerk):
    lanes = [
        {"steps": [approve("here", text("Here"))]},
        {"steps": [{"kind": "timer", "key": "wait", "title": text("Objections"), "days": 5}]},
        {"steps": [{"kind": "subprocess", "key": "child", "title": text("Measure"),
                    "process": "below"}]},
    ]  # fmt: skip
    below = {"key": "below", "title": text("Measuring"), "steps": [approve("go", text("Go out"))]}
    main = {
        "key": "main", "title": text("Main"), "steps": [{"kind": "parallel", "branches": lanes}]
    }  # fmt: skip
    case = make_case(make_napp(processes=[main, below]), label="a stall")
    shown = page(office(clerk), Task.objects.get(instance=case, node="here"))
    assert "Objections" in shown and "waits until" in shown
    child = Task.objects.get(node="go")
    assert "Measure" in shown and f'href="/office/tasks/{child.pk}/"' in shown
    assert "This is the sub-process “Measuring”." in page(office(clerk), child)
