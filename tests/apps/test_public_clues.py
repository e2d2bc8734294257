"""Clues of the public: routed by area, checked, handed over, answered, followed by number."""

import pytest

from platform_core.capabilities.forms import selectors as forms
from security.actors import Actor
from service_hub.cases import selectors, services
from service_hub.cases.models import Case
from tests.service_hub.makers import clue_values, do, item_of, make_office, open_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offices(db):
    return {kind: make_office(kind) for kind in ("emergency_desk", "health", "market")}


def report(**changes):
    item = item_of("public_clues", "report")
    return services.file_values(actor=Actor.anonymous(), item=item, values=clue_values(**changes))


FOUND = {"found": "现场核实。", "feedback": "已处理，谢谢您。"}


def test_it_goes_to_the_desk_of_its_county_at_once(offices):
    case = report().case
    assert case.department.kind == "emergency_desk"
    assert case.region.code == "330106"
    assert [task.node for task in open_tasks(case)] == ["dispatch"]


def test_a_name_that_is_given_is_sealed(offices):
    case = report(real_name=True, name="陈𠮷宁", mobile="13800002046").case
    stored = str(case.record.data)
    assert "陈𠮷宁" not in stored and "13800002046" not in stored
    assert forms.plain_values(case.record)["name"] == "陈𠮷宁"


@pytest.mark.parametrize(
    ("handed_to", "node", "kind"),
    [("collection", "collect", "health"), ("enforcement", "enforce", "market")],
)
def test_a_true_clue_is_handed_over(handed_to, node, kind):
    case = do(report().case)
    case = do(case, "submit", data=FOUND | {"finding": "true", "handed_to": handed_to})
    task = open_tasks(case)[0]
    assert (task.node, task.pool_department.kind) == (node, kind)
    case = do(do(case, node=node), node="feedback", opinion="同意办结")
    assert case.state == Case.State.APPROVED
    assert case.result["answer"] == FOUND["feedback"]


@pytest.mark.parametrize("finding", ["false", "duplicate"])
def test_an_untrue_or_repeated_clue_is_answered(finding):
    case = do(do(report().case), "submit", data=FOUND | {"finding": finding})
    assert [task.node for task in open_tasks(case)] == ["feedback"]
    assert do(case, opinion="已核实").state == Case.State.APPROVED


def test_the_reporter_follows_it_by_number_and_code():
    receipt = report()
    do(receipt.case)
    found = selectors.track(receipt.case.number, receipt.follow_code)
    assert [event.kind for event in selectors.timeline(found)] == [
        "submitted",
        "accepted",
        "reviewing",
    ]
