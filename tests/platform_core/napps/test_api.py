import json

import pytest
from rest_framework.test import APIClient

from platform_core.napps import selectors, services
from tests.factories import make_admin, make_citizen, make_official, sign_in

pytestmark = pytest.mark.django_db
ALL = "/api/v1/napps/"


@pytest.fixture
def api():
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.cookies["gov_language"] = "en"
    return client


@pytest.fixture
def root(api):
    sign_in(api, make_admin())
    return api


@pytest.fixture
def napp(olga, manifest):
    return services.register_napp(actor=olga, manifest=manifest()).napp


def test_everybody_reads_what_is_open_and_nothing_else(api, napp, olga):
    assert api.get(ALL).json()["results"] == []
    assert api.get(f"{ALL}lost_property/").status_code == 404
    services.open_napp(actor=olga, napp=napp)
    (one,) = api.get(ALL).json()["results"]
    assert (one["slug"], one["version"], one["title"]["zh"]) == (
        "lost_property",
        "1.0.0",
        "失物招领",
    )
    assert api.get(f"{ALL}lost_property/").json() == one
    assert api.get(ALL, {"end": "enterprise"}).json()["results"] == []
    services.disable_napp(actor=olga, napp=napp)
    assert api.get(f"{ALL}lost_property/").status_code == 404


def test_the_schema_of_manifests_is_public(api):
    schema = api.get(f"{ALL}schema/").json()
    assert "chains" in schema["properties"]


def test_an_administrator_registers_and_moves(root, manifest, olga):
    answer = root.post(ALL, manifest(), format="json")
    assert (answer.status_code, answer.json()["state"]) == (201, "draft")
    assert root.post(f"{ALL}lost_property/open/").status_code == 403  # a second person approves
    services.open_napp(actor=olga, napp=selectors.napp_by_slug("lost_property"))
    for move, state in (("close", "closed"), ("open", "open"), ("disable", "disabled")):
        assert root.post(f"{ALL}lost_property/{move}/").json()["state"] == state
    again = root.post(f"{ALL}lost_property/close/")
    assert again.status_code == 409
    assert again.json()["state"] == "disabled"


def test_mistakes_have_paths(root, manifest):
    answer = root.post(ALL, manifest(colour="red", chains=[{"key": "a"}]), format="json")
    assert answer.status_code == 422
    assert answer.json()["errors"] == {
        "colour": ["This section is not known. Known: chains."],
        "chains[0].links": ["This is missing."],
    }


@pytest.mark.parametrize("body", ["[1]", "3", '"x"', "null", "[" * 10**5, '{"slug": 3}'])
def test_unusable_bodies_are_answered_in_words(root, body):
    answer = root.post(ALL, body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["title"]


def test_a_repeated_registration_has_one_effect(root, manifest):
    headers = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first = root.post(ALL, manifest(), format="json", **headers)
    second = root.post(ALL, manifest(), format="json", **headers)
    assert first.json() == second.json()
    assert second["Idempotent-Replay"] == "true"


def test_versions_are_listed_read_and_switched(root, manifest, napp, olga):
    services.open_napp(actor=olga, napp=napp)
    newer = manifest(version="1.1.0", icon="bell")
    assert root.post(ALL, newer, format="json").json()["is_current"] is False
    versions = [one["version"] for one in root.get(f"{ALL}lost_property/versions/").json()]
    assert versions == ["1.1.0", "1.0.0"]
    assert root.get(f"{ALL}lost_property/versions/1.1.0/").json() == newer
    assert root.get(f"{ALL}lost_property/versions/9.9.9/").status_code == 404
    switched = root.post(f"{ALL}lost_property/switch/", {"version": "1.1.0"}, format="json")
    assert (switched.status_code, switched.json()["state"]) == (202, "waiting")
    assert selectors.napp_by_slug("lost_property").icon == "search"
    wrong = root.post(f"{ALL}lost_property/switch/", {"version": "9.9.9"}, format="json")
    assert wrong.json()["errors"] == {"version": ["There is no such version."]}


@pytest.mark.parametrize("who", ["anonymous", "citizen", "official"])
def test_nobody_else_manages(api, napp, who, manifest, olga):
    services.open_napp(actor=olga, napp=napp)
    if who == "citizen":
        sign_in(api, make_citizen("alice"))
    elif who == "official":
        sign_in(api, make_official("bob", kind="police", duties=["clerk"]))
    refused = {401, 403, 404}
    assert api.post(ALL, manifest(version="2.0.0"), format="json").status_code in refused
    for path in ("open/", "close/", "disable/", "switch/"):
        assert api.post(f"{ALL}lost_property/{path}", {}, format="json").status_code in refused
    for path in ("versions/", "versions/1.0.0/"):
        assert api.get(f"{ALL}lost_property/{path}").status_code in refused
    assert selectors.napp_by_slug("lost_property").state == "open"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(
    api, olga, manifest, count, django_assert_num_queries
):
    for number in range(count):
        made = services.register_napp(actor=olga, manifest=manifest(slug=f"napp_{number}"))
        services.open_napp(actor=olga, napp=made.napp)
    with django_assert_num_queries(2):
        assert len(api.get(ALL).json()["results"]) == count


def test_large_bodies_are_refused(root):
    body = json.dumps({"slug": "a" * 1_200_000})
    assert root.post(ALL, body, content_type="application/json").status_code == 422
