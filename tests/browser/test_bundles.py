"""A life event in a real browser: from the theme page to the receipt and the page of the whole."""

import pytest

from service_hub.bundles import selectors
from service_hub.bundles.models import BundleCase
from tests.factories import make_citizen
from tests.service_hub.bundles.makers import CARD, COVER, begun, fill, open_birth, sent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(transactional_db):
    return make_citizen("alice", phone="13800002046")


def test_a_newborn_on_a_phone_without_javascript(browse, axe, overflows, alice):
    birth = open_birth()
    page = browse("/search/?theme=birth", user=alice, javascript=False)
    page.get_by_role("link", name="出生一件事").first.click()
    page.locator("[name=insured][value=no]").check()
    page.locator("[name=card][value=no]").check()
    page.get_by_role("button", name="看看我要办什么").click()
    assert "只填 13 项，原来要填 23 项" in page.content()
    assert page.locator(f"[name=item][value='{COVER}']").is_checked()
    page.locator("form[action$='/start/'] button").click()
    assert page.locator("h1").inner_text() == "大家都要的信息"
    draft = begun(alice, birth)
    fill(alice, draft)
    page.goto(page.url.split("/page/")[0] + "/check/")
    assert not overflows(page)
    page.get_by_role("button", name="一次提交").click()
    parent = BundleCase.objects.get()
    assert parent.number in page.content()
    page.get_by_role("link", name="查看全部进度").click()
    assert page.locator("h1").inner_text() == "办理中"
    assert "新生儿落户" in page.locator("ol.timeline").inner_text()
    assert not overflows(page)


def test_the_pages_are_accessible_on_a_desk_in_english(browse, axe, overflows, alice):
    birth = open_birth()
    parent = sent(alice, birth)
    draft = fill(alice, begun(alice, birth, [COVER, CARD]))
    assert selectors.is_bundle(draft)
    for address in (
        "/life/birth/newborn/?insured=no&card=yes",
        f"/apply/{draft.pk}/check/",
        f"/life/sent/{parent.pk}/",
        f"/life/sent/{parent.pk}/receipt/",
        "/cases/",
    ):
        page = browse(address, user=alice, size="desktop", language="en")
        assert not axe(page), address
        assert not overflows(page), address
