"""The security base's endpoints: divisions, tokens, who am I."""

import pytest
import time_machine
from django.test import Client

from security.accounts.models import ApiToken
from security.organs.load_services import load_regions
from tests.factories import (
    MAKER,
    PASSWORD,
    make_citizen,
    make_firm,
    make_firm_agent,
    make_official,
    make_region,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/tokens/"
JSON = "application/json"


def issue(client, **more):
    given = {"username": "alice", "password": PASSWORD, "label": "script", **more}
    return client.post(TOKENS, given, content_type=JSON)


def with_token(token):
    return Client(headers={"authorization": f"Token {token}", "accept-language": "en"})


def test_divisions_are_public_and_filtered(client, django_assert_max_num_queries):
    load_regions(actor=MAKER)
    with django_assert_max_num_queries(3):
        answer = client.get("/api/v1/regions/", {"parent": "330100", "page_size": 50}).json()
    assert answer["count"] == 13 and answer["results"][0]["parent"] == "330100"
    then = client.get(
        "/api/v1/regions/", {"parent": "330100", "on": "2020-02-09", "q": "下城"}
    ).json()
    assert [row["code"] for row in then["results"]] == ["330103"]
    assert client.get("/api/v1/regions/", {"level": 4}).json()["count"] == 1387
    assert client.get("/api/v1/regions/", {"q": "xihu"}).json()["count"] == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("level=9", "level"),
        ("level=x", "level"),
        ("on=2020-02-30", "on"),
        ("parent=" + "1" * 40, "parent"),
    ],
)
def test_wrong_filters_are_named(client, query, field):
    answer = client.get(f"/api/v1/regions/?{query}")
    assert answer.status_code == 400 and field in answer.json()["errors"]


def test_a_token_works_until_it_is_revoked(client):
    make_citizen("alice", phone="13900000001")
    made = issue(client)
    assert made.status_code == 201
    token = made.json()["token"]
    assert token not in str(ApiToken.objects.values())
    me = with_token(token).get("/api/v1/me/").json()
    assert (
        me["username"] == "alice" and me["mobile"] == "139****0001" and "**" in me["citizen_number"]
    )
    listed = with_token(token).get(TOKENS).json()
    assert listed[0]["label"] == "script" and "token" not in listed[0]
    assert with_token(token).delete(f"{TOKENS}{listed[0]['id']}/").status_code == 204
    assert with_token(token).get("/api/v1/me/").status_code == 401


def test_a_token_ends_by_itself_and_with_the_account(client):
    alice = make_citizen("alice")
    with time_machine.travel("2026-01-01 10:00+08:00") as clock:
        token = issue(client, days=1).json()["token"]
        assert with_token(token).get("/api/v1/me/").status_code == 200
        clock.shift(24 * 3600 + 1)
        assert with_token(token).get("/api/v1/me/").status_code == 401
    token = issue(client).json()["token"]
    alice.is_active = False
    alice.save(update_fields=["is_active"])
    assert with_token(token).get("/api/v1/me/").status_code == 401


def test_a_token_cannot_make_another(client):
    make_citizen("alice")
    token = issue(client).json()["token"]
    assert with_token(token).post(TOKENS, {"label": "x"}, content_type=JSON).status_code == 403


def test_staff_get_tokens_only_from_a_session_with_their_second_factor(client):
    bob = make_official("bob")
    refused = issue(client, username="bob")
    assert refused.status_code == 403 and "second factor" in refused.json()["title"]
    assert ApiToken.objects.count() == 0
    sign_in(client, bob)
    made = client.post(TOKENS, {"label": "desk"}, content_type=JSON)
    assert made.status_code == 201
    assert (
        with_token(made.json()["token"]).get("/api/v1/me/").json()["posts"][0]["region"] == "330106"
    )


def test_a_citizen_with_a_second_factor_needs_it_too(client):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(make_citizen("alice"), "JBSWY3DPEHPK3PXP")
    assert issue(client).status_code == 403


def test_guessing_passwords_at_the_api_is_counted_as_well(client):
    make_citizen("alice")
    answers = [issue(client, password="wrong-guess-1").status_code for _ in range(7)]
    assert answers[0] == 401 and answers[-1] == 429
    assert issue(client).status_code == 429


def test_a_stranger_cannot_revoke(client):
    make_citizen("alice"), make_citizen("bob")
    token = issue(client).json()["id"]
    sign_in(client, make_citizen("carol"))
    assert client.delete(f"{TOKENS}{token}/").status_code == 404


def test_a_program_names_the_firm_it_acts_for(client):
    alice = make_firm_agent("alice", one := make_firm(), make_firm())
    token = issue(client).json()["token"]
    named = with_token(token).get("/api/v1/me/", headers={"acting-firm": str(one.pk)}).json()
    assert named["acting_for"]["id"] == str(one.pk) and len(named["firms"]) == 2
    assert with_token(token).get("/api/v1/me/").json()["acting_for"] is None
    foreign = with_token(token).get("/api/v1/me/", headers={"acting-firm": str(make_firm().pk)})
    assert foreign.status_code == 403
    assert alice


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token gov_nothing", "Token \xff"])
def test_broken_tokens_are_refused(client, header):
    assert client.get("/api/v1/me/", headers={"authorization": header}).status_code == 401


def test_nobody_is_nobody(client):
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get(TOKENS).status_code in {401, 403}
    assert issue(client, username="", password="").status_code in {400, 401}


def test_staff_without_second_factor_get_nothing_by_session(client):
    sign_in(client, make_staff("eve", kind="official", second_factor=False), second_factor=False)
    assert client.post(TOKENS, {"label": "x"}, content_type=JSON).status_code == 403
    assert make_region()
