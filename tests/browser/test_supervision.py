"""A matter under supervision with one hand on a phone in Chinese, and judged at a desk."""

import pytest
from playwright.sync_api import expect

from tests.collab_hub.supervision.makers import doer, opened, supervisor

pytestmark = pytest.mark.django_db(transaction=True)


def test_signed_and_reported_on_a_phone_judged_and_replayed_at_a_desk(
    browse, axe, overflows, transactional_db
):
    item = opened()
    address = f"/office/supervision/{item.pk}/"
    phone = browse(address, size="phone", user=doer())
    expect(phone.get_by_role("heading", level=1)).to_have_text("电梯加装")
    assert axe(phone) == [] and not overflows(phone)
    with phone.expect_navigation():
        phone.locator("button[value=sign]").click()
    phone.locator("#id_report-note").fill("三十台电梯全部投入使用。")
    assert axe(phone) == [] and not overflows(phone)
    phone.locator("button[value=report]").click()
    expect(phone.locator(".timeline")).to_contain_text("三十台电梯全部投入使用。")
    phone.goto(phone.url.split("/office")[0] + "/office/supervision/")
    assert axe(phone) == [] and not overflows(phone)

    desk = browse(address, size="desktop", language="en", user=supervisor())
    desk.locator("#id_accept-verdict_0").check()
    desk.locator("#id_accept-text").fill("Seen and counted.")
    assert axe(desk) == []
    desk.locator("button[value=accept]").click()
    expect(desk.get_by_role("heading", level=1).locator("xpath=..")).to_contain_text("Done in full")
    desk.get_by_role("link", name="Trace").click()
    desk.get_by_role("link", name="Step back").click()
    expect(desk.locator("dl")).to_contain_text("Reported, to be checked")
    assert axe(desk) == [] and not overflows(desk)
