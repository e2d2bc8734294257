"""Where people are reached: a new number, a code, an address that does not work, fewer letters."""

import re

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.notifications.unsubscribing import token_of
from tests.factories import make_citizen
from tests.platform_core.capabilities.notifications.conftest import texts, work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("size", "language", "javascript", "words"),
    [
        ("phone", "zh-hans", False,
         ("发送验证码", "确认", "无法送达", "确认成功", "不再发送", "恢复")),
        ("desktop", "en", True,
         ("Send the code", "Confirm", "does not work", "Confirmed", "Send me no more", "Undo")),
    ],
)  # fmt: skip
def test_a_number_that_does_not_work_is_mended(
    browse, axe, overflows, settings, tmp_path, size, language, javascript, words
):
    settings.VAR_DIR = tmp_path
    send, confirm, broken, done, stop, undo = words
    alice = make_citizen("alice", phone="13800002046")
    alice.out_of_use = {"sms": "broken"}
    alice.save()
    page = browse("/me/", user=alice, size=size, language=language, javascript=javascript)

    def looked_at():
        assert not overflows(page), page.url
        assert not javascript or not axe(page), page.url
        return page.locator("main").inner_text()

    assert broken in looked_at()
    browse.expect("422")
    page.goto("/me/channels/")
    assert broken in looked_at()
    page.locator("main a[href$='/me/channels/sms/']").click()
    expect(page.locator("[name=address]")).to_have_value("13800002046")
    page.locator("[name=address]").fill("139")
    page.get_by_role("button", name=send).click()
    expect(page.locator("[name=address]")).to_have_attribute("aria-invalid", "true")
    looked_at()
    page.locator("[name=address]").fill("13900000009")
    page.get_by_role("button", name=send).click()
    expect(page.locator("[name=code]")).to_be_visible()
    work_off()
    code = re.search(r"\d{6}", texts()[0]["text"])[0]
    page.locator("[name=code]").fill("x")
    page.get_by_role("button", name=confirm, exact=True).click()
    expect(page.locator("[name=code]")).to_have_attribute("aria-invalid", "true")
    looked_at()
    page.locator("[name=code]").fill(code)
    page.get_by_role("button", name=confirm, exact=True).click()
    expect(page.locator("body")).to_contain_text(done, use_inner_text=True)
    assert broken not in looked_at()
    page.goto(f"/unsubscribe/{token_of(alice.pk, 'other')}/")
    assert undo not in looked_at()
    page.get_by_role("button", name=stop).click()
    expect(page.locator("main")).to_contain_text(undo, use_inner_text=True)
    looked_at()
    alice.refresh_from_db()
    assert alice.told_by == {"other": ["sms"]} and alice.address_for("sms") == "13900000009"
