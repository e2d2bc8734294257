"""Nothing written is lost to an ended session, a stale page or a second press, on any page."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from platform_core.common.numbers import whole
from platform_core.common.resending import WHO
from service_hub.inquiries.models import Question
from service_hub.personal_data.models import DataRequest
from tests.factories import make_citizen, make_official, sign_in

pytestmark = pytest.mark.django_db
WHY = "我的住址写错了，应为文一西路 858 号。"
PAGE = "/me/requests/"


@pytest.fixture
def alice(db):
    return make_citizen("alice")


def end_session(client) -> None:
    """The session ends on the server; the browser does not know it yet."""
    Session.objects.all().delete()
    assert client.cookies[WHO].value


def sent_too_late(client, path: str, values: dict):
    """What the browser is answered that sends a page after its session has ended."""
    client.get("/")  # a page of the session, as the one that is being filled in
    end_session(client)
    answer = client.post(path, values)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
    return answer


def kept_fields(page) -> dict:
    return dict(page.context["sent"])


def test_what_was_sent_is_offered_after_signing_in_and_then_carried_out(client, alice):
    sign_in(client, alice)
    sent_too_late(client, PAGE, {"kind": "look", "text": WHY})
    assert not DataRequest.objects.exists()
    sign_in(client, alice)
    page = client.get(PAGE)
    assert page.templates[0].name == "resend.html" and WHY in page.content.decode()
    assert client.get(PAGE).context["texts"] == [WHY]  # still there when it is loaded again
    client.post(PAGE, kept_fields(page))
    assert str(DataRequest.objects.get().text) == WHY
    assert WHY in client.get(PAGE).content.decode()
    assert client.get(PAGE).templates[0].name != "resend.html"


def test_somebody_else_at_the_same_desk_does_not_get_it(client, alice):
    sign_in(client, alice)
    sent_too_late(client, PAGE, {"kind": "look", "text": WHY})
    sign_in(client, make_citizen("bob"))
    assert WHY not in client.get(PAGE).content.decode()
    client.logout()
    sign_in(client, alice)
    assert WHY not in client.get(PAGE).content.decode()


def test_it_can_be_left_alone(client, alice):
    sign_in(client, alice)
    sent_too_late(client, PAGE, {"kind": "deletion", "text": WHY})
    sign_in(client, alice)
    page = client.get(PAGE)
    client.post(PAGE, kept_fields(page) | {"_drop": "1"})
    assert not DataRequest.objects.exists()
    assert client.get(PAGE).templates[0].name != "resend.html"


def test_a_page_that_nobody_may_see_keeps_it_too(client, alice):
    """To nobody a question of somebody's does not exist: the answer is the sign-in page."""
    sign_in(client, alice)
    path = "/questions/8d0a4a76-0d2c-4ab4-8d47-3a1a2f1c1f11/"
    sent_too_late(client, path, {"again": WHY})
    sign_in(client, alice)
    assert client.get(path).context["texts"] == [WHY]
    client.cookies.clear()
    assert client.post(path, {"again": WHY}).status_code == 404


def test_an_open_page_is_not_carried_out_as_nobody(client, alice):
    sign_in(client, alice)
    path = reverse("ask")
    sent = {"text": WHY, "region": "330106"}
    sent_too_late(client, path, sent)
    assert not Question.objects.exists()
    # Who goes on without signing in, may.
    assert client.post(path, sent).status_code == 422


def test_who_signs_out_is_nobody_afterwards(client, alice):
    sign_in(client, alice)
    client.get("/")
    client.post(reverse("account_logout"))
    assert not client.cookies[WHO].value
    assert client.post(reverse("ask"), {"text": "?"}).status_code == 422


def test_an_idle_official_finds_it_again(client, settings):
    clerk = make_official("clerk", kind="health", duties=["clerk"])
    sign_in(client, clerk)
    client.get("/office/")
    settings.STAFF_IDLE_MINUTES = -1
    path = "/office/cases/8d0a4a76-0d2c-4ab4-8d47-3a1a2f1c1f11/extend/"
    answer = client.post(path, {"reason": WHY, "days": "3"})
    assert "next=%2Foffice%2Fcases%2F" in answer["Location"]
    settings.STAFF_IDLE_MINUTES = 30
    sign_in(client, clerk)
    assert client.get(path).context["texts"] == [WHY]  # an address that takes POST alone


def test_a_page_that_is_gone_gives_back_what_was_written(client, alice):
    sign_in(client, alice)
    page = client.post("/questions/8d0a4a76-0d2c-4ab4-8d47-3a1a2f1c1f11/", {"again": WHY})
    assert page.status_code == 404 and WHY in page.content.decode()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("²", None),
        ("٣", None),
        ("9" * 5000, None),
        ("-1", None),
        (None, None),
    ],
)
def test_only_plain_digits_are_a_number(text, number):
    assert whole(text) == number
