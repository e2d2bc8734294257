"""The help centre: every guide opens, leads to pages that exist, and is found by its words."""

import re

import pytest
from django.utils import translation

from service_hub.finding.selectors import find
from service_hub.help.findables import KIND
from service_hub.help.guides import guides
from tests.factories import make_citizen, sign_in

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("space", ["", "/enterprise"])
def test_every_guide_leads_to_pages_that_open(client, space):
    sign_in(client, make_citizen("alice"))
    index = client.get(f"{space}/help/").content.decode()
    for guide in guides():
        address = f"{space}/help/{guide.key}/"
        assert f'href="{address}"' in index
        page = client.get(address)
        assert page.status_code == 200
        for section, links in page.context["sections"]:
            assert f'id="{section.anchor}"' in page.content.decode()
            for link in links:
                assert client.get(link["url"]).status_code in {200, 302}, (guide.key, link)
    if space:
        shown = client.get(f"{space}/help/filing/").context["sections"]
        assert "/enterprise/services/" in {link["url"] for _one, ways in shown for link in ways}


def test_an_unknown_guide_is_hidden(client):
    assert client.get("/help/no-such-guide/").status_code == 404


def test_guides_are_written_in_both_languages():
    for guide in guides():
        with translation.override("zh-hans"):
            texts = [guide.title, guide.summary, guide.keywords, *guide.words()]
            assert [str(one) for one in texts if not CHINESE.search(str(one))] == []


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("办件状态是什么意思", "states"), ("补正怎么办", "correction"),
        ("替父母办事", "for-others"),
        ("差评", "rating"), ("投诉", "something-wrong"), ("忘记密码", "signing-in"),
        ("撤回授权同意", "my-data"), ("大字版", "reading"), ("办事窗口电话", "contact"),
        ("large text", "reading"), ("forgotten password", "signing-in"),
        ("administrative review", "something-wrong"), ("phone number", "contact"),
    ],
)  # fmt: skip
def test_the_search_finds_the_guide(asked, key):
    hits = find(asked, "public").by_kind.get(KIND, [])
    assert key in [hit.what.key for hit in hits[:2]]


@pytest.mark.parametrize("space", ["", "/enterprise"])
def test_a_hit_leads_to_the_guide_at_the_same_end(client, space):
    found = client.get(f"{space}/search/", {"q": "forgotten password"}).content.decode()
    assert f'href="{space}/help/signing-in/"' in found
