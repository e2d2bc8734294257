"""Resumption plans: three days ahead, countersigned, branched by size, ended with a certificate."""

import pytest

from platform_core.capabilities.documents.selectors import found_by_code
from platform_core.capabilities.process.models import ProcessEvent
from platform_core.common.errors import NotAllowed, Unusable
from service_hub.cases import services
from service_hub.cases.models import Case
from service_hub.certificates.selectors import certificate_of
from tests.factories import actor_of, make_citizen, make_firm, make_firm_agent, make_region
from tests.service_hub.makers import do, item_of, make_office, open_tasks, plan_values, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices(db):
    county = {kind: make_office(kind) for kind in ("economy", "health", "emergency_desk")}
    return county | {"city": make_office("economy", "330100", prefix="city")}


@pytest.fixture
def agent(db):
    firm = make_firm("示例纺织有限公司", region=make_region("330106"))
    return make_firm_agent("erin", firm), firm


def file(agent, **changes):
    user, firm = agent
    item = item_of("return_to_work", "resume")
    values = plan_values(user, firm, **changes)
    return services.file_values(actor=actor_of(user, firm), item=item, values=values).case


@pytest.mark.parametrize("offset", [-1, 0, 1, 2])
def test_less_than_three_days_ahead_is_too_late(offices, agent, offset):
    with pytest.raises(Unusable) as refused:
        file(agent, resume_on=today(offset))
    assert list(refused.value.errors) == ["resume_on"]


def test_the_third_day_is_early_enough(offices, agent):
    assert file(agent, resume_on=today(3)).firm == agent[1]


def test_too_few_supplies_are_refused_at_the_field(offices, agent):
    with pytest.raises(Unusable) as refused:
        file(agent, supplies_days=2, staff=[])
    assert set(refused.value.errors) == {"supplies_days", "staff"}


def test_a_person_without_a_firm_cannot_file(offices):
    alice = make_citizen("alice")
    with pytest.raises(NotAllowed):
        services.file_values(
            actor=actor_of(alice), item=item_of("return_to_work", "resume"), values={}
        )


def test_economy_and_health_sign_at_the_same_time(offices, agent):
    case = do(file(agent))
    assert {task.node for task in open_tasks(case)} == {"economy", "health"}
    case = do(case, node="health")
    assert [task.node for task in open_tasks(case)] == ["economy"]


def test_one_refusal_of_the_two_ends_it(offices, agent):
    case = do(do(file(agent)), "reject", node="health", opinion="未设隔离间")
    assert case.state == Case.State.REFUSED
    assert open_tasks(case) == []


@pytest.mark.parametrize(("people", "node", "level"), [(299, "county", 3), (300, "city", 2)])
def test_the_size_says_who_decides(offices, agent, people, node, level):
    case = do(do(do(file(agent, staff_total=people)), node="economy"), node="health")
    task = open_tasks(case)[0]
    assert (task.node, task.pool_department.region.level) == (node, level)


def test_few_people_at_a_high_risk_are_decided_by_the_city(offices, agent):
    case = do(file(agent, isolation_room=False, closed_site=False))
    case = do(do(case, node="economy"), node="health")
    assert [task.node for task in open_tasks(case)] == ["city"]
    events = ProcessEvent.objects.filter(kind="decided", instance__subject_id=str(case.pk))
    assert [event.data["rows"] for event in events.order_by("pk")] == [[3, 5, 6], [2]]


def test_it_ends_with_a_certificate_that_can_be_checked(offices, agent):
    case = do(do(do(do(file(agent)), node="economy"), node="health"), opinion="同意复工")
    certificate = certificate_of(case)
    assert found_by_code(certificate.verify_code.lower()).document == certificate
    assert certificate.holder == agent[1].name
    assert certificate.content["blocks"][1]["rows"][-1]["value"]["en"].startswith("46")
    assert certificate.valid_until
