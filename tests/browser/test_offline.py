"""A form that is sent while there is no connection stays in the page, and it is said why."""

import pytest
from playwright.sync_api import expect

from service_hub.inquiries.models import Question
from tests.factories import make_citizen
from tests.service_hub.makers import make_office

pytestmark = pytest.mark.usefixtures("transactional_db")
TEXT = "周六上午可以办居住证吗？需要带哪些材料？"


@pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", "phone"), ("en", "desktop")], ids=["phone", "desktop"]
)
def test_nothing_is_lost_and_two_presses_send_once(browse, axe, overflows, language, size):
    make_office("service_bureau")
    page = browse("/questions/ask/", user=make_citizen("alice"), language=language, size=size)
    page.locator("#text, [name=text]").first.fill(TEXT)
    page.locator("[name=region]").select_option("330106")
    page.context.set_offline(True)
    button = page.locator("main form button.lg").last
    button.click()
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value(TEXT)
    assert not axe(page) and not overflows(page)
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    button.dblclick()
    page.wait_for_url("**/questions/*-*/")
    assert Question.objects.get().text == TEXT
