"""The main job of the platform from the first word to the last, by a citizen and three officials.

Alice signs in, finds the service, files her request, puts right what the clerk asks for, sees it
done and rates it. The clerk and the reviewer work in the office meanwhile.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import expect

from service_hub.cases.models import Case
from service_hub.evaluations.models import Evaluation
from tests.factories import PASSWORD, make_citizen
from tests.service_hub.makers import PNG, make_office, open_app

pytestmark = pytest.mark.django_db(transaction=True)
SEARCH = {"zh-hans": "租房提取公积金", "en": "withdraw housing fund for rent"}
ADDRESS = "文一西路 969 号 3 幢 1204 室 𠮷"
ASKED = "地址不全，请写到门牌号。"
WAYS = pytest.mark.parametrize(
    ("language", "size", "javascript"),
    [("zh-hans", "phone", False), ("en", "desktop", True)],
    ids=["chinese-phone-no-script", "english-desktop"],
)


@pytest.fixture
def office(transactional_db):
    """The clerk, the reviewer and the head of the fund in Xihu District."""
    open_app("housing_fund")
    return make_office("housing_fund")


def press(page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def heading(page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def day(offset: int) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def sign_in_here(page) -> None:
    page.get_by_label(gettext("User name or e-mail address")).fill("alice")
    page.get_by_label(gettext("Password")).fill(PASSWORD)
    press(page, gettext("Sign in"))
    page.wait_for_url(re.compile(r"//[^/]+/$"))


def file_request(page, language: str) -> None:
    """Search, read, fill in; a wrong number is told at its field and stays to be mended."""
    page.get_by_role("searchbox").first.fill(SEARCH[language])
    page.get_by_role("searchbox").first.press("Enter")
    page.locator(".hit h2 a").first.click()
    press(page, gettext("Start now"))
    page.wait_for_url("**/page/you/")
    page.locator("#id_mobile").fill("1380000")
    press(page, gettext("Save and continue"))
    expect(page.locator("#id_mobile")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_mobile")).to_have_value("1380000")
    expect(page.locator("#id_citizen_number")).not_to_have_value("")
    page.locator("#id_mobile").fill("13800002046")
    press(page, gettext("Save and continue"))
    page.wait_for_url("**/page/lease/")
    page.locator("#id_area").select_option("330106")
    page.locator("#id_address").fill("文一西路")
    page.locator("#id_rent").fill("3200")
    page.locator("#id_from_on").fill(day(-100))
    page.locator("#id_to_on").fill(day(100))
    lease = {"name": "lease.png", "mimeType": "image/png", "buffer": PNG}
    page.locator("#id_lease_photo").set_input_files(lease)
    press(page, gettext("Save and continue"))
    page.wait_for_url("**/page/bank/")
    choose(page, "bank", "icbc")
    page.locator("#id_card").fill("6222021202000006217")
    page.locator("input[name=no_home][value=yes]").check()
    press(page, gettext("Save and continue"))
    page.wait_for_url("**/check/")
    press(page, gettext("Send the application"))
    heading(page, gettext("We have received it"))


def choose(page, key: str, value: str) -> None:
    """A choice is a list or buttons, by its length."""
    choices = page.locator(f"select[name={key}]")
    if choices.count():
        choices.select_option(value)
    else:
        page.locator(f"input[name={key}][value={value}]").check()


def open_first_task(page) -> None:
    page.goto("/office/inbox/")
    page.locator(".item a").first.click()
    expect(page.locator("#subject")).to_be_visible()


def approve(page) -> None:
    open_first_task(page)
    press(page, pgettext("action", "Approve"))
    said = gettext("Approved: %(subject)s").partition("%")[0]
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()


def ask_for_the_address(page, case) -> None:
    """Find the case in the inbox, take it, and flag one answer."""
    open_first_task(page)
    expect(page.locator("#reading")).to_contain_text(case.number[-12:])
    press(page, pgettext("action", "Claim"))
    expect(page.get_by_text(gettext("The task is yours now.")).first).to_be_visible()
    page.locator("#opinion").fill(ASKED)
    page.locator("summary").filter(has_text=gettext("Ask for a correction")).click()
    page.locator("input[name=fields][value=address]").check()
    press(page, gettext("Ask the applicant"))
    page.wait_for_url("**/office/inbox/")


def correct_the_address(page, case) -> None:
    page.goto("/cases/")
    expect(page.locator("article").get_by_text(gettext("Needs you")).first).to_be_visible()
    page.goto(f"/cases/{case.pk}/")
    expect(page.get_by_text(ASKED).first).to_be_visible()
    page.get_by_role("link", name=gettext("Correct it now")).click()
    press(page, gettext("Begin"))
    expect(page.locator("#id_rent")).to_have_count(0)
    expect(page.locator("#id_address")).to_have_value("文一西路")
    page.locator("#id_address").fill(ADDRESS)
    press(page, gettext("Check and send"))
    press(page, gettext("Send the correction"))
    heading(page, gettext("We have received it and are looking it through"))


def rate(page, case) -> None:
    page.goto(f"/cases/{case.pk}/")
    heading(page, gettext("Done: your application was approved"))
    expect(page.get_by_role("radio")).to_have_count(5)
    page.locator("label[for=score-5]").click()
    press(page, gettext("Rate it"))
    expect(page.locator("input[name=option]").first).to_be_visible()
    # The same page in a second window: sent from both, it is one rating all the same.
    other = page.context.new_page()
    other.goto(page.url)
    for window in (page, other):
        window.locator("input[name=option]").first.check()
        press(window, gettext("Send the rating"))
        window.wait_for_url(f"**/cases/{case.pk}/")
        expect(window.get_by_role("heading", name=gettext("My rating"))).to_have_count(1)


@WAYS
def test_a_request_from_search_to_rating(browse, office, language, size, javascript):
    browse.expect("status of 409")
    browse.expect("status of 422")
    make_citizen("alice", phone="13800002046")
    with translation.override(language):
        alice = browse("/accounts/login/", size=size, language=language, javascript=javascript)
        sign_in_here(alice)
        file_request(alice, language)
        case = Case.objects.get()
        expect(alice.locator(".receipt .no").first).to_contain_text(case.number[-4:])

        clerk = browse("/office/", size=size, language=language, user=office["clerk"])
        ask_for_the_address(clerk, case)
        correct_the_address(alice, case)
        approve(clerk)
        reviewer = browse("/office/", size=size, language=language, user=office["reviewer"])
        approve(reviewer)

        alice.goto(f"/cases/{case.pk}/")
        expect(alice.locator(".timeline li, .tl li")).not_to_have_count(0)
        rate(alice, case)
    case.refresh_from_db()
    assert case.state == Case.State.APPROVED
    assert [one.grade for one in Evaluation.objects.filter(case=case)] == [5]
