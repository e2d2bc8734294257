"""Publication takes two people and leaves nothing of what was taken out."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from collab_hub.papers import publishing_services, selectors
from collab_hub.papers.models import Publication
from collab_hub.papers.views.public import PRINTS
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from tests.factories import actor_of, citizen_number

from .makers import make_house, make_sent, make_signed

NUMBER = citizen_number(3)
BODY = f"王秀英（身份证号{NUMBER}，手机 13800007766，住文二路 100 号 3 幢 502 室）已回访。"
HIDDEN = ["王秀英", NUMBER, "13800007766", "文二路 100 号 3 幢 502 室"]


@pytest.fixture
def house(db):
    return make_house()


def propose(house, paper, hidden=HIDDEN, files=None):
    return publishing_services.propose_publication(
        actor=actor_of(house["clerk"]), paper=paper, hidden=hidden, files=files
    )


def decide(person, found, **more):
    more.setdefault("grant", True)
    return publishing_services.decide_publication(actor=actor_of(person), publication=found, **more)


def test_nothing_of_it_is_left_on_the_page_or_in_the_file(house, client):
    content = {"body": BODY, "contact": "王秀英", "contact_phone": "13800007766"}
    found = propose(house, make_sent(house, **content))
    assert client.get(f"/papers/{found.key}/").status_code == 404
    decide(house["second"], found)
    page = client.get(f"/papers/{found.key}/").content
    pdf = client.get(f"/papers/{found.key}/pdf/").content
    row = str(Publication.objects.values().get())
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)
    assert "已回访" in "".join(text.split())
    for word in HIDDEN:
        for where in (page.decode(), text, row):
            assert "".join(word.split()) not in "".join(where.split()), word
        assert word.encode() not in pdf
    assert found.title in client.get("/papers/?q=回头看").content.decode()
    assert found.title not in client.get("/papers/?q=王秀英").content.decode()


def test_two_people_and_a_reason_to_refuse(house):
    found = propose(house, make_sent(house, body=BODY))
    with pytest.raises(NotAllowed):
        decide(house["clerk"], found)
    with pytest.raises(NotAllowed):
        decide(house["nurse"], found)
    with pytest.raises(Unusable) as error:
        decide(house["second"], found, grant=False)
    assert list(error.value.errors) == ["note"]
    decide(house["second"], found, grant=False, note="还有姓名")
    assert propose(house, found.paper).state == "asked"


def test_what_is_never_public(house):
    with pytest.raises(Unusable) as error:
        propose(house, make_sent(house, body=BODY), hidden=["王秀英"])
    assert list(error.value.errors) == ["hidden"]
    with pytest.raises(Conflict):
        propose(house, make_signed(house))
    with pytest.raises(Conflict):
        propose(house, make_sent(house, secrecy="secret", secret_for="5年"))


def test_a_word_that_does_not_stand_in_the_text_is_refused(house):
    paper = make_sent(house, body=BODY)
    with pytest.raises(Unusable) as error:
        propose(house, paper, [*HIDDEN, "王秀 英"])
    assert "王秀 英" in error.value.errors["hidden"][0]
    assert propose(house, paper, [*HIDDEN, "\u3000王秀英\r\n"]).state == "asked"


def test_the_public_pages_name_no_signer_and_are_not_set_without_end(house, client):
    content = {"title": "关于某事的报告", "body": "已完成。", "direction": "up"}
    found = propose(house, make_sent(house, kind="report", **content), [])
    decide(house["second"], found)
    assert selectors.public_job(found)[0]["signer"] == ""
    for _try in range(PRINTS[0]):
        is_within("paper-pages:127.0.0.1", *PRINTS)
    assert client.get(f"/papers/{found.key}/pdf/").status_code == 429


def test_a_title_that_grew_by_what_was_taken_out_is_cut(house):
    title = "关" * 190 + "通知"
    assert (
        len(propose(house, make_sent(house, title=title, body=BODY), ["关", *HIDDEN]).title) == 200
    )
