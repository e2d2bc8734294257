"""Official documents for programs: what one may read, signing in, passing round."""

import pytest

from collab_hub.papers import receiving_services
from collab_hub.papers.models import Receipt
from tests.factories import actor_of, make_citizen, make_official

from ..calls import ok, pages, post, queries, wrong
from .makers import make_house, make_sent, receipt_at

PAPERS = "/api/v1/papers/"
RECEIVED = f"{PAPERS}received/"


@pytest.fixture
def house(db):
    return make_house()


def sign_in_at(client, receipt, version: int, **more):
    return post(client, f"{RECEIVED}{receipt.pk}/sign-in/", {"version": version}, **more)


def test_a_reader_gets_meta_and_text(api, house):
    paper = make_sent(house)
    client = api(house["nurse"])
    (line,) = ok(client.get(PAPERS, {"q": "回头看"}))["results"]
    assert line["number"] == paper.number and line["organ"]["code"] == house["organ"].code
    body = ok(client.get(f"{PAPERS}{paper.pk}/"))
    assert body["paragraphs"][0] == "各单位请按时完成。" and len(body["main_to"]) == 1
    assert body["signed_by"] == "Chief"
    assert ok(client.get(PAPERS, {"view": "out"}))["results"] == []


def test_an_organ_signs_in_once(api, house):
    receipt = receipt_at(make_sent(house), house["health"])
    client = api(house["nurse"])
    (line,) = ok(client.get(RECEIVED))["results"]
    assert (line["id"], line["state"]) == (str(receipt.pk), "waiting")
    assert ok(client.get(f"{RECEIVED}{receipt.pk}/"))["acts"] == ["sign_in"]
    assert wrong(post(client, f"{RECEIVED}{receipt.pk}/sign-in/"), 400) == {"version"}
    for _again in range(2):
        body = ok(sign_in_at(client, receipt, line["version"], key="k"))
    assert body["receipt"]["state"] == "registered" and body["receipt"]["number"]
    late = sign_in_at(client, receipt, line["version"])
    assert late.status_code == 409 and late.json()["version"] > line["version"]
    newest = sign_in_at(client, receipt, late.json()["version"])
    assert newest.status_code == 409 and Receipt.objects.get().number == body["receipt"]["number"]


def test_whoever_it_was_passed_to_gives_an_opinion(api, house):
    receipt = receipt_at(make_sent(house), house["health"])
    colleague = make_official("nina", department=house["health"], name="Nina")
    receiving_services.sign_in(actor=actor_of(house["nurse"]), receipt=receipt)
    receiving_services.circulate(
        actor=actor_of(house["nurse"]), receipt=receipt, people=[colleague]
    )
    address = f"{RECEIVED}{receipt.pk}/read/"
    assert post(api(house["nurse"]), address).status_code == 409
    client = api(colleague)
    assert ok(client.get(f"{RECEIVED}{receipt.pk}/"))["acts"] == ["read"]
    assert wrong(post(client, address, {"opinion": "x" * 2001}), 400) == {"opinion"}
    (passed,) = ok(post(client, address, {"opinion": "Agreed."}))["passed_to"]
    assert (passed["person"], passed["opinion"], passed["state"]) == ("Nina", "Agreed.", "done")
    assert passed["read_at"] and post(client, address).status_code == 409


def test_secret_ones_are_not_here(api, house):
    paper = make_sent(house, secrecy="secret", secret_for="1年")
    receipt = receipt_at(paper, house["health"])
    head = house["head"]
    client = api(head)
    assert client.get(f"/office/papers/{paper.pk}/").status_code == 200
    assert ok(client.get(PAPERS))["results"] == []
    assert client.get(f"{PAPERS}{paper.pk}/").status_code == 404
    house["nurse"].posts.update(is_head=True)
    client = api(house["nurse"])
    assert ok(client.get(RECEIVED))["results"] == []
    assert client.get(f"{RECEIVED}{receipt.pk}/").status_code == 404
    assert sign_in_at(client, receipt, receipt.version).status_code == 404


def test_nobody_else_sees_anything(api, house):
    paper = make_sent(house)
    receipt = receipt_at(paper, house["health"])
    client = api(house["builder"])
    assert ok(client.get(PAPERS))["results"] == ok(client.get(RECEIVED))["results"] == []
    assert client.get(f"{PAPERS}{paper.pk}/").status_code == 404
    assert client.get(f"{RECEIVED}{receipt.pk}/").status_code == 404
    assert sign_in_at(client, receipt, 1).status_code == 404
    # Who wrote it reads it and does not sign in for others.
    assert sign_in_at(api(house["clerk"]), receipt, receipt.version).status_code in {403, 404}
    assert api(make_citizen("dave")).get(PAPERS).status_code == 403
    assert api(None).get(PAPERS).status_code == 401


def test_pages_and_queries_stay_the_same(api, house):
    first = make_sent(house)
    client = api(house["nurse"])
    paths = [PAPERS, RECEIVED]
    few = [queries(client, path) for path in paths]
    more = [make_sent(house), make_sent(house)]
    assert [queries(client, path) for path in paths] == few
    ids = [one["id"] for page in pages(client, PAPERS) for one in page]
    assert ids == [str(one.pk) for one in (*reversed(more), first)]
    received = [one["paper"]["id"] for page in pages(client, RECEIVED, 2) for one in page]
    assert sorted(received) == sorted(ids)
