"""A clerk takes an application in: at a desk, and on a phone without JavaScript."""

import pytest
from playwright.sync_api import expect

from service_hub.cases.models import Case
from tests.factories import citizen_number
from tests.service_hub.makers import item_of, make_office

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.mark.parametrize(
    ("language", "size", "script"), [("en", "desktop", True), ("zh-hans", "phone", False)]
)
def test_window_intake(browse, axe, overflows, language, size, script):
    clerk = make_office("medical_insurance")["clerk"]
    item = item_of("medical_insurance", "elsewhere")
    page = browse("/office/intake/", user=clerk, language=language, size=size, javascript=script)
    page.locator('main a[href$="/office/intake/new/"]').first.click()
    page.locator("#id_window").fill("3 号窗口")
    page.locator("#id_item").select_option(str(item.pk))
    page.locator("#id_name").fill("王秀英")
    page.locator("#id_citizen_number").fill(citizen_number(950))
    page.locator("#id_mobile").fill("13800007788")
    if script:
        assert not axe(page)
    assert not overflows(page)
    page.locator("main form .btn").first.click()
    page.wait_for_url("**/page/you/")
    expect(page.locator("main")).to_contain_text("王秀英")
    _answer(page)
    if script:
        assert not axe(page)
    assert not overflows(page)
    page.locator("main form .btn.lg").last.click()
    expect(page.locator("main .receipt")).to_be_visible()
    if script:
        assert not axe(page)
    assert not overflows(page)
    case = Case.objects.get()
    assert case.channel == "window" and case.received_by == clerk


def _answer(page) -> None:
    """Both pages of the form, with what the clerk is told."""
    page.locator("main select[name=area]").select_option("330106")
    page.locator('main button.lg[name="_next"]').click()
    page.wait_for_url("**/page/place/")
    page.locator('main input[type="radio"]').first.check()
    page.locator('input[name="province"]').fill("上海市")
    page.locator('input[name="from_on"]').fill("2026-11-20")
    promise = page.locator('input[name="promise"]').first
    promise.check()
    page.locator('main button.lg[name="_next"]').click()
    page.wait_for_url("**/check/")
