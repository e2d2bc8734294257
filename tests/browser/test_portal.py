"""A citizen's way through the portal in a real browser: languages, sizes, script or none."""

import re

import pytest
from playwright.sync_api import expect

from service_hub.cases.models import Case
from tests.factories import make_citizen, make_department, make_firm, make_firm_agent, make_region
from tests.service_hub.makers import do, file_rent, item_of, make_office, open_app

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    "en": {
        "search": "treatment in another province",
        "start": "Start now",
        "next": "Save and continue",
        "send": "Send the application",
        "got": "We have received it",
        "follow": "Follow the case",
        "looking": "We have received it and are looking it through",
        "needed": "There is 1 thing to fix",
        "withdraw": "Withdraw",
        "withdrawn": "You withdrew this application",
        "rate": "Rate it",
        "rated": "My rating",
        "send_rating": "Send the rating",
        "correct": "Correct it now",
        "begin": "Begin",
        "check_send": "Check and send",
        "send_correction": "Send the correction",
    },
    "zh-hans": {
        "search": "异地就医",
        "start": "开始办理",
        "next": "保存并继续",
        "send": "提交申请",
        "got": "提交成功，我们收到了",
        "follow": "查看办件进度",
        "looking": "已收到，正在核对材料",
        "needed": "还有 1 处要改",
        "withdraw": "撤回",
        "withdrawn": "您已撤回申请",
        "rate": "去评价",
        "rated": "我的评价",
        "send_rating": "提交评价",
        "correct": "现在补正",
        "begin": "开始补正",
        "check_send": "核对并提交",
        "send_correction": "提交补正",
    },
}
WAYS = pytest.mark.parametrize(
    ("language", "size", "javascript"),
    [
        ("zh-hans", "phone", True),
        ("zh-hans", "desktop", False),
        ("en", "phone", False),
        ("en", "desktop", True),
    ],
)


@pytest.fixture
def alice(transactional_db):
    return make_citizen("alice", phone="13800002046")


def press(page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def heading(page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


@WAYS
def test_from_searching_to_following(browse, axe, overflows, alice, language, size, javascript):
    make_department("medical_insurance", make_region("330106"))
    item_of("medical_insurance", "elsewhere")
    said = WORDS[language]
    page = browse("/", size=size, language=language, javascript=javascript, user=alice)
    page.get_by_role("searchbox").first.fill(said["search"])
    page.get_by_role("searchbox").first.press("Enter")
    page.locator(".hit h2 a").first.click()
    press(page, said["start"])
    page.wait_for_url("**/page/you/")
    press(page, said["next"])
    expect(page.get_by_role("alert").first).to_contain_text(said["needed"])
    expect(page).to_have_title(re.compile("^(Error:|错误：)"))
    page.locator("#id_area").select_option("330106")
    press(page, said["next"])
    page.wait_for_url("**/page/place/")
    page.locator("input[name=kind][value=living]").check()
    page.locator("#id_province").fill("上海市 𠮷 🏥")
    day = page.locator("#id_from_on")
    day.fill(page.evaluate("new Date().toISOString().slice(0, 10)") if javascript else today())
    page.locator("input[name=promise][value=yes]").check()
    press(page, said["next"])
    page.wait_for_url("**/check/")
    assert not overflows(page)
    press(page, said["send"])
    heading(page, said["got"])
    case = Case.objects.get()
    expect(page.locator(".receipt .no").first).to_contain_text(case.number[-4:])
    assert not javascript or not axe(page)
    page.get_by_role("link", name=said["follow"]).click()
    heading(page, said["looking"])
    assert not overflows(page)
    assert not javascript or not axe(page)
    page.locator(f"a[href='/cases/{case.pk}/withdraw/']").click()
    press(page, said["withdraw"])
    heading(page, said["withdrawn"])


def today() -> str:
    from django.utils import timezone

    return timezone.localdate().isoformat()


@pytest.mark.parametrize(("language", "javascript"), [("zh-hans", False), ("en", True)])
def test_correcting_only_what_was_flagged_then_rating(browse, alice, language, javascript):
    make_office("housing_fund")
    case = do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])
    said = WORDS[language]
    page = browse(f"/cases/{case.pk}/", language=language, javascript=javascript, user=alice)
    page.get_by_role("link", name=said["correct"]).click()
    press(page, said["begin"])
    expect(page.locator("#id_address")).to_be_visible()
    expect(page.locator("#id_rent")).to_have_count(0)
    page.locator("#id_address").fill("文一西路 969 号 3 幢 1204 室")
    press(page, said["check_send"])
    press(page, said["send_correction"])
    heading(page, said["looking"])
    do(do(case))
    page.reload()
    page.locator("label[for=score-5]").click()
    press(page, said["rate"])
    page.locator("input[name=option][value=fast]").check()
    press(page, said["send_rating"])
    expect(page.get_by_role("heading", name=said["rated"])).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_clue_without_a_name_is_followed_by_number_and_code(browse, transactional_db, javascript):
    make_department("emergency_desk", make_region("330106"))
    open_app("public_clues")
    page = browse("/services/public_clues/report/", javascript=javascript)
    press(page, "开始办理")
    page.locator("input[name=kind][value=hoarding]").check()
    page.locator("#id_description").fill("菜场东门口罩卖到 20 元一只。")
    page.locator("#id_seen_on").fill(today())
    press(page, "保存并继续")
    page.locator("#id_area").select_option("330106")
    page.locator("#id_place").fill("旭阳路 6 号")
    press(page, "保存并继续")
    page.locator("input[name=reporter][value=neighbour]").check()
    page.locator("input[name=real_name][value=no]").check()
    press(page, "保存并继续")
    press(page, "提交申请")
    heading(page, "提交成功，我们收到了")
    expect(page.locator(".receipt .no")).to_have_count(2)
    number, code = page.locator(".receipt .no").all_inner_texts()
    page.context.clear_cookies(name="sessionid")
    page.goto("/follow/")
    page.locator("#number").fill(number)
    page.locator("#code").fill(code)
    press(page, "查看办件")
    heading(page, "已收到，正在核对材料")


def test_an_agent_sees_the_firm_filled_in(browse, axe, transactional_db):
    firm = make_firm("示例纺织有限公司", region=make_region("330106"))
    erin = make_firm_agent("erin", firm)
    open_app("return_to_work")
    page = browse(
        "/enterprise/services/return_to_work/resume/", size="desktop", user=erin, firm=firm
    )
    press(page, "开始办理")
    expect(page.locator("#id_credit_code")).to_have_value(firm.credit_code)
    assert not axe(page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_is_cut_off(browse, axe, overflows, alice, language, size):
    make_office("housing_fund")
    case = do(file_rent(alice), "correct", opinion="地址不全", fields=["address"])
    paths = (
        "/",
        "/search/?q=公积金",
        "/services/",
        "/services/housing_fund/rent/",
        "/cases/",
        f"/cases/{case.pk}/",
        f"/cases/{case.pk}/correct/",
        f"/cases/{case.pk}/withdraw/",
        "/messages/",
        "/me/",
        "/follow/",
        "/verify/",
        "/enterprise/",
    )
    page = browse(paths[0], size=size, language=language, user=alice)
    for path in paths:
        page.goto(path)
        assert not axe(page), path
        assert not overflows(page), path
