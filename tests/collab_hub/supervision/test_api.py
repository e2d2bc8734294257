"""Supervised matters for programs: lists, one with its log, and its acts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collab_hub.supervision import services
from tests.factories import (
    actor_of,
    make_auditor,
    make_citizen,
    make_department,
    make_official,
)

from ..calls import ok, pages, post, queries, wrong
from .makers import doer, opened, proposed, reported, signed, supervisor

MATTERS = "/api/v1/supervision/"
pytestmark = pytest.mark.django_db


def act(client, item, act: str, version: int, key: str = "", **data):
    body = {"act": act, "version": version, "data": data}
    return post(client, f"{MATTERS}{item.pk}/acts/", body, key=key)


def test_the_lead_organ_signs_notes_progress_and_reports(api):
    item = opened()
    client = api(doer())
    (line,) = ok(client.get(MATTERS, {"box": "ours"}))["results"]
    assert line["number"] == item.number and line["light"]["level"] == "g"
    body = ok(client.get(f"{MATTERS}{item.pk}/"))
    assert body["acts"][0] == "sign" and body["version"] == len(body["log"]) == 2
    assert body["is_log_intact"] and body["log"][1]["who"] == "Zhou"
    body = ok(act(client, item, "sign", 2))
    body = ok(act(client, item, "progress", 3, note="18 of 30.", percent=60))
    assert "60 % done" in body["log"][-1]["note"]
    for _again in range(2):
        body = ok(act(client, item, "report", 4, key="k", note="All thirty."))
    assert body["matter"]["state"] == "reported" and body["version"] == 5
    done = ok(act(api(supervisor("sun")), item, "accept", 5, verdict="done", text="Seen."))
    assert done["matter"]["verdict"] == "done" and done["verdict_text"] == "Seen."
    assert "object" in ok(client.get(f"{MATTERS}{item.pk}/"))["acts"]


def test_who_has_not_seen_the_newest_line_is_told(api):
    item = signed()
    client = api(doer())
    services.note_progress(actor=actor_of(doer("wu")), item=item, note="Ten lifts.")
    late = act(client, item, "progress", 3, note="Ten lifts.")
    assert late.status_code == 409
    assert (late.json()["version"], late.json()["who"]) == (4, "Wu")
    assert item.lines.count() == 4
    # What the state does not allow any more is a conflict too, whatever was seen.
    assert act(client, item, "sign", 4).status_code == 409


def test_what_is_wrong_is_named_at_its_field(api):
    item = reported()
    client = api(supervisor("sun"))
    version = item.lines.count()
    for name, data, status, field in (
        ("accept", {"text": "x"}, 422, "verdict"),
        ("accept", {"verdict": "done"}, 422, "text"),
        ("redo", {"reason": "More.", "due_on": "2020-01-01"}, 422, "due_on"),
        ("redo", {"reason": "More.", "due_on": "soon"}, 422, "due_on"),
        ("explode", {}, 400, "act"),
        ("accept", {"text": ["x"]}, 400, "data"),
    ):
        assert field in wrong(act(client, item, name, version, **data), status), (name, data)
    missing = post(client, f"{MATTERS}{item.pk}/acts/", {"act": "accept"})
    assert "version" in wrong(missing, 400)


def test_an_act_is_for_whose_it_is(api):
    item = reported()
    version = item.lines.count()
    assert act(api(doer()), item, "accept", version, verdict="done", text="x").status_code == 403
    stranger = api(make_official("mallory", kind="health", region="330302"))
    assert ok(stranger.get(MATTERS))["results"] == []
    assert stranger.get(f"{MATTERS}{item.pk}/").status_code == 404
    assert act(stranger, item, "progress", version, note="x").status_code == 404
    # An auditor reads and does nothing.
    auditor = api(make_auditor())
    assert ok(auditor.get(f"{MATTERS}{item.pk}/"))["acts"] == []
    assert act(auditor, item, "accept", version, verdict="done", text="x").status_code == 403
    assert api(make_citizen("dave")).get(MATTERS).status_code == 403
    assert api(None).get(MATTERS).status_code == 401


def test_who_hands_it_back_has_done_so_though_they_read_it_no_more(api):
    item = opened()
    answer = act(api(doer()), item, "not_ours", 2, reason="Ask the market office.")
    assert answer.status_code == 204
    item.refresh_from_db()
    assert item.state == "proposed"


def test_what_opening_leaves_out_stays_as_it_was_proposed(api):
    health, market = make_department("health"), make_department("market")
    item = proposed(assisting=[health, market])
    client = api(supervisor("zhou"))
    body = ok(act(client, item, "open", 1, assisting_2=""))
    item.refresh_from_db()
    assert [one["code"] for one in body["assisting"]] == [health.code]
    assert (item.lead.kind, item.requirement) == ("housing", "Thirty lifts this year.")
    kept = proposed(assisting=[health, market])
    body = ok(act(client, kept, "open", 1, requirement="Forty lifts."))
    assert [one["code"] for one in body["assisting"]] == [health.code, market.code]
    assert kept.due_at == item.due_at and body["requirement"] == "Forty lifts."


def test_the_documentation_names_all_that_opening_asks(client):
    acts = client.get("/api/v1/schema/?format=json").json()["components"]["schemas"]["ActRequest"]
    asked = acts["properties"]["data"]["description"]
    assert all(name in asked for name in ("assisting_1", "assisting_3", "due_on", "lead"))


def test_pages_and_queries_stay_the_same(api):
    now = timezone.now()
    items = [opened(at=now)]
    client = api(supervisor("sun"))
    few = queries(client, MATTERS)
    items += [opened(at=now - timedelta(days=days)) for days in (1, 2)]
    assert queries(client, MATTERS) == few
    found = [one["id"] for page in pages(client, MATTERS) for one in page]
    # The soonest due first.
    assert found == [str(one.pk) for one in reversed(items)]
