"""The history of one thing for programs."""

import pytest

from tests.collab_hub.calls import ok
from tests.collab_hub.supervision.makers import doer, signed
from tests.factories import make_auditor, make_citizen, make_official

pytestmark = pytest.mark.django_db


def at(item, kind: str = "supervision") -> str:
    return f"/api/v1/trace/{kind}/{item.pk}/"


def test_whoever_reads_a_thing_reads_its_history(api):
    item = signed()
    body = ok(api(doer()).get(at(item)))
    assert (body["number"], body["kind"]) == (item.number, "supervision")
    assert [one["verb"] for one in body["entries"]][-1].endswith("sign")
    assert all(one["at"] and one["what"] for one in body["entries"])
    assert ok(api(make_auditor()).get(at(item)))["entries"]


def test_nobody_else_reads_it(api):
    item = signed()
    stranger = api(make_official("mallory", kind="health", region="330302"))
    assert stranger.get(at(item)).status_code == 404
    assert api(doer()).get(at(item, "moon")).status_code == 404
    assert api(doer()).get("/api/v1/trace/supervision/none/").status_code == 404
    assert api(make_citizen("dave")).get(at(item)).status_code == 403
    assert api(None).get(at(item)).status_code == 401
