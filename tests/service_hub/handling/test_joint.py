"""Several organs on one case: asked at once, seen when late, decided by the one in the lead."""

import pytest

from platform_core.capabilities.process.consultations.services import answer_opinion
from platform_core.capabilities.process.models import Task
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.cases.selectors import events_of
from service_hub.cases.timeline import joint_organs
from service_hub.handling import joint
from service_hub.handling.extensions import most_days
from tests.factories import actor_of

from ..makers import do, make_office, open_tasks
from .makers import accepted, filed, office_with_head, on, sign_in

pytestmark = pytest.mark.django_db
LIST_QUERIES = 15


@pytest.fixture
def office(db):
    return office_with_head()


@pytest.fixture
def others(db):
    return [make_office(kind)["reviewer"] for kind in ("housing", "police")]


def organ(user):
    return user.posts.get().department


def ask(case, user, organs, **more):
    said = {"question": "Is a home registered?", "working_days": 5} | more
    ids = [organ(one).pk for one in organs]
    return joint.ask_organs(actor=actor_of(user), case=case, departments=ids, **said)


def answer(one, user, **more):
    task = Task.objects.get(pk=one.task_id)
    return answer_opinion(
        actor=actor_of(user), task_id=task.pk, version=task.version, answer="agree", **more
    )


def test_each_has_a_task_of_its_own_and_the_lead_decides_when_all_have_spoken(
    alice, office, others
):
    case = accepted(alice, on(9, 14))
    promised = case.promise_due_at
    asked = ask(case, office["reviewer"], others, at=on(9, 15))
    case.refresh_from_db()
    assert {one.due_at for one in asked} == {on(9, 21, 18)}
    assert {one.task.pool_department for one in asked} == {organ(one) for one in others}
    # The law gives 45 working days and fifteen more; the promise stays.
    assert (case.is_joint, case.promise_due_at, most_days(case)) == (True, promised, 15)
    assert case.legal_due_at == on(11, 20, 18)
    shown = joint.parts_of(office["reviewer"], case, on(9, 23))
    assert [part.light["level"] for part in shown] == ["r", "r"]
    (step,) = (task for task in open_tasks(case) if task.kind != "consult")
    with pytest.raises(Conflict):
        do(case, node=step.node, user=office["reviewer"])
    answer(asked[0], others[0])
    heard = joint_organs(events_of(case))
    assert sorted(one["has_answered"] for one in heard) == [False, True]
    answer(asked[1], others[1])
    assert do(case, user=office["reviewer"]).state == "approved"


def test_only_after_acceptance_by_who_has_the_step_and_before_the_law_wants_a_decision(
    alice, office, others
):
    with pytest.raises(Conflict):
        ask(filed(alice), office["clerk"], others)
    case = accepted(alice, on(9, 14))
    with pytest.raises(NotAllowed):
        ask(case, others[0], others)
    with pytest.raises(Unusable) as caught:
        ask(case, office["reviewer"], others, working_days=60, at=on(9, 15))
    assert "working_days" in caught.value.errors
    with pytest.raises(Unusable) as caught:
        ask(case, office["reviewer"], [], question="", working_days=None)
    assert set(caught.value.errors) == {"departments", "question", "working_days"}
    case.refresh_from_db()
    assert not case.is_joint


def test_both_ends_see_who_acts_and_the_lead_may_stop_waiting(alice, office, others):
    case, lead = do(filed(alice)), sign_in(office["reviewer"])
    page = f"/office/cases/{case.pk}/joint/"
    empty = {"version": case.version, "question": "Is it &?", "working_days": "x"}
    wrong = lead.post(f"{page}ask/", empty)
    assert wrong.status_code == 422
    assert "Is it &amp;?" in wrong.content.decode()
    typed = empty | {"working_days": "3", "departments": [organ(one).pk for one in others]}
    assert lead.post(f"{page}ask/", typed).status_code == 302
    shown = sign_in(alice).get(f"/cases/{case.pk}/").content.decode()
    assert "Also with" in shown
    assert all((organ(one).name_en or organ(one).name) in shown for one in others)
    assert "Is it" not in shown
    for part in joint.parts_of(office["reviewer"], case, on(11, 27)):
        taken = lead.post(f"{page}take-back/", {"one": part.one.pk})
        assert taken.status_code == 302
    assert lead.post(f"{page}take-back/", {"one": "x"}).status_code == 404
    (task,) = open_tasks(case)
    assert not task.awaits_opinions
    assert sign_in(office["clerk"]).get(page).status_code == 200
    assert sign_in(alice).get(page).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_joint_cases_asks_as_often_for_one_as_for_three(
    alice, office, others, rows, django_assert_num_queries
):
    for _n in range(rows):
        ask(accepted(alice, on(9, 14)), office["reviewer"], others, at=on(9, 15))
    lead = sign_in(office["reviewer"])
    lead.get("/office/cases/?view=joint")
    with django_assert_num_queries(LIST_QUERIES):
        shown = lead.get("/office/cases/?view=joint").content.decode()
    assert shown.count("2 organs are late") == rows
