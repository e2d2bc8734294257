"""/api/v1/life/: by the same doors as the portal."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from service_hub.bundles.models import BundleCase
from service_hub.cases.models import Case
from tests.service_hub.makers import do, make_office

from .makers import COVER, answers, begun, fill, open_birth, sent

pytestmark = pytest.mark.django_db
PLACE, SENT = "/api/v1/life/birth/newborn/", "/api/v1/life/sent/"


@pytest.fixture
def birth(db):
    return open_birth()


def client_of(user) -> APIClient:
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.force_authenticate(user)
    return client


def body(user, **changes) -> dict:
    known = {"name": "林小燕", "citizen_number": user.identity.citizen_number}
    return {"items": [COVER], "values": known | answers(user) | changes}


def test_everybody_reads_what_there_is_and_what_a_choice_asks(birth):
    anonymous = APIClient()
    assert [one["key"] for one in anonymous.get("/api/v1/life/").json()["results"]] == ["newborn"]
    assert anonymous.get("/api/v1/life/", {"end": "enterprise"}).json()["count"] == 0
    alone = anonymous.get(PLACE).json()
    assert [one["item"] for one in alone["items"] if one["chosen"]] == ["household/newborn"]
    both = anonymous.get(PLACE, {"item": COVER}).json()
    assert (both["asked"], both["separately"]) == (13, 23)
    assert both["parts"][COVER]["book"] == "book_photo"
    assert both == anonymous.get(PLACE, {"insured": "no"}).json()
    assert set(both["schema"]["required"]) >= {"child_name", "pay"}
    assert anonymous.get("/api/v1/life/birth/nothing/").status_code == 404


def test_filing_gives_the_parent_once_for_one_key(birth, alice):
    client, what = client_of(alice), body(alice)
    first = client.post(PLACE, what, format="json", HTTP_IDEMPOTENCY_KEY="k")
    again = client.post(PLACE, what, format="json", HTTP_IDEMPOTENCY_KEY="k")
    assert first.status_code == 201 and again.json() == first.json()
    assert Case.objects.count() == 2
    made = first.json()
    assert (made["state"], made["due_at"], made["light"]) == ("running", None, "")
    assert {one["item"] for one in made["cases"]} == {"newborn", "newborn_cover"}
    shown = client.get(f"{SENT}{made['id']}/").json()
    assert shown["number"] == made["number"] == BundleCase.objects.get().number


def test_a_draft_of_the_portal_is_sent_too(birth, alice, bob):
    draft = fill(alice, begun(alice, birth))
    what = {"draft": str(draft.pk)}
    assert client_of(bob).post(PLACE, what, format="json").status_code == 404
    assert client_of(alice).post(PLACE, what, format="json").status_code == 201


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"values": [1]},
        {"items": "x", "values": {}},
        {"items": ["household/nothing"], "values": {}},
        {"values": {}, "draft": "x"},
        {"values": {"surprise": 1}},
        {"values": {"area": {"a": []}, "name": ["\x00"], "book_photo": [{"a": 1}, 7]}},
    ],
)
def test_hostile_bodies_get_a_clear_no_and_nothing_is_filed(birth, alice, what):
    answer = client_of(alice).post(PLACE, what, format="json")
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"].startswith("application/problem+json")
    assert not BundleCase.objects.exists()


def test_everything_wrong_in_any_part_is_said_at_once(birth, alice):
    answer = client_of(alice).post(PLACE, body(alice, birth_paper="V1", pay=""), format="json")
    assert answer.status_code == 422
    assert {"birth_paper", "pay"} <= set(answer.json()["errors"])
    assert not Case.objects.exists()


def test_only_whoever_sent_it_sees_it(birth, alice, bob):
    parent = sent(alice, birth)
    stranger = client_of(bob)
    assert stranger.get(SENT).json()["count"] == 0
    assert stranger.get(f"{SENT}{parent.pk}/").status_code == 404
    assert stranger.post(f"{SENT}{parent.pk}/withdraw/", {}, format="json").status_code == 404
    assert APIClient().get(SENT).status_code == 401
    assert APIClient().post(PLACE, body(alice), format="json").status_code == 403
    gone = client_of(alice).post(f"{SENT}{parent.pk}/withdraw/", {}, format="json").json()
    assert gone["state"] == "withdrawn"


def test_the_day_and_light_are_those_of_the_last_and_the_worst(birth, alice):
    make_office("police"), make_office("medical_insurance")
    parent = sent(alice, birth)
    client = client_of(alice)
    for case in parent.cases.select_related("item"):
        do(case)
        Case.objects.filter(pk=case.pk).update(state="reviewing", closed_at=None, decided_at=None)
    first, second = parent.cases.all()
    Case.objects.filter(pk=first.pk).update(
        promise_due_at="2026-01-05T09:00Z", promise_warn_at="2026-01-04T09:00Z"
    )
    Case.objects.filter(pk=second.pk).update(promise_due_at="2099-01-05T09:00Z")
    shown = client.get(f"{SENT}{parent.pk}/").json()
    assert shown["due_at"].startswith("2099-01-05")
    assert (shown["light"], shown["light_words"]) == ("red", "1 part is late")
    assert {one["light"] for one in shown["cases"]} == {"red", "green"}


def test_the_list_costs_the_same_for_one_and_for_three(birth, alice):
    client = client_of(alice)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(SENT)
        return len(caught)

    sent(alice, birth)
    once = cost()
    sent(alice, birth), sent(alice, birth)
    assert client.get(SENT).json()["count"] == 3 and cost() == once


def test_the_description_names_them(birth):
    paths = APIClient().get("/api/v1/schema/", HTTP_ACCEPT="application/json").json()["paths"]
    assert "post" in paths["/api/v1/life/{napp}/{key}/"]
