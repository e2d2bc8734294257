"""A case whose process asks, waits, votes, tells and runs another process below it."""

import pytest

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.common.errors import Conflict
from security.organs.selectors import users_holding
from service_hub.cases import services
from service_hub.cases.models import CaseEvent, Correction
from tests.factories import actor_of, make_official
from tests.platform_core.capabilities.process.test_waits import deliver

from ..makers import do, file_rent, make_office, open_app

pytestmark = pytest.mark.django_db


def words(text: str) -> dict:
    return {"zh": text, "en": text}


def desk(key: str, role: str = "desk", **more) -> dict:
    step = {"kind": "approve", "key": key, "title": words(key), "assign": {"role": role}}
    return {**step, "actions": ["approve", "reject", "correct"], **more}


def question(field: str) -> dict:
    ask = {
        "kind": "correct",
        "title": words("Ask"),
        "fields": [field],
        "note": words("More, please."),
    }
    return ask


def filed(alice, steps, **below):
    """A filed case of an item whose process has these steps, with `below` as its sub-processes."""
    make_office("housing_fund")
    processes = [{"key": "handling", "title": words("Handling"), "steps": steps}]
    processes += [{"key": key, "title": words(key), "steps": inner} for key, inner in below.items()]
    open_app("housing_fund", processes=processes)
    return file_rent(alice)


def kinds(case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def test_a_vote_accepts_the_case_when_it_is_over(alice):
    vote = desk("accept", mode="vote", share=60, stage="acceptance", actions=["approve", "reject"])
    for number in range(2):
        make_official(f"second{number}", kind="housing_fund", duties=["clerk"])
    case = filed(alice, [vote, desk("check", "reviewer", stage="review")])
    do(case)
    assert case.accepted_at is None and "step_done" not in kinds(case)
    do(case)
    assert case.accepted_at is not None and kinds(case).count("step_done") == 1


def test_a_step_asks_twice_though_an_official_may_not(alice):
    case = filed(alice, [desk("accept"), question("address"), question("rent"), desk("check")])
    do(case)
    assert case.state == "correcting"
    assert Correction.objects.get(case=case).fields == ["address"]
    actor = actor_of(alice)
    services.answer_correction(actor=actor, case=case, values={"address": "文二路 1 号"})
    case.refresh_from_db()
    asked = Correction.objects.get(case=case)
    assert (case.state, asked.fields, asked.answered_at) == ("correcting", ["rent"], None)
    told = Message.objects.filter(recipient=alice, template="case.correction_asked")
    assert told.count() == 2
    case = services.answer_correction(actor=actor, case=case, values={"rent": "10.00"})
    assert case.state == "submitted"
    with pytest.raises(Conflict):
        do(case, "correct", opinion="Again.", fields=["address"])
    assert do(case).state == "approved"


def test_a_question_that_comes_first_is_asked_with_the_filing(alice):
    case = filed(alice, [question("address"), desk("check")])
    case.refresh_from_db()
    assert case.state == "correcting"
    case = services.answer_correction(actor=actor_of(alice), case=case, values={"address": "新"})
    assert do(case).state == "approved"


def test_a_sub_process_ends_without_closing_the_case(alice):
    below = {"kind": "subprocess", "key": "visit", "title": words("Visit"), "process": "visiting"}
    case = filed(
        alice, [desk("accept", stage="acceptance"), below, desk("check")], visiting=[desk("look")]
    )
    do(case)
    child = ProcessInstance.objects.get(parent=case.process_id)
    task = Task.objects.get(instance=child, state="open")
    assert (child.subject_id, task.node) == (str(case.pk), "look")
    (clerk, *_others) = users_holding(task.pool_groups, task.pool_department)
    process.act(actor=actor_of(clerk), task_id=task.pk, action="approve", version=1)
    case.refresh_from_db()
    assert case.state == "accepted"
    deliver()
    assert do(case).state == "approved"
    assert kinds(case).count("approved") == 1


def test_a_withdrawn_case_withdraws_what_runs_below_it(alice):
    below = {"kind": "subprocess", "key": "visit", "title": words("Visit"), "process": "visiting"}
    case = filed(alice, [below, desk("check")], visiting=[desk("look")])
    case = services.withdraw_case(actor=actor_of(alice), case=case, reason="Moved away.")
    assert case.state == "withdrawn"
    assert set(ProcessInstance.objects.values_list("outcome", flat=True)) == {"withdrawn"}


def test_the_applicant_is_told_what_a_step_says(alice):
    text = {"title": words("On {number}"), "body": words("We look at {subject}.")}
    tell = {"kind": "notify", "title": words("Tell"), "to": "applicant", "text": text}
    case = filed(alice, [desk("accept"), tell, desk("check")])
    do(case)
    said = Message.objects.get(recipient=alice, template="case.told")
    assert said.title["en"] == f"On {case.number}" and case.item.title["en"] in said.body["en"]
    assert str(case.pk) in said.link
