"""A life event in a real browser: from the theme page to the receipt and the page of the whole."""

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.earlier import allow_earlier
from platform_core.capabilities.forms.models import Draft
from service_hub.bundles import selectors
from service_hub.bundles.models import BundleCase
from tests.factories import (
    actor_of,
    make_citizen,
    make_firm,
    make_firm_agent,
    make_region,
)
from tests.service_hub.bundles.makers import (
    CARD,
    COVER,
    LICENCE,
    PLACE,
    begun,
    fill,
    fill_restart,
    open_birth,
    open_restart,
    sent,
)
from tests.service_hub.makers import do, make_office, open_tasks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(transactional_db):
    return make_citizen("alice", phone="13800002046")


def test_a_firm_goes_back_to_work_on_a_phone_without_javascript(browse, overflows):
    restart, firm = open_restart(), make_firm(region=make_region(PLACE))
    boss = make_firm_agent("boss", firm, phone="13800002046")
    page = browse("/enterprise/", user=boss, firm=firm, javascript=False)
    with page.expect_navigation():
        page.get_by_role("link", name="企业复工一件事").first.click()
    assert "为您省下" not in page.content()  # nothing yet: only one service is chosen
    page.locator("[name=kept][value=yes]").check()
    page.locator("[name=canteen][value=yes]").check()
    page.get_by_role("button", name="看看我要办什么").click()
    expect(page.locator(f"[name=item][value='{LICENCE}']")).to_be_checked()
    expect(page.locator("main")).to_contain_text("只填 27 项，原来要填 37 项")
    page.locator("form[action$='/start/'] button").click()
    expect(page.locator("h1")).to_have_text("大家都要的信息")
    expect(page.locator("main")).to_contain_text("企业复工一件事 · 第 1 步")
    page.locator("[name=site]").fill("纬六路 88 号")
    page.get_by_role("button", name="保存并继续").click()
    expect(page.locator("h1")).to_have_text("企业复工报备 · 企业和复工时间")
    draft = Draft.objects.get()
    fill_restart(boss, firm, draft)
    page.goto(page.url.split("/page/")[0] + "/check/")
    assert "免提交" in page.locator("section[aria-labelledby=mats]").inner_text()
    assert not overflows(page)
    with page.expect_navigation():
        page.get_by_role("button", name="一次提交").click()
    parent = BundleCase.objects.get()
    assert parent.number in page.content()
    page.get_by_role("link", name="查看全部进度").click()
    expect(page.locator("h1")).to_have_text("办理中")
    expect(page.locator(".status")).to_contain_text("10 个工作日")
    cases = list(parent.cases.select_related("item", "record"))
    assert {forms.plain_values(one.record).get("address", "纬六路 88 号") for one in cases} == {
        "纬六路 88 号"
    }
    for case in cases:
        do(case, node="accept")
    page.reload()
    assert "全部办结不晚于" in page.locator(".status").inner_text()
    assert page.locator(".status .due.g").count() == 1
    for case in cases:
        while steps := open_tasks(case):
            do(case, node=steps[0].node, opinion="符合条件")
    page.reload()
    assert page.locator("h1").inner_text() == "已办结"
    assert "已办结 3/3 件" in page.content() and not overflows(page)
    assert restart.audience == "firm"


def test_the_pages_are_accessible_on_a_desk_in_english(browse, axe, overflows, alice):
    birth = open_birth()
    clerk = make_office("police")["clerk"]
    allow_earlier(actor=actor_of(alice), is_allowed=True)
    parent = sent(alice, birth)
    draft = fill(alice, begun(alice, birth, [COVER, CARD]))
    assert selectors.is_bundle(draft)
    for address in (
        "/life/birth/newborn/?insured=no&card=yes",
        f"/apply/{draft.pk}/check/",
        f"/life/sent/{parent.pk}/",
        f"/life/sent/{parent.pk}/receipt/",
        "/cases/",
        "/wallet/papers/",
        "/wallet/answers/",
    ):
        page = browse(address, user=alice, size="desktop", language="en")
        assert not axe(page), address
        assert not overflows(page), address
    case = parent.cases.get(item__key="newborn")
    page = browse(f"/office/cases/{case.pk}/", user=clerk, size="desktop", language="en")
    assert parent.number in page.locator("section[aria-labelledby=le]").inner_text()
    assert not axe(page)
