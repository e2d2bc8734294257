"""The pages of papers: every one opens, keeps what was typed, and costs the same for many rows."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from collab_hub.inbox.models import WorkItem
from collab_hub.papers import draft_services, flow_services, publishing_services
from collab_hub.papers.models import Paper, Publication, Receipt, Revision, Step
from platform_core.capabilities.files.models import StoredFile
from tests.factories import actor_of

from .makers import (
    WORD,
    agree,
    make_draft,
    make_house,
    make_sent,
    make_signed,
    notice,
    receipt_at,
    submit,
)


@pytest.fixture
def house(db):
    return make_house()


def form(house, **more) -> dict:
    sent = notice(house, **more)
    return {name: value for name, value in sent.items() if value is not None}


def test_a_draft_is_written_and_comes_back_with_its_faults_at_their_fields(house, office):
    client = office(house["clerk"])
    assert client.get("/office/papers/new/").status_code == 200
    assert client.get("/office/papers/new/nonsense/").status_code == 404
    assert WORD in client.get("/office/papers/new/request/").content.decode()
    long = client.post("/office/papers/new/request/", form(house, title="x" * 201))
    assert long.status_code == 422
    assert "x" * 201 in long.content.decode()
    assert client.post("/office/papers/new/request/", form(house)).status_code == 302
    paper = Paper.objects.get()
    address = f"/office/papers/{paper.pk}/"
    sent = {"act": "submit", "version": "1", "reviewer": house["second"].pk}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "one matter" in page
    assert "names whom to ask" in page
    for junk in ({}, {"act": "x"}, {"act": "agree", "step": "1"}, {"act": "urge", "receipt": "z"}):
        assert client.post(address, junk).status_code in (404, 409), junk


def test_the_second_saver_is_shown_both_texts(house, office):
    paper = make_draft(house, body="一。\n二。")
    client = office(house["clerk"])
    address = f"/office/papers/{paper.pk}/edit/"
    client.post(address, form(house, body="一改。\n二。") | {"base": "1"})
    client = office(house["second"])
    answer = client.post(address, form(house, body="一又改。\n二。") | {"base": "1"}, follow=True)
    page = answer.content.decode()
    assert "一改。" in page
    assert "一又改。" in page
    assert "Both changed it" in page
    assert Revision.objects.filter(is_side=True).count() == 1
    assert client.post(address, form(house) | {"base": "x"}).status_code == 409


def test_who_may_open_what(house, office):
    paper = make_sent(house)
    receipt = receipt_at(paper, house["health"])
    pages = [f"/office/papers/{paper.pk}/", f"/office/papers/{paper.pk}/pdf/"]
    for person, status in (("clerk", 200), ("nurse", 200), ("builder", 404)):
        client = office(house[person])
        assert [client.get(page).status_code for page in pages] == [status] * 2
    assert office(house["nurse"]).get(f"/office/papers/received/{receipt.pk}/").status_code == 200
    assert office(house["clerk"]).get(f"/office/papers/received/{receipt.pk}/").status_code == 404


def test_a_secret_paper_has_no_file_at_any_time(house, office):
    paper = make_draft(house, secrecy="secret", secret_for="5年")
    client = office(house["clerk"])
    assert client.get(f"/office/papers/{paper.pk}/").status_code == 200
    assert client.get(f"/office/papers/{paper.pk}/pdf/").status_code == 404
    assert office(house["second"]).get(f"/office/papers/{paper.pk}/").status_code == 404


def test_signed_in_from_the_inbox_with_one_key(house, office):
    make_sent(house)
    item = WorkItem.objects.get(kind="paper_receive", state="open")
    sent = {"chosen": f"work:{item.pk}:{item.version}", "action": "sign_in"}
    assert office(house["nurse"]).post("/office/quick/", sent).status_code == 200
    assert Receipt.objects.get().state == "registered"
    assert not WorkItem.objects.filter(kind="paper_receive", state="open").exists()


def test_the_way_in_by_its_pages(house, office):
    receipt = receipt_at(make_sent(house), house["health"])
    client = office(house["nurse"])
    address = f"/office/papers/received/{receipt.pk}/"
    me = house["nurse"].pk
    assert client.post(address, {"act": "propose", "opinion": "x", "leader": me}).status_code == 409
    assert client.post(address, {"act": "sign_in"}).status_code == 302
    assert client.post(address, {"act": "sign_in"}).status_code == 409
    assert client.post(address, {"act": "circulate"}).status_code == 422
    assert client.post(address, {"act": "propose", "opinion": "x", "leader": ""}).status_code == 422
    assert client.post(address, {"act": "propose", "opinion": "x", "leader": me}).status_code == 302
    sent = {"act": "instruct", "opinion": "y", "officer": me}
    assert client.post(address, sent | {"days": "many"}).status_code == 422
    assert client.post(address, sent | {"days": "3"}).status_code == 302
    assert client.post(address, {"act": "answer", "text": ""}).status_code == 422
    assert client.post(address, {"act": "answer", "text": "done"}).status_code == 302
    assert client.post(address, {"act": "file"}).status_code == 302
    assert client.get(address).status_code == 200


def test_publication_by_its_pages(house, office, client):
    paper = make_sent(house)
    clerk = office(house["clerk"])
    address = f"/office/papers/{paper.pk}/publish/"
    assert "13800007766" in clerk.get(address).content.decode()
    clerk.post(address, {"found": ["13800007766"], "more": "王秀英\n\n"})
    found = Publication.objects.get()
    decide = f"/office/papers/publications/{found.pk}/"
    assert clerk.get(decide).status_code == 200
    assert clerk.post(decide, {"act": "publish"}).status_code == 403
    second = office(house["second"])
    assert second.post(decide, {"act": "refuse"}).status_code == 422
    assert second.post(decide, {"act": "publish"}).status_code == 302
    assert "王秀英" not in client.get(f"/papers/{found.key}/").content.decode()


def test_registering_and_words(house, office):
    client = office(house["head"])
    empty = client.post("/office/papers/register/", {"organ": "x"})
    assert empty.status_code == 422
    sent = {"organ": house["organ"].pk, "kind": "notice", "sender": "省政府", "title": "某事",
            "number": "1"}  # fmt: skip
    assert client.post("/office/papers/register/", sent).status_code == 302
    words = {"department": house["organ"].pk, "word": "ab"}
    assert client.post("/office/papers/words/", words).status_code == 422
    assert client.post("/office/papers/words/", words | {"word": "西办"}).status_code == 302
    assert client.post("/office/papers/words/", words | {"word": "西办"}).status_code == 422


@pytest.mark.parametrize("view", ["in", "out", "all", "read"])
def test_lists_cost_the_same_for_one_and_three(house, office, view):
    client, counts = office(house["nurse" if view in ("in", "read") else "clerk"]), []
    for more in (1, 2):
        for _n in range(more):
            paper = make_sent(house)
            receipt = receipt_at(paper, house["health"])
            if view == "read":
                Step.objects.create(
                    paper=paper, receipt=receipt, kind="circulate", person=house["nurse"]
                )
        client.get("/office/papers/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/office/papers/?view={view}&q=回头看")
        assert page.content.decode().count('<th scope="row">') == (1 if more == 1 else 3)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_public_list_costs_the_same_for_one_and_three(house, client):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            found = publishing_services.propose_publication(
                actor=actor_of(house["clerk"]), paper=make_sent(house), hidden=["13800007766"]
            )
            publishing_services.decide_publication(
                actor=actor_of(house["second"]), publication=found, grant=True
            )
        with CaptureQueriesContext(connection) as queries:
            client.get("/papers/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_submitted_for_a_check_it_is_opened_from_the_inbox(house, office):
    paper = submit(house, make_draft(house))
    item = WorkItem.objects.get(kind="paper_review")
    assert item.address == f"/office/papers/{paper.pk}/"
    page = office(house["second"]).get(item.address).content.decode()
    assert 'value="agree"' in page


def test_signed_but_not_sealed_it_prints_as_a_draft_and_an_unchecked_file_is_not_given(
    house, office
):
    client = office(house["clerk"])
    paper = make_signed(house)
    address = f"/office/papers/{paper.pk}/pdf/"
    pages = PdfReader(BytesIO(client.get(address).content)).pages
    assert "稿本" in pages[0].extract_text()
    flow_services.seal_paper(actor=actor_of(house["clerk"]), paper=paper)
    assert client.get(address).status_code == 200
    StoredFile.objects.update(state="quarantined")
    assert client.get(address).status_code == 409


def test_the_text_comes_back_when_the_paper_has_moved_on(house, office):
    paper = make_signed(house)
    client = office(house["clerk"])
    address = f"/office/papers/{paper.pk}/edit/"
    assert client.get(address).status_code == 404
    answer = client.post(address, form(house, body="两小时写成的一段。") | {"base": "1"})
    assert answer.status_code == 409
    assert "两小时写成的一段。" in answer.content.decode()


def test_who_receives_a_paper_reads_none_of_its_drafts(house, office):
    paper = make_draft(house, body="一。")
    for body in ("二。", "三。"):
        saved = draft_services.save_revision(
            actor=actor_of(house["clerk"]), paper=paper, content=notice(house, body=body), base=1
        )
    submit(house, paper := Paper.objects.get())
    agree(paper, house["second"], "review")
    agree(paper, house["head"], "sign")
    for act in (flow_services.seal_paper, flow_services.send_paper):
        act(actor=actor_of(house["clerk"]), paper=paper)
    address = f"/office/papers/{paper.pk}/merge/{saved.revision.pk}/"
    assert office(house["nurse"]).get(address).status_code == 404
    page = office(house["second"]).get(address)
    assert page.status_code == 200
    assert 'name="base"' not in page.content.decode()


def test_strange_characters_break_no_page(house, office):
    client = office(house["clerk"])
    odd = {"main_to": ["²", "9" * 30], "signer": "²", "direction": "\x00"}
    assert client.post("/office/papers/new/notice/", form(house) | odd).status_code == 302
    sent = {"organ": house["organ"].pk, "kind": "notice", "sender": "省\x00政府", "title": "某事",
            "number": "1\x002"}  # fmt: skip
    assert client.post("/office/papers/register/", sent).status_code in (302, 422)


def test_the_second_person_sees_every_part_and_says_which(house, office):
    paper = make_sent(house, attachments="名单", remark="此件公开")
    found = publishing_services.propose_publication(
        actor=actor_of(house["clerk"]), paper=paper, hidden=["王秀英", "13800007766", "名单"]
    )
    client = office(house["second"])
    address = f"/office/papers/publications/{found.pk}/"
    page = client.get(address).content.decode()
    for words in (paper.title, "名单", "此件公开", "联系人王秀英", "联系人███"):
        assert f">{words}" in page, words
    assert client.post(address, {"act": ""}).status_code == 409
