"""Finding a service in a real browser: by sound, with a slip, at one's place, script or none."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_department
from tests.service_hub.makers import item_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _office():
    make_department("medical_insurance", name="西湖医保局", name_en="Xihu Insurance")
    item_of("medical_insurance", "elsewhere")


@pytest.mark.usefixtures("_office")
def test_typed_by_sound_at_ones_place_without_script(browse):
    page = browse("/", size="phone", language="zh-hans", javascript=False)
    page.get_by_role("link", name="选择所在地区").click()
    page.get_by_label("您居住或企业所在的地方").select_option("330106")
    with page.expect_navigation():
        page.get_by_role("button", name="使用此地区").click()
    page.get_by_role("searchbox").fill("yidi jiuyi")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("article").first).to_contain_text("异地就医")
    expect(page.get_by_role("article").first).to_contain_text("西湖医保局")


@pytest.mark.usefixtures("_office")
def test_suggestions_while_typing_and_a_slip_that_is_said(browse, axe, overflows):
    page = browse("/", size="desktop", language="en")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).press_sequentially("treatm")
    expect(page.locator("datalist option")).to_have_attribute(
        "value", "Health cover in another province"
    )
    page.goto(page.url.rstrip("/") + "/search/?q=insurence")
    expect(page.get_by_text("We took “insurence” for “insurance”.")).to_be_visible()
    assert axe(page) == []
    phone = browse("/place/", size="phone", language="zh-hans")
    for path in ("/place/", "/search/?q=yidi", "/search/?q=qqqq", "/"):
        phone.goto(page.url.split("/search/")[0] + path)
        assert axe(phone) == []
        assert not overflows(phone)
