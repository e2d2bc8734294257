"""/api/v1/: items, intake, cases, ratings, by the same doors as the portal."""

import pytest
from rest_framework.test import APIClient

from service_hub.cases.models import Case
from tests.factories import make_department
from tests.service_hub.makers import (
    clue_values,
    do,
    elsewhere_values,
    file_elsewhere,
    file_rent,
    item_of,
    make_office,
    open_app,
)

pytestmark = pytest.mark.django_db
FILING = {"napp": "medical_insurance", "item": "elsewhere"}


@pytest.fixture
def api(alice):
    make_department("medical_insurance")
    item_of("medical_insurance", "elsewhere")
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(alice)
    return client


def test_items_are_public_and_searchable(api):
    anonymous = APIClient()
    listed = anonymous.get("/api/v1/items/", {"q": "异地就医"}).json()
    assert [one["key"] for one in listed["results"]] == ["elsewhere"]
    read = anonymous.get("/api/v1/items/medical_insurance/elsewhere/").json()
    assert read["form"]["key"] == "filing"
    assert anonymous.get("/api/v1/items/medical_insurance/nothing/").status_code == 404


def test_intake_gives_a_receipt_once_for_one_key(api, alice):
    body = FILING | {"values": elsewhere_values(alice)}
    first = api.post("/api/v1/intake/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = api.post("/api/v1/intake/", body, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert first.status_code == 201
    assert again.json() == first.json()
    assert Case.objects.count() == 1
    assert len(first.json()["number"]) == 43


def test_wrong_answers_are_named_by_path(api, alice):
    body = FILING | {"values": elsewhere_values(alice, mobile="12", kind="picnic", surprise=1)}
    answer = api.post("/api/v1/intake/", body, format="json")
    assert answer.status_code == 422
    assert {"mobile", "kind", "surprise"} <= set(answer.json()["errors"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"napp": "x", "item": "y"},
        FILING,
        FILING | {"values": [1]},
        FILING | {"values": {}, "draft": "x"},
        FILING | {"values": {"area": {"a": []}, "name": ["x"], "promise": "maybe"}},
        FILING | {"values": {"name": "\x00" * 10, "area": "\x00"}},
        {"napp": "\x00", "item": "\x00", "values": {}},
    ],
)
def test_hostile_bodies_get_a_clear_no(api, body):
    answer = api.post("/api/v1/intake/", body, format="json")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"].startswith("application/problem+json")


def test_without_an_account_only_what_allows_it(api, alice):
    anonymous = APIClient()
    refused = anonymous.post(
        "/api/v1/intake/", FILING | {"values": elsewhere_values(alice)}, format="json"
    )
    assert refused.status_code == 403
    make_department("emergency_desk")
    open_app("public_clues")
    body = {"napp": "public_clues", "item": "report", "values": clue_values()}
    receipt = anonymous.post("/api/v1/intake/", body, format="json").json()
    found = anonymous.post(
        "/api/v1/cases/track/",
        {"number": receipt["number"], "code": receipt["follow_code"]},
        format="json",
    )
    assert found.json()["state"] == "submitted"
    lost = anonymous.post(
        "/api/v1/cases/track/", {"number": receipt["number"], "code": "X"}, format="json"
    )
    assert lost.status_code == 404


def test_my_cases_are_mine(api, alice, bob):
    case = file_elsewhere(alice)
    assert [one["number"] for one in api.get("/api/v1/cases/").json()["results"]] == [case.number]
    stranger = APIClient()
    stranger.force_authenticate(bob)
    assert stranger.get(f"/api/v1/cases/{case.pk}/").status_code == 404
    assert stranger.post(f"/api/v1/cases/{case.pk}/withdraw/", {}, format="json").status_code == 404
    assert APIClient().get("/api/v1/cases/").status_code == 401


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_one_and_three(api, alice, count, django_assert_max_num_queries):
    for _ in range(count):
        file_elsewhere(alice)
    with django_assert_max_num_queries(2):
        assert api.get("/api/v1/cases/").json()["count"] == count


def test_withdraw_correct_and_rate(api, alice):
    make_office("housing_fund")
    case = do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])
    shown = api.get(f"/api/v1/cases/{case.pk}/").json()
    assert shown["correction"]["fields"] == ["address"]
    address = f"/api/v1/cases/{case.pk}/correct/"
    assert api.post(address, {"values": {"rent": "1"}}, format="json").status_code == 422
    assert (
        api.post(address, {"values": {"address": "3 幢"}}, format="json").json()["state"]
        == "submitted"
    )
    assert api.post(address, {"values": {"address": "4 幢"}}, format="json").status_code == 409
    do(case)
    rate = f"/api/v1/cases/{case.pk}/evaluations/"
    assert api.post(rate, {"service_no": 1, "grade": 0}, format="json").status_code == 400
    assert (
        api.post(
            rate, {"service_no": 1, "grade": 5, "options": ["fast"]}, format="json"
        ).status_code
        == 201
    )
    assert api.post(rate, {"service_no": 1, "grade": 5}, format="json").status_code == 409
    assert len(api.get(rate).json()) == 1
    withdrawn = api.post(f"/api/v1/cases/{case.pk}/withdraw/", {"reason": "x"}, format="json")
    assert withdrawn.json()["state"] == "withdrawn"
    assert api.post(f"/api/v1/cases/{case.pk}/withdraw/", {}, format="json").status_code == 409


def test_a_firm_that_is_not_mine(api):
    answer = api.get("/api/v1/cases/", {"firm": "0"})
    assert answer.status_code == 400
    assert "firm" in answer.json()["errors"]
