"""Several tasks of one step at once: each for itself, and the page says what became of each."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from tests.factories import actor_of

from ..makers import DECIDE, make_case, make_napp, open_task, text

PAGE = "/office/batch/"
STEP = "market_stall:decide"


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def version(db):
    step = {**DECIDE, "assign": {"role": "desk"}, "title": text("Review", "审查")}
    return make_napp(step)


def cases(version, number: int, **more) -> list:
    return [make_case(version, label=f"stall {n}", **more) for n in range(number)]


def sent(found, action="approve", **more) -> dict:
    tasks = [open_task(case) for case in found]
    ticked = [f"{task.pk}:{task.version}" for task in tasks]
    return {"tasks": ticked, "action": action, "step": STEP, **more}


def test_the_steps_then_the_tasks_then_what_became_of_them(office, clerk, version):
    found = cases(version, 3)
    assert "Review" in html(office(clerk).get(PAGE))
    page = html(office(clerk).get(PAGE, {"step": STEP}))
    assert all(f"stall {n}" in page for n in range(3))
    answer = html(office(clerk).post(PAGE, sent(found[:2], opinion="Complete.")))
    assert "2 of 2 are decided." in answer
    done = Task.objects.filter(state="done")
    assert {task.opinion for task in done} == {"Complete."} and done.count() == 2


def test_one_that_somebody_was_faster_with_holds_up_no_other(office, clerk, other_clerk, version):
    found = cases(version, 3)
    data = sent(found)
    task = open_task(found[1])
    process.act(actor=actor_of(other_clerk), task_id=task.pk, action="approve", version=1)
    answer = html(office(clerk).post(PAGE, data))
    assert "2 of 3 are decided." in answer and "Bob was faster" in answer


def test_nobody_decides_on_their_own_among_many(office, clerk, version):
    found = [*cases(version, 1), *cases(version, 1, starter=clerk)]
    answer = html(office(clerk).post(PAGE, sent(found)))
    assert "1 of 2 are decided." in answer and "application of their own" in answer


def test_what_is_not_for_somebody_stays_hidden(office, stranger, version):
    answer = html(office(stranger).post(PAGE, sent(cases(version, 1))))
    assert "0 of 1 are decided." in answer and "stall 0" not in answer
    assert Task.objects.filter(state="open").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tasks": []}, "Choose at least one task."),
        ({"tasks": ["nonsense", "x:1"]}, "Choose at least one task."),
        ({"action": "reject"}, "Give the reason"),
        ({"action": "claim"}, "Choose what to do"),
        ({"opinion": "a\x00b"}, "cannot be stored"),
    ],
)
def test_mistakes_are_named_and_nothing_is_done(office, clerk, version, changes, words):
    answer = office(clerk).post(PAGE, {**sent(cases(version, 2)), **changes})
    assert answer.status_code == 422
    assert words in html(answer)
    assert Task.objects.filter(state="open").count() == 2
    if changes.get("action") == "reject":
        assert html(answer).count(" checked") == 2


def test_one_step_at_a_time_and_at_most_a_hundred(office, clerk, version):
    other = make_napp({**DECIDE, "assign": {"role": "desk"}, "key": "other"}, slug="other_stall")
    answer = office(clerk).post(PAGE, sent([*cases(version, 1), *cases(other, 1)]))
    assert answer.status_code == 422 and "one step only" in html(answer)
    many = {"tasks": [f"00000000-0000-4000-8000-{n:012d}:1" for n in range(101)]}
    answer = office(clerk).post(PAGE, {**sent(cases(version, 1)), **many})
    assert "at most 100" in html(answer)


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?step={STEP}"])
def test_the_page_costs_the_same_for_one_and_for_three(office, clerk, version, address):
    client = office(clerk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    cases(version, 1)
    cost()
    one = cost()
    cases(version, 2)
    assert cost() == one
