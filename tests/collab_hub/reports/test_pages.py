"""The pages of reports: constant queries, errors at their fields, who may open what."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collab_hub.reports import services
from collab_hub.reports.dictionary_models import ReportFieldVersion
from collab_hub.reports.models import ReportCampaign
from platform_core.common.spreadsheets import read_sheet, write_xlsx
from tests.factories import actor_of, make_admin, make_citizen, sign_in

from .makers import World


@pytest.fixture
def world(db):
    found = World()
    for code in ("beds", "staff", "taken"):
        found.field(code)
    return found


def cost(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def html(response) -> str:
    return response.content.decode()


def test_lists_cost_the_same_for_one_and_for_three(client, world):
    template = world.template("one", ["beds"])
    first = world.start(template, region=world.organs[0].region)
    sign_in(client, world.clerk)
    paths = [reverse(name) for name in ("reports", "report_fields", "report_templates")]
    for path in paths:
        cost(client, path)
    one = [cost(client, path) for path in [*paths, reverse("report_campaign", args=[first.pk])]]
    for n in range(2):
        world.field(f"more{n}")
        world.start(world.template(f"more{n}", ["beds", "staff", "taken"]))
    whole = world.start(template)
    three = [cost(client, path) for path in [*paths, reverse("report_campaign", args=[whole.pk])]]
    assert one == three


def test_filling_in_asks_only_what_is_missing_keeps_what_was_typed_and_names_errors(client, world):
    old = world.filling(world.start(world.template("one", ["beds"])))
    services.submit_filling(
        actor=actor_of(world.people[0]), filling=old, given={"beds": "12"}, version=1
    )
    filling = world.filling(world.start(world.template("two", ["beds", "staff", "taken"])))
    sign_in(client, world.people[0])
    path = reverse("report_fill", args=[filling.pk])
    page = html(client.get(path))
    assert 'name="beds"' not in page and "in report B" in page and 'name="staff"' in page
    wrong = client.post(path, {"version": 1, "submit": 1, "staff": "many", "taken": "3"})
    assert wrong.status_code == 422
    assert "This is not a number." in html(wrong) and 'value="many"' in html(wrong)
    client.post(path, {"version": 1, "save": 1, "staff": "4\0"})
    assert 'value="4"' in html(client.get(path))
    stale = client.post(path, {"version": 1, "submit": 1, "staff": "5", "taken": "3"})
    assert stale.status_code == 409 and 'value="5"' in html(stale)
    assert "Filler0 has kept: 4." in html(stale) or "filler0 has kept: 4." in html(stale)
    done = client.post(path, {"version": 2, "submit": 1, "staff": "5", "taken": "3"}, follow=True)
    assert "Submitted. Every department" in html(done)
    value = reverse("report_value", args=[filling.pk, "staff"])
    refused = client.post(value, {"value": "6", "reason": "", "turn": 1})
    assert refused.status_code == 422 and 'value="6"' in html(refused)
    assert "Typed wrongly" in html(
        client.post(value, {"value": "6", "reason": "Typed wrongly", "turn": 1}, follow=True)
    )
    assert client.get(reverse("report_value", args=[filling.pk, "nothing"])).status_code == 404


def test_a_field_is_proposed_and_published_on_pages(client, world):
    sign_in(client, world.clerk)
    data = {
        "code": "area", "owner": world.city.pk, "title_zh": "面积", "title_en": "Area",
        "meaning_zh": "面积", "meaning_en": "Area", "kind": "text", "aggregation": "sum",
        "validity_days": 365, "source": "manual",
    }  # fmt: skip
    path = reverse("report_field_new")
    wrong = client.post(path, data)
    assert wrong.status_code == 422 and "Only numbers and money" in html(wrong)
    assert client.post(path, data | {"kind": "number"}).status_code == 302
    sign_in(client, world.head)
    field = reverse("report_field", args=["area"])
    page = html(client.get(field))
    first = ReportFieldVersion.objects.get(field__code="area")
    assert "<h2>In force</h2>" not in page and f'value="{first.pk}"' in page
    sent = {"version": first.pk, "note": ""}
    assert client.post(field, sent | {"refuse": 1}).status_code == 422
    other = client.post(field, {"publish": 1, "version": "another"}, follow=True)
    first.refresh_from_db()
    assert first.state == "asked" and "Read the version that waits now" in html(other)
    assert client.post(field, sent | {"publish": 1, "note": "\0"}).status_code == 302
    assert ReportFieldVersion.objects.get(field__code="area").state == "approved"
    sign_in(client, world.clerk)
    again = client.post(field, data | {"propose": 1, "kind": "number", "unit": "ha"})
    assert again.status_code == 302
    assert "Values reported so far are other facts" in html(client.get(field))


def test_a_collection_begins_is_joined_and_read_as_a_spreadsheet(client, world):
    world.template("one", ["beds"])
    sign_in(client, world.clerk)
    path = reverse("report_start", args=["one"])
    data = {"owner": world.city.pk, "region": "330100", "organs": '["health", 3]',
            "period": "2026-11", "due_on": "2099-01-01"}  # fmt: skip
    assert client.post(path, data | {"period": "soon"}).status_code == 422
    assert client.post(path, data | {"due_on": "2020-01-01"}).status_code == 422
    assert client.post(path, data).status_code == 302
    campaign = ReportCampaign.objects.get()
    same = client.post(path, data)
    assert same.status_code == 422 and campaign.number in html(same)
    data = client.get(reverse("report_figures", args=[campaign.pk])).content
    sheet = read_sheet(io.BytesIO(data), "a.xlsx")
    assert len(sheet.rows) == 4 and world.organs[0].name in list(sheet.rows[0].cells.values())[-1]
    upload = reverse("report_sheet", args=[campaign.pk])
    assert client.post(upload).status_code == 422
    rows = write_xlsx("x", ["Code of the organ", "[beds]"], [[world.organs[0].code, "x"]])
    file = io.BytesIO(rows)
    file.name = "a.xlsx"
    answer = client.post(upload, {"file": file})
    assert answer.status_code == 422 and "B2" in html(answer)


def test_strangers_find_nothing(client, world):
    campaign = world.start(world.template("one", ["beds"]))
    filling = world.filling(campaign)
    paths = [reverse("report_campaign", args=[campaign.pk]), reverse("reports"),
             reverse("report_fill", args=[filling.pk])]  # fmt: skip
    for person in (make_citizen(), make_admin()):
        sign_in(client, person)
        assert {client.get(path).status_code for path in paths} == {404}
    sign_in(client, world.people[1])
    assert client.get(paths[2]).status_code == 404
    assert client.get(paths[0]).status_code == 200
    client.post(paths[0], {"act": "join", "department": "0"})
    assert campaign.receipts.count() == 1
    assert client.get(paths[0], {"region": "\0"}).status_code == 200
    assert client.post(paths[0], {"act": "close"}, follow=True).status_code == 200
    campaign.refresh_from_db()
    assert campaign.state == "running"
