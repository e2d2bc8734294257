import copy

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from platform_core.capabilities.forms.services import submit_values
from platform_core.capabilities.pages import addresses, menus, selectors
from platform_core.capabilities.pages.views import render_page
from platform_core.napps import services as napps
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from tests.factories import MAKER, actor_of, make_citizen, make_region
from tests.platform_core.napps.conftest import MANIFEST

pytestmark = pytest.mark.django_db


def two(zh, en):
    return {"zh": zh, "en": en}


FORM = {
    "key": "report",
    "title": two("登记", "Report"),
    "pages": [
        {
            "key": "thing",
            "title": two("物品", "Thing"),
            "fields": [
                {
                    "key": "kind",
                    "type": "choice",
                    "label": two("种类", "Kind"),
                    "options": [{"value": "bag", "label": two("包", "Bag")}],
                },
                {"key": "where", "type": "region", "label": two("地点", "Where")},
                {"key": "sure", "type": "yes_no", "label": two("确定", "Sure")},
                {"key": "mobile", "type": "mobile", "label": two("手机", "Mobile")},
                {"key": "words", "type": "text", "label": two("描述", "Words")},
            ],
        }
    ],
}
ABOUT = {
    "kind": "text",
    "key": "about",
    "title": two("关于", "About"),
    "ends": ["public"],
    "menu": True,
    "blocks": [
        {"kind": "heading", "text": two("怎么办", "What to do")},
        {"kind": "paragraph", "text": two("<b>别急</b>", "<b>Do not</b> worry")},
        {"kind": "list", "items": [two("一", "one"), two("二", "two")], "is_numbered": True},
        {"kind": "link", "text": two("去办", "Go"), "to": "/services/"},
    ],
}
SENT = {
    "kind": "records",
    "key": "sent",
    "title": two("我的登记", "My reports"),
    "ends": ["public"],
    "form": "report",
    "columns": [{"field": key} for key in ("kind", "where", "sure", "words")],
}


@pytest.fixture
def manifest():
    return lambda *pages, **changes: copy.deepcopy(
        MANIFEST | {"forms": [FORM], "pages": list(pages or (ABOUT, SENT))} | changes
    )


@pytest.fixture
def napp(manifest):
    version = napps.register_napp(actor=MAKER, manifest=manifest())
    return napps.open_napp(actor=MAKER, napp=version.napp)


def shown(napp, page, user=None, end="public", language="en", **query):
    request = RequestFactory().get("/x", query)
    request.user = user or AnonymousUser()
    request.acting_firms = []
    with translation.override(language):
        answer = render_page(request, napp.current, page, end)
    return answer.content.decode()


def problems(manifest):
    with pytest.raises(ManifestInvalid) as caught:
        validate_manifest(manifest)
    return [problem.place for problem in caught.value.problems]


class TestText:
    def test_blocks_are_drawn_in_the_readers_language(self, napp):
        page = shown(napp, "about")
        assert "<h1>About</h1>" in page
        assert "<li>one</li>" in page
        assert '<a href="/services/">Go</a>' in page
        assert "怎么办" in shown(napp, "about", language="zh-hans")

    def test_words_are_never_markup(self, napp):
        assert "&lt;b&gt;Do not&lt;/b&gt;" in shown(napp, "about")

    @pytest.mark.parametrize(
        "to",
        ["javascript:alert(1)", "//evil.example", "http://a.example", "data:x", "/\\evil", " /x",
         "/\n/evil", "https://", "ftp://x", "x"],
    )  # fmt: skip
    def test_links_lead_nowhere_dangerous(self, manifest, to):
        page = copy.deepcopy(ABOUT)
        page["blocks"][3]["to"] = to
        assert problems(manifest(page)) == ["pages[0].blocks[3].to"]

    @pytest.mark.parametrize("to", ["/", "/services/?q=a#b", "https://www.gov.cn/", "https://a.cn"])
    def test_links_to_this_site_or_a_secure_one(self, manifest, to):
        page = copy.deepcopy(ABOUT)
        page["blocks"][3]["to"] = to
        assert validate_manifest(manifest(page)).section("pages")[0].blocks[3].to == to


class TestRecords:
    def submit(self, napp, user, **values):
        submit_values(
            actor=actor_of(user), napp_version=napp.current, form_key="report", values=values
        )

    def test_people_see_their_own_records(self, napp):
        alice, bob = make_citizen("alice"), make_citizen("bob")
        make_region("330106")
        self.submit(napp, alice, kind="bag", where="330106", sure=True, words="red & round")
        page = shown(napp, "sent", alice)
        assert ">Bag<" in page and ">Yes<" in page and "red &amp; round" in page
        assert "Xihu" in page
        for other in (bob, None):
            assert "red &amp; round" not in shown(napp, "sent", other)
            assert "Nothing has been sent yet" in shown(napp, "sent", other)

    def test_a_table_costs_the_same_for_one_and_three(self, napp):
        alice = make_citizen("alice")
        make_region("330106")
        costs = []
        for rounds in (1, 2):
            for number in range(rounds):
                self.submit(napp, alice, kind="bag", where="330106", words=f"n{number}")
            shown(napp, "sent", alice)
            with CaptureQueriesContext(connection) as queries:
                shown(napp, "sent", alice)
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_columns_and_forms_must_exist_and_be_fit_to_show(self, manifest):
        wrong = SENT | {
            "columns": [{"field": "colour"}, {"field": "mobile"}, {"field": "words"}],
            "ends": ["enterprise"],
        }
        assert problems(manifest(wrong, SENT | {"key": "b", "form": "nothing"})) == [
            "pages[0].ends[0]",
            "pages[0].columns[0].field",
            "pages[0].columns[1].field",
            "pages[1].form",
        ]


class TestGate:
    def test_pages_go_with_their_napp(self, napp):
        napps.close_napp(actor=MAKER, napp=napp)
        assert "About" in shown(napp, "about")
        napps.disable_napp(actor=MAKER, napp=napp)
        with pytest.raises(Http404):
            shown(napp, "about")

    @pytest.mark.parametrize(("page", "end"), [("nothing", "public"), ("about", "enterprise")])
    def test_other_pages_and_ends_are_404(self, napp, page, end):
        with pytest.raises(Http404):
            shown(napp, page, end=end)

    def test_menu_entries_come_and_go(self, napp, monkeypatch):
        monkeypatch.setattr(addresses, "_addresses", {})
        request = RequestFactory().get("/n/lost_property/about/")
        request.user = AnonymousUser()
        assert menus.entries("public", request) == []
        addresses.register_address("public", lambda slug, page: f"/n/{slug}/{page}/")
        (entry,) = menus.entries("public", request)
        assert (entry.label, entry.url, entry.current) == ("About", "/n/lost_property/about/", True)
        assert menus.entries("office", request) == []
        napps.disable_napp(actor=MAKER, napp=napp)
        assert menus.entries("public", request) == []

    def test_the_menu_costs_one_query(self, napp, django_assert_num_queries):
        selectors.menu_pages("public", None)
        with django_assert_num_queries(1):
            assert len(selectors.menu_pages("public", None)) == 1
