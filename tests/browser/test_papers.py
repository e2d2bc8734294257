"""An official document on a phone in Chinese, and on a desktop in English."""

import re

import pytest
from playwright.sync_api import expect

from collab_hub.papers.models import Paper
from tests.collab_hub.papers.makers import make_house, make_sent, receipt_at

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_drafted_on_a_phone_merged_and_checked_on_a_desktop(browse, axe, overflows):
    house = make_house()
    browse.expect("422")
    phone = browse("/office/papers/new/notice/", user=house["clerk"])
    phone.locator("#id_title").fill("关于开展回头看工作的通知")
    phone.locator("#id_body").fill("第一段。\n第二段。")
    phone.locator("#id_main_to").select_option(str(house["health"].pk))
    phone.locator("#id_word").select_option(index=1)
    assert not overflows(phone)
    assert not axe(phone)
    phone.locator("main form .btn").last.click()
    phone.wait_for_url(re.compile(r"/office/papers/[^/]+/$"))
    paper = Paper.objects.get()
    assert phone.url.endswith(f"/{paper.pk}/")
    phone.locator("#reviewer").select_option(str(house["second"].pk))
    phone.locator('button[value="submit"]').click()
    expect(phone.get_by_role("alert").first).to_be_visible()
    assert not overflows(phone)
    phone.goto(f"{phone.url.rstrip('/')}/edit/")
    desktop = browse(
        f"/office/papers/{paper.pk}/edit/", size="desktop", language="en", user=house["second"]
    )
    phone.locator("#id_body").fill("第一段，我改。\n第二段。")
    phone.locator("#id_signer").select_option(str(house["head"].pk))
    phone.locator("main form .btn").last.click()
    phone.wait_for_url(f"**/office/papers/{paper.pk}/")
    desktop.locator("#id_body").fill("第一段。\n第二段。\n第三段。")
    desktop.locator("main form .btn").last.click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Put two texts together")
    assert not axe(desktop)
    assert not overflows(desktop)
    expect(desktop.locator("#id_body")).to_have_value("第一段，我改。\n第二段。\n第三段。")
    desktop.locator("main form .btn").last.click()
    desktop.wait_for_url(f"**/office/papers/{paper.pk}/")
    assert not axe(desktop)


def test_signed_in_with_one_hand(browse, axe, overflows):
    house = make_house()
    receipt = receipt_at(make_sent(house), house["health"])
    page = browse(f"/office/papers/received/{receipt.pk}/", user=house["nurse"])
    page.locator('button[value="sign_in"]').click()
    expect(page.locator("main .tag").first).to_have_text("已登记")
    assert not axe(page)
    assert not overflows(page)
    page.goto(page.url.split("/received")[0] + "/?view=in&q=回头看")
    expect(page.locator("main th[scope=row]")).to_have_count(1)
    assert not axe(page)
    assert not overflows(page)
