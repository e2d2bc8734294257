"""Visits at a window and their ratings: one each, by a code, without an account."""

from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.capabilities.notifications.models import Message
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.actors import Actor
from service_hub.evaluations import services
from service_hub.evaluations.models import Evaluation, Visit
from service_hub.evaluations.options import BAD, CATEGORIES, VERSIONS, categories_of
from service_hub.evaluations.tokens import token_of, visit_of
from tests.factories import actor_of, sign_in
from tests.service_hub.makers import file_rent, make_office

pytestmark = pytest.mark.django_db
NOBODY = Actor.anonymous(ip="127.0.0.1", channel="qr")


@pytest.fixture
def office(db):
    return make_office("housing_fund")


@pytest.fixture
def visit(office):
    return services.record_visit(actor=actor_of(office["clerk"]), window="3 号窗口")


def page_of(visit) -> str:
    return f"/rate/{token_of(visit.pk)}/"


def test_visits_of_a_case_are_numbered_and_told_once(office, alice):
    case, at = file_rent(alice), timezone.now()
    acts = {"actor": actor_of(office["clerk"]), "case": case}
    first = services.record_visit(**acts, at=at)
    assert services.record_visit(**acts, at=at + timedelta(seconds=5)) == first
    second = services.record_visit(**acts, at=at + timedelta(hours=1))
    assert [first.service_no, second.service_no] == [3, 4]
    assert first.item == case.item
    told = Message.objects.filter(recipient=alice, template="visit.rate")
    assert {letter.link for letter in told} == {page_of(first), page_of(second)}


def test_who_holds_no_post_serves_nobody(alice):
    with pytest.raises(NotAllowed, match="post in an office"):
        services.record_visit(actor=actor_of(alice))
    assert not Visit.objects.exists()


def test_a_visit_is_rated_once_and_never_by_the_clerk(visit, office):
    with pytest.raises(NotAllowed, match="served this person yourself"):
        services.rate_visit(actor=actor_of(office["clerk"]), visit=visit, grade=5)
    rated = services.rate_visit(actor=NOBODY, visit=visit, grade=5, options=["knows"])
    assert (rated.officer, rated.department) == (office["clerk"], visit.department)
    assert (rated.channel, rated.service_channel, rated.is_real_name) == ("qr", "window", False)
    with pytest.raises(Conflict, match="rated already"):
        services.rate_visit(actor=NOBODY, visit=visit, grade=1)


def test_options_are_those_of_the_window(visit):
    with pytest.raises(Unusable) as refused:
        services.rate_visit(actor=NOBODY, visit=visit, grade=1, options=["hard"])
    assert list(refused.value.errors) == ["options"]


def test_a_number_to_call_back_is_sealed_and_makes_it_a_real_name(visit):
    with pytest.raises(Unusable) as refused:
        services.rate_visit(actor=NOBODY, visit=visit, grade=2, contact="12345")
    assert list(refused.value.errors) == ["contact"]
    services.rate_visit(actor=NOBODY, visit=visit, grade=2, contact="138 0000 2046")
    rated = Evaluation.objects.get()
    assert rated.is_real_name
    assert str(rated.contact) == "13800002046"


def test_the_code_names_one_visit_and_cannot_be_made_up(visit):
    token = token_of(visit.pk)
    assert visit_of(token) == visit.pk
    assert visit_of(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert visit_of(visit.pk.hex) is None


def test_the_page_without_an_account(visit, client):
    page = page_of(visit)
    assert b"checked" not in client.get(page).content
    assert client.get(page, {"score": "2"}).status_code == 200
    wrong = client.post(page, {"score": "2", "send": "1", "contact": "1", "text": "等了一小时"})
    assert wrong.status_code == 422
    assert "等了一小时" in wrong.content.decode()
    assert client.post(page, {"score": "2", "send": "1", "option": "queue"}).status_code == 302
    assert Evaluation.objects.get().options == ["queue"]
    assert client.post(page, {"score": "5", "send": "1"}).status_code == 302
    assert Evaluation.objects.get().grade == 2
    assert client.get(f"{page}qr.svg")["Content-Type"] == "image/svg+xml"
    assert client.get("/rate/made-up/").status_code == 404


def test_every_option_of_a_bad_grade_has_a_category():
    for options in VERSIONS.values():
        keys = [option.key for option in options]
        assert len(keys) == len(set(keys))
        assert all((one.category in CATEGORIES) == (one.band == BAD) for one in options)
    assert categories_of(["queue", "unkind"]) == ["time", "attitude"]
    assert categories_of([]) == ["other"]


def test_a_machine_rates_by_the_code_and_the_case_shows_what_is_open(office, alice, client):
    case = file_rent(alice)
    visit = services.record_visit(actor=actor_of(office["clerk"]), case=case, window="5 号")
    sign_in(client, alice)
    assert page_of(visit) in client.get(f"/cases/{case.pk}/").content.decode()
    client.logout()
    address = f"/api/v1/visits/{token_of(visit.pk)}/rating/"
    json = {"content_type": "application/json"}
    assert client.post(address, {"grade": 9}, **json).status_code == 400
    sent = client.post(address, {"grade": 5, "channel": "kiosk"}, **json)
    assert sent.status_code == 201
    assert client.get(f"/rate/mine/{sent.json()['receipt']}/").status_code == 200
    assert client.post(address, {"grade": 1}, **json).status_code == 409
    assert client.post("/api/v1/visits/x/rating/", {"grade": 1}, **json).status_code == 404
    assert Evaluation.objects.get().channel == "kiosk"
