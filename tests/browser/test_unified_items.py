"""Unified items in a browser: a change is written, proposed, published by a second person and read
on the guide; a phone without JavaScript reads it in Chinese.
"""

import pytest
from playwright.sync_api import expect

from service_hub.catalogue import suspending
from tests.factories import make_department, make_official
from tests.service_hub.catalogue.makers import keepers, make_organ_item
from tests.service_hub.makers import item_of, manifest_of

pytestmark = pytest.mark.usefixtures("transactional_db")


def offered():
    """The shipped service in the catalogue, implemented by the organ of Xihu."""
    service = manifest_of("housing_fund")["services"][0]
    words = {
        "task_name": service["title"]["zh"],
        "by_law": "\n".join(one["zh"] for one in service["guide"]["legal_basis"]),
    }
    item = make_organ_item(basic=words)
    item_of("housing_fund", "rent")
    return item


def test_an_organ_promises_less_days(browse, axe, overflows):
    item = offered()
    department = make_department("housing_fund")
    colleague = make_official("colleague", department=department)
    writer = make_official("official", department=department)
    page = browse("/office/items/", user=writer, language="en", size="desktop")
    assert not axe(page) and not overflows(page)
    page.locator("main tbody a").first.click()
    page.locator('main aside a.btn[href$="/edit/"]').click()
    browse.expect("422")
    page.locator("#id_promise_day").fill("30")
    page.locator("main form .btn.lg").click()
    expect(page.locator("#id_promise_day")).to_have_attribute("aria-invalid", "true")
    assert not axe(page) and not overflows(page)
    page.locator("#id_promise_day").fill("1")
    page.locator("main form .btn.lg").click()
    expect(page.locator("#why")).to_be_visible()
    assert not axe(page) and not overflows(page)
    page.locator("#why").fill("Faster")
    with page.expect_navigation():
        page.locator('button[value="propose"]').click()
    expect(page.locator('button[value="approve"]')).to_have_count(0)
    assert not axe(page) and not overflows(page)
    change = page.url.split("127.0.0.1")[-1].split("/", 1)[1]
    page = browse(f"/{change}", user=colleague, language="en", size="desktop")
    with page.expect_navigation():
        page.locator('button[value="approve"]').click()
    item.refresh_from_db()
    assert item.current.promise_days == 1


def test_the_guide_shows_the_organ_of_the_place_on_a_phone(browse, axe, overflows):
    item = offered()
    page = browse("/", language="zh-hans", size="phone", javascript=False)
    page.context.add_cookies([{"name": "gov_place", "value": "330106", "url": page.url}])
    page.goto(page.url.rstrip("/") + "/services/housing_fund/rent/")
    words = page.locator("main").inner_text()
    assert "文三路 1 号" in words and item.code in words
    assert not overflows(page)
    notice = {"zh": "窗口搬迁。", "en": "The office is moving."}
    suspending.suspend_implementing(actor=keepers()[0], item=item, notice=notice)
    page.reload()
    assert "窗口搬迁。" in page.locator("main aside").inner_text()
    assert page.locator("main aside form button.lg").count() == 0
