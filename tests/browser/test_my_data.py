"""My data as people use it: what waits, what is held, consents, requests, and two officials."""

import os

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.forms.earlier import allows_earlier
from service_hub.personal_data.models import DataRequest
from service_hub.personal_data.services import answer_request, ask_request
from tests.factories import actor_of, make_admin, make_citizen
from tests.service_hub.makers import do, file_rent, make_office

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESSES = ("/", "/me/", "/me/held/", "/me/looks/", "/me/consents/", "/me/requests/")


@pytest.fixture
def alice():
    make_office("housing_fund")
    alice = make_citizen("alice", name="陈小宁")
    do(file_rent(alice), "correct", fields=["rent"], opinion="租金一栏请填写合同金额。")
    return alice


def picture(page, name: str) -> None:
    if os.environ.get("PICTURES"):
        page.screenshot(path=f"{os.environ['PICTURES']}/{name}.png", full_page=True)


def test_on_a_phone_without_script(browse, overflows, alice):
    page = browse("/", user=alice, javascript=False)
    assert "待您办理" in page.locator("main").inner_text()
    for number, address in enumerate(ADDRESSES):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + address)
        assert not overflows(page), address
        picture(page, f"phone-{number}")
    page.get_by_label("删除无须保存的信息").check()
    page.locator("textarea").fill("请删除草稿。")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("前答复")
    picture(page, "phone-asked")
    page.goto(page.url.replace("requests", "consents"))
    with page.expect_navigation():
        page.get_by_role("button", name="同意").first.click()
    assert allows_earlier(alice) is True
    with page.expect_navigation():
        page.get_by_role("button", name="撤回").first.click()
    assert allows_earlier(alice) is False


def test_on_a_desktop_in_english_and_in_the_office(browse, axe, overflows, alice):
    request = ask_request(actor=actor_of(alice), kind="deletion", text="Delete my drafts.")
    first, second = make_admin("guard-one"), make_admin("guard-two")
    answer_request(
        actor=actor_of(first), request=request, is_granted=True, reason="Nothing forbids it."
    )
    page = browse("/", user=alice, size="desktop", language="en")
    for number, address in enumerate(ADDRESSES):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + address)
        assert not axe(page), address
        assert not overflows(page), address
        picture(page, f"desktop-{number}")
    office = browse("/office/data-requests/", user=second, size="desktop", language="en")
    assert not axe(office)
    picture(office, "office")
    with office.expect_navigation():
        office.get_by_role("button", name="Confirm and carry out").click()
    assert DataRequest.objects.get().state == "granted"


def test_a_name_is_put_right_by_two_and_then_the_account_is_closed(browse, axe, overflows):
    """A citizen on a phone without script, two officials at their desks, both languages."""
    wang = make_citizen("wang", name="王伟")
    guards = [make_admin("guard-one"), make_admin("guard-two")]
    page = browse("/me/held/security.Identity/", user=wang, javascript=False)
    page.locator("main ul.docs a").click()
    expect(page.locator("main")).to_contain_text("公安机关")  # why the number stays
    picture(page, "entry")
    page.get_by_role("link", name="申请更正").click()
    page.get_by_role("button", name="提交更正申请").click()
    browse.expect("422")
    expect(page.locator(".err")).to_have_count(2)
    assert not overflows(page)
    picture(page, "correct")
    scripted = browse(page.url, user=wang, size="desktop", language="en")
    assert not axe(scripted)
    picture(scripted, "correct-desktop")
    page.locator("#wished").fill("王玮")
    page.locator("#text").fill("身份证上是“玮”。")
    page.get_by_role("button", name="提交更正申请").click()
    expect(page.locator("ins")).to_contain_text("王玮")
    decided(browse, axe, guards, "The card says so.")
    page.goto(page.url.replace("/me/requests/", "/me/held/security.Identity/"))
    page.locator("main ul.docs a").click()
    expect(page.locator("main")).to_contain_text("王玮")

    page.goto(page.url.split("/me/")[0] + "/me/requests/")
    page.get_by_label("注销账号").check()
    page.locator("textarea").fill("不再使用。")
    with page.expect_navigation():
        page.get_by_role("button", name="提交申请").click()
    expect(page.locator("main")).to_contain_text("前答复")
    decided(browse, axe, guards, "No case runs.")
    page.goto(page.url)
    assert "/accounts/login/" in page.url
    wang.refresh_from_db()
    assert wang.username.startswith("closed-") and not wang.is_active


def decided(browse, axe, guards, reason: str) -> None:
    """The first official proposes in English, the second confirms in Chinese."""
    page = browse("/office/data-requests/", user=guards[0], size="desktop", language="en")
    page.locator("main textarea").fill(reason)
    with page.expect_navigation():
        page.get_by_role("button", name="Grant").click()
    page = browse("/office/data-requests/", user=guards[1], size="desktop")
    assert not axe(page)
    picture(page, "confirm")
    with page.expect_navigation():
        page.get_by_role("button", name="确认并执行").click()
    assert not DataRequest.objects.filter(state="proposed").exists()
