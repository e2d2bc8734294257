"""Pages that belong to no platform."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from platform_core.common import views
from tests.factories import make_citizen

pytestmark = pytest.mark.django_db


def test_session_tells_a_long_form_whether_its_page_is_still_good(client, db):
    assert client.get("/session").json()["user"] == ""
    alice = make_citizen("alice")
    client.force_login(alice, backend="security.accounts.backends.AccountBackend")
    answer = client.get("/session")
    assert answer.json()["user"] == str(alice.pk)
    assert len(answer.json()["token"]) == 64
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("page", ["accessibility", "privacy", "counter"])
def test_standing_pages(client, page):
    assert client.get(f"/about/{page}/").status_code == 200


def test_only_known_standing_pages(client):
    assert client.get("/about/base/").status_code == 404


@pytest.mark.parametrize("path", ["/styles/", "/styles/office/"])
def test_the_style_guide_is_for_demonstrations(client, settings, path):
    assert client.get(path).status_code == 404
    settings.DEMO = True
    assert client.get(path).status_code == 200


def test_a_stale_form_is_answered_with_a_way_on():
    response = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post(
        "/accounts/login/", {"login": "x"}
    )
    assert response.status_code == 403
    assert "Please send it once more" in response.content.decode()


@pytest.mark.parametrize(
    "view, status",
    [
        (views.bad_request, 400),
        (views.permission_denied, 403),
        (views.page_not_found, 404),
        (views.server_error, 500),
    ],
)
def test_error_pages_have_one_heading_and_no_menu(view, status, rf: RequestFactory):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/x/")
    request.user = AnonymousUser()
    response = view(request)
    html = response.content.decode()
    assert response.status_code == status
    assert html.count("<h1") == 1
    assert "tabbar" not in html


def test_the_page_for_maintenance(rf):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/x/")
    request.user = AnonymousUser()
    assert "Closed for a moment" in render_to_string("503.html", request=request)
