"""What an applicant sent, with its corrections, also after a newer version of the form."""

import copy

import pytest

from platform_core.napps import services as napps
from service_hub.cases import services as cases
from tests.factories import MAKER, actor_of, sign_in
from tests.service_hub.makers import do, file_rent, make_office, manifest_of, open_tasks
from tests.service_hub.portal.test_views import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office("housing_fund")


@pytest.fixture
def case(office, alice):
    return do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])


def test_old_and_new_stand_side_by_side_for_applicant_and_clerk(
    portal, alice, bob, case, office, client
):
    cases.answer_correction(
        actor=actor_of(alice), case=case, values={"address": "3 幢 1204 室 <b>"}
    )
    page = text_of(portal(alice).get(f"/cases/{case.pk}/answers/"))
    assert "Corrected once" in page and "地址不全" in page
    assert "文一西路 969 号" in page and "3 幢 1204 室 &lt;b&gt;" in page
    assert "6222021202000006217" not in page
    sign_in(client, office["clerk"])
    task = text_of(client.get(f"/office/tasks/{open_tasks(case)[0].pk}/"))
    assert "Corrected once" in task and "文一西路 969 号" in task
    assert portal(bob).get(f"/cases/{case.pk}/answers/").status_code == 404


def test_a_running_case_keeps_its_form_when_a_newer_version_has_lost_the_question(
    portal, alice, case
):
    later = copy.deepcopy(manifest_of("housing_fund")) | {"version": "9.0.0"}
    (form,) = [one for one in later["forms"] if any(
        field["key"] == "address" for page in one["pages"] for field in page["fields"]
    )]  # fmt: skip
    for page in form["pages"]:
        page["fields"] = [one for one in page["fields"] if one["key"] != "address"]
    form["retired"] = ["address"]
    for block in [block for document in later["documents"] for block in document["blocks"]]:
        if "address" in block.get("fields", ()):
            block["fields"].remove("address")
    version = napps.register_napp(actor=MAKER, manifest=later)
    napps.switch_version(actor=MAKER, napp=version.napp, version=version)
    client = portal(alice)
    page = client.post(f"/cases/{case.pk}/correct/", follow=True)
    address = page.redirect_chain[-1][0]
    assert 'name="address"' in text_of(page)
    check = client.post(address, {"address": "新地址 1 号", "_shown": "address"})
    client.post(check.url)
    assert "新地址 1 号" in text_of(client.get(f"/cases/{case.pk}/answers/"))
    assert client.get(f"/cases/{case.pk}/receipt/").status_code == 200
    begun = client.post("/services/housing_fund/rent/start/", follow=True)
    assert 'name="address"' not in text_of(begun)
