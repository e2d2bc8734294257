"""The office's pages of the catalogue: who may see them, as many queries at one row as at three."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from service_hub.catalogue import selectors, services, sheets
from service_hub.catalogue.models import Change, ImplementingItem, Upload
from tests.factories import make_citizen, make_official, sign_in

from .makers import keepers, make_organ_item, organ_elements

pytestmark = pytest.mark.django_db
REGIONS = ("330106", "330110", "330302")


@pytest.fixture
def office(client):
    sign_in(client, keepers()[0].user)
    return client


def queries_of(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def wait(item) -> Change:
    writer, _second = keepers()
    services.save_draft(actor=writer, item=item, elements=organ_elements(promise_day="1"))
    return services.propose(actor=writer, item=item, why="x")


def test_lists_take_as_many_queries_at_one_row_as_at_three(office):
    paths = ("/office/items/", "/office/items/?kind=basic", "/office/items/changes/")
    wait(make_organ_item(region=REGIONS[0]))
    at_one = [queries_of(office, path) for path in paths]
    for region in REGIONS[1:]:
        wait(make_organ_item(region=region))
    assert [queries_of(office, path) for path in paths] == at_one
    assert max(at_one) <= 12, at_one


def test_the_list_is_narrowed_and_forgives_what_it_does_not_know(office):
    item = make_organ_item()
    assert item.code in office.get("/office/items/?q=公积金").content.decode()
    for query in ("q=没有的", "type=05", "state=suspended", "state=new"):
        assert item.code not in office.get(f"/office/items/?{query}").content.decode()
    for query in ("type=xx", "state=x", "page=99", "q=%00", "kind=x"):
        assert office.get(f"/office/items/?{query}").status_code == 200


def test_strangers_find_nothing(client):
    item = make_organ_item()
    change = wait(item)
    path = f"/office/items/implementing/{item.code}/"
    pages = (path, f"{path}edit/", f"{path}versions/1/", f"/office/items/changes/{change.pk}/")
    sign_in(client, make_official(kind="health"))
    assert {client.get(page).status_code for page in pages} == {404}
    assert (
        client.post(f"/office/items/basic/{item.basic.code}/", {"act": "discard"}).status_code
        == 404
    )
    assert client.get(f"/office/items/basic/{item.basic.code}/").status_code == 200
    sign_in(client, make_citizen())
    assert client.get("/office/items/").status_code == 404


def test_suspend_and_resume_on_the_page(office):
    item = make_organ_item()
    path = f"/office/items/implementing/{item.code}/"
    answer = office.post(path, {"act": "suspend", "zh": "搬迁", "en": ""})
    assert answer.status_code == 422 and "搬迁" in answer.content.decode()
    office.post(path, {"act": "suspend", "zh": "搬迁", "en": "Moving"})
    item.refresh_from_db()
    assert item.notice == {"zh": "搬迁", "en": "Moving"}
    office.post(path, {"act": "resume"})
    item.refresh_from_db()
    assert item.notice is None
    assert office.post(path, {"act": "propose", "why": "x"}).status_code == 302
    assert not Change.objects.filter(state="open").exists()


def test_a_suspension_that_is_over_is_not_shown_any_more(office):
    item = make_organ_item()
    ImplementingItem.objects.filter(pk=item.pk).update(
        notice={"zh": "搬迁", "en": "Moving"}, suspended_until=date(2020, 1, 31)
    )
    listed = office.get("/office/items/?kind=implementing").content.decode()
    assert item.code in listed and '<span class="tag warn">Suspended' not in listed
    assert item.code not in office.get("/office/items/?state=suspended").content.decode()
    page = office.get(f"/office/items/implementing/{item.code}/").content.decode()
    assert "Moving" not in page and 'value="suspend"' in page


def test_a_list_that_no_file_can_hold_says_so_instead_of_leaving_items_out(office, monkeypatch):
    make_organ_item()
    monkeypatch.setattr(sheets, "MOST_ROWS", 0)
    answer = office.get("/office/items/export/implementing/csv/?state=", follow=True)
    assert answer.status_code == 200 and "export it in parts" in answer.content.decode()


def test_a_file_goes_out_and_comes_in_by_way_of_a_preview(office):
    item = make_organ_item()
    for ending in ("xlsx", "csv", "json"):
        answer = office.get(f"/office/items/export/implementing/{ending}/?q={item.code}")
        assert answer.status_code == 200 and answer.content
    assert office.get("/office/items/export/implementing/pdf/").status_code == 404
    content = answer.content.decode().replace('"promise_day": "2"', '"promise_day": "1"')
    file = SimpleUploadedFile("items.json", content.encode())
    sent = office.post("/office/items/import/", {"kind": "implementing", "file": file})
    page = sent.headers["Location"]
    shown = office.get(page).content.decode()
    assert item.code in shown and not Change.objects.filter(state="open").exists()
    assert office.post(page, {"act": "all", "why": ""}).status_code == 422
    done = office.post(page, {"act": "all", "why": "快一点"})
    assert done.status_code == 302 and selectors.open_version(item).elements["promise_day"] == "1"
    assert not Upload.objects.exists()


def test_a_wrong_file_is_told_on_the_page(office):
    file = SimpleUploadedFile("items.csv", b"catalog_code,surprise\nx,y")
    answer = office.post("/office/items/import/", {"kind": "basic", "file": file})
    assert answer.status_code == 422 and "surprise" in answer.content.decode()
    rows = b'[{"catalog_code": "332013000001", "task_name": "x"}]'
    file = SimpleUploadedFile("items.json", rows)
    page = office.post("/office/items/import/", {"kind": "basic", "file": file}).headers["Location"]
    assert office.get(page).status_code == 200
    assert office.post(page, {"act": "all", "why": "x"}).status_code == 422
    stranger = keepers()[1].user
    sign_in(office, stranger)
    assert office.get(page).status_code == 404
