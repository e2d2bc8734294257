"""The place for which services and offices are shown."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from security.actors import Actor
from security.organs.services import create_region
from service_hub.portal.place import COOKIE, place_of_reader
from tests.factories import MAKER, make_department, make_firm, make_firm_agent, make_region
from tests.service_hub.makers import item_of

pytestmark = pytest.mark.django_db


def request_of(user=None, firm=None, **cookies):
    request = RequestFactory().get("/enterprise/" if firm else "/")
    request.resolver_match = resolve(request.path)
    request.user = user or AnonymousUser()
    request.actor = Actor.of(request.user, firm=firm)
    request.COOKIES.update(cookies)
    return request


def test_what_was_chosen_wins_and_is_kept(client):
    region = make_region()
    page = client.get("/place/", {"next": "/services/"})
    assert region.name_en in page.content.decode()
    answer = client.post("/place/", {"place": region.code, "next": "/services/"})
    assert answer.url == "/services/"
    assert client.cookies[COOKIE].value == region.code
    client.post("/place/", {"place": ""})
    assert client.cookies[COOKIE].value == ""


def test_an_unknown_place_is_refused_at_the_question(client):
    page = client.post("/place/", {"place": "999999"})
    assert page.status_code == 200
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_the_way_back_stays_on_this_site(client, there):
    assert client.post("/place/", {"place": "", "next": there}).url == "/"


@pytest.mark.parametrize("code", ["", "x", "999999", "33010", "330106001", "³³0106"])
def test_a_strange_cookie_is_no_place(code):
    make_region()
    assert place_of_reader(request_of(**{COOKIE: code})) is None


def test_the_home_of_a_person_and_the_seat_of_a_firm():
    make_region("330106")
    region = make_region("330302")
    firm = make_firm(region=region)
    citizen = make_firm_agent("", firm)
    assert place_of_reader(request_of(citizen, firm)) == region
    home = create_region(
        actor=MAKER, code=citizen.identity.citizen_number[:6], name="临平区",
        name_en="Linping District", level=3, parent=make_region("330100"),
        valid_from=date(2021, 4, 9),
    )  # fmt: skip
    assert place_of_reader(request_of(citizen)) == home


class TestFindingAtAPlace:
    def test_a_hit_says_who_handles_it_there_or_that_nobody_does(self, client):
        make_department("medical_insurance", "330106", name="西湖医保局", name_en="Xihu Insurance")
        make_region("330302")
        item_of("medical_insurance", "elsewhere")
        client.cookies[COOKIE] = "330106"
        assert "Xihu Insurance" in client.get("/search/", {"q": "treatment"}).content.decode()
        client.cookies[COOKIE] = "330302"
        page = client.get("/search/", {"q": "treatment"}).content.decode()
        assert "No office in Lucheng District handles this." in page

    def test_what_was_read_last_is_offered_again_until_it_is_forgotten(self, client):
        make_department("medical_insurance")
        item_of("medical_insurance", "elsewhere")
        assert "Looked at last" not in client.get("/").content.decode()
        client.get("/services/medical_insurance/elsewhere/")
        assert "Looked at last" in client.get("/").content.decode()
        client.post("/recent/forget/")
        assert "Looked at last" not in client.get("/").content.decode()

    @pytest.mark.parametrize("kept", ["", "x.y", "1." * 99, "²", "9999999999999"])
    def test_a_strange_cookie_of_what_was_read_does_no_harm(self, client, kept):
        client.cookies["gov_recent"] = kept
        assert client.get("/").status_code == 200

    def test_suggestions_lead_to_the_guide(self, client):
        make_department("medical_insurance")
        item_of("medical_insurance", "elsewhere")
        (hit,) = client.get("/search/suggest/", {"q": "treatm"}).json()["hits"] or [{}]
        assert hit.get("url") == "/services/medical_insurance/elsewhere/"
        assert client.get("/search/suggest/", {"q": " \x00"}).json() == {"hits": []}

    def test_a_slip_is_said_and_nothing_found_offers_what_others_look_for(self, client):
        make_department("medical_insurance")
        item_of("medical_insurance", "elsewhere")
        assert "insurance" in client.get("/search/", {"q": "insurence"}).content.decode()
        page = client.get("/search/", {"q": "zzzzqqqq"}).content.decode()
        assert "What others look for" in page
