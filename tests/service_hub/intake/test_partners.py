"""Another system files for its user: once for each of its numbers."""

import json

import pytest
from django.utils import timezone

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from service_hub.cases.models import Case
from service_hub.intake.partners import Source, file_for_partner
from service_hub.intake.services import Person
from service_hub.materials.models import SharedFact
from tests.factories import (
    actor_of,
    citizen_number,
    make_department,
    make_official,
    sign_in,
)
from tests.service_hub.makers import item_of, make_office, rent_values, today

pytestmark = pytest.mark.django_db
WANG = Person(name="王秀英", citizen_number=citizen_number(971), mobile="138 0000 7788")
SOURCE = Source("社区通", "SQ-2026-0001")


@pytest.fixture
def item(db):
    make_office("medical_insurance")
    return item_of("medical_insurance", "elsewhere")


@pytest.fixture
def system(item):
    return make_official("partner", kind="service_bureau")


def values(**changes) -> dict:
    return {
        "name": WANG.name,
        "citizen_number": WANG.citizen_number,
        "mobile": "13800002046",
        "area": "330106",
        "kind": "living",
        "province": "上海市",
        "from_on": today(),
        "promise": True,
    } | changes


def file(system, item, source=SOURCE, **more):
    more = {"person": WANG, "values": values()} | more
    return file_for_partner(actor=actor_of(system), item=item, source=source, **more)


def test_what_is_held_of_the_applicant_is_spared_and_what_is_held_of_the_system_is_not(alice):
    make_office("housing_fund")
    rent = item_of("housing_fund", "rent")
    system = make_official("fund", kind="housing_fund")
    person = Person(
        name=alice.identity.real_name, citizen_number=alice.identity.citizen_number, mobile=""
    )
    given = rent_values(alice) | {"lease_photo": None}

    def sent():
        return file(system, rent, person=person, values=given)

    def held_of(user):
        SharedFact.objects.create(
            kind="tenancy_contract", user=user, value={"zh": "已备案", "en": "On file"},
            as_of=timezone.localdate(), department=make_department("housing"),
        )  # fmt: skip

    held_of(system)
    with pytest.raises(Unusable) as caught:
        sent()
    assert "lease_photo" in caught.value.errors
    held_of(alice)
    receipt, _is_new = sent()
    assert receipt.case.materials.get(code="tenancy_contract").way == "shared"


def test_number_clock_and_source_are_kept(system, item):
    receipt, is_new = file(system, item)
    case = receipt.case
    assert is_new and (case.source_system, case.external_number) == ("社区通", "SQ-2026-0001")
    assert (case.received_by, case.applicant_name, len(case.number)) == (system, "王秀英", 43)
    assert case.intake.mobile == "13800007788" and case.follow_code


def test_the_same_number_gets_the_first_receipt(system, item):
    first, _new = file(system, item)
    again, is_new = file(system, item, values=values(province="北京市"))
    assert (again.case, is_new, Case.objects.count()) == (first.case, False, 1)
    with pytest.raises(Conflict):
        file(make_official("other", kind="service_bureau"), item)


def test_checks_are_those_of_any_case(system, item):
    with pytest.raises(Unusable) as refused:
        file(system, item, values=values(province=""))
    assert "province" in refused.value.errors
    with pytest.raises(Unusable) as refused:
        file(system, item, person=Person(name="王"))
    assert {"name", "citizen_number"} == set(refused.value.errors)
    with pytest.raises(Unusable):
        file(system, item, source=Source("x", ""))
    with pytest.raises(NotAllowed):
        file(make_official("nobody", kind="education"), item)
    assert not Case.objects.exists()


def test_over_http(system, item, client):
    sign_in(client, system)
    body = {
        "napp": "medical_insurance", "item": "elsewhere", "values": values(),
        "applicant": {"name": WANG.name, "citizen_number": WANG.citizen_number},
        "source": {"system": "社区通", "number": "7"},
    }  # fmt: skip

    def post():
        return client.post(
            "/api/v1/intake/partner/", json.dumps(body), content_type="application/json"
        )

    first, again = post(), post()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    body["applicant"]["citizen_number"] = "1"
    body["source"]["number"] = "8"
    assert post().status_code == 422
