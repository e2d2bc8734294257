"""Language, type size and contrast are chosen by an address and kept by a cookie."""

import pytest
from django.test import RequestFactory

from platform_core.common.preferences import preferences

pytestmark = pytest.mark.django_db


def test_language_is_remembered_and_the_page_stays(client):
    response = client.get("/about/privacy/?lang=zh-hans&from=guide")
    assert response.status_code == 302
    assert response["Location"] == "/about/privacy/?from=guide"
    assert response.cookies["gov_language"].value == "zh-hans"
    page = client.get("/about/privacy/").content.decode()
    assert '<html lang="zh-CN"' in page


def test_the_header_offers_the_same_page_in_the_other_language(client):
    page = client.get("/about/privacy/?page=2", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in page
    assert "/about/privacy/?page=2&amp;lang=zh-hans" in page


@pytest.mark.parametrize(
    "parameter, value, cookie, css",
    [("type", "big", "gov_type", "big-type"), ("contrast", "more", "gov_contrast", "contrast")],
)
def test_reading_aids_are_a_class_of_the_page(client, parameter, value, cookie, css):
    client.get(f"/about/privacy/?{parameter}={value}")
    page = client.get("/about/privacy/").content.decode()
    assert css in page.split("<head>")[0]
    client.get(f"/about/privacy/?{parameter}=normal")
    assert client.cookies[cookie].value == "normal"
    assert css not in client.get("/about/privacy/").content.decode().split("<head>")[0]


def test_several_choices_in_one_address(client):
    response = client.get("/about/privacy/?lang=en&type=big&contrast=more")
    assert response["Location"] == "/about/privacy/"
    assert {"gov_language", "gov_type", "gov_contrast"} <= set(response.cookies)


@pytest.mark.parametrize("query", ["lang=fr", "type=huge", "contrast=", "lang=%00", "lang=../x"])
def test_unknown_values_are_left_to_the_page(client, query):
    assert client.get(f"/about/privacy/?{query}").status_code == 200


def test_sending_a_form_is_never_redirected(client):
    assert client.post("/about/privacy/?lang=en").status_code == 405


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example/", "/%5Cevil.example/"])
def test_the_way_back_never_leaves_the_site(client, path):
    response = client.get(f"{path}?lang=en", follow=False)
    location = response.get("Location", "/")
    assert location.startswith("/") and not location.startswith(("//", "/\\"))


def test_pages_differ_by_cookie_and_say_so_to_caches(client):
    assert "Cookie" in client.get("/about/privacy/")["Vary"]


def test_the_address_of_a_sent_form_does_not_leak_its_query():
    request = RequestFactory().post("/about/privacy/?secret=1")
    assert "secret" not in preferences(request)["other_language"]["url"]
