"""Ratings in a real browser: by a code without script, in the office, and on the public board."""

import pytest
from playwright.sync_api import expect

from security.actors import Actor
from service_hub.evaluations import rectification_services as orders
from service_hub.evaluations.models import Evaluation
from service_hub.evaluations.services import rate_visit, record_visit
from service_hub.evaluations.tokens import receipt_of, token_of
from service_hub.inquiries.models import Question
from tests.factories import actor_of, make_region
from tests.service_hub.makers import item_of, make_office

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = Actor.anonymous(channel="qr")


@pytest.fixture
def office(transactional_db):
    return make_office("housing_fund")


def rated(office, grade: int) -> Evaluation:
    visit = record_visit(actor=actor_of(office["clerk"]), window="3 号窗口")
    said = {"grade": grade, "text": "等了一个多小时", "contact": "13800002046"}
    return rate_visit(actor=NOBODY, visit=visit, **said)


def test_a_code_at_the_window_and_a_question_without_an_account(browse, axe, overflows, office):
    item_of("housing_fund", "rent")
    visit = record_visit(actor=actor_of(office["clerk"]), window="3 号窗口")
    page = browse(f"/rate/{token_of(visit.pk)}/", javascript=False)
    assert not overflows(page)
    assert page.locator("input:checked").count() == 0
    page.locator("label[for=score-2]").click()
    page.get_by_role("button", name="继续").click()
    page.get_by_label("等候时间太长").check()
    page.get_by_label("想说的话").fill("等了一个多小时")
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("谢谢您，评价已提交。")).to_be_visible()
    assert not overflows(page)
    order = Evaluation.objects.get().rectification
    to = {"actor": actor_of(office["head"]), "order": order}
    orders.sign_rectification(**to)
    orders.note_call_back(**to)
    orders.choose_measure(**to, measure="at_once")
    orders.answer_rectification(**to, answer="已增开窗口")
    page.reload()
    page.get_by_label("已解决").check()
    page.get_by_role("button", name="发送").first.click()
    expect(page.get_by_text("群众确认已解决")).to_be_visible()

    make_region("330106")
    page.goto("/services/housing_fund/rent/")
    page.get_by_role("link", name="向部门咨询").click()
    page.get_by_label("咨询哪个地区？").select_option("330106")
    browse.expect("422")
    page.get_by_role("button", name="提交咨询").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("您的问题").fill("租房合同要原件吗？")
    page.get_by_role("button", name="提交咨询").click()
    expect(page.get_by_text("咨询已提交，部门正在答复")).to_be_visible()
    assert not overflows(page)
    assert Question.objects.get().region.code == "330106"


def test_the_office_follows_up_in_english(browse, axe, overflows, office):
    order = rated(office, 1).rectification
    page = browse("/office/ratings/", size="desktop", language="en", user=office["head"])
    assert axe(page) == []
    page.get_by_role("link", name="At the window", exact=True).click()
    for words in ("Take it up", "I have called back and checked"):
        with page.expect_navigation():
            page.get_by_role("button", name=words).click()
    page.get_by_text("It is mistaken: ask for a review").first.click()
    assert axe(page) == []
    page.get_by_role("button", name="It is true: put it right at once").click()
    page.get_by_label("What did you find, what was done?").fill("More windows are open.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Answered, waits for the person").first).to_be_visible()
    assert axe(page) == []
    assert not overflows(page)
    page = browse(f"/rate/mine/{receipt_of(order.evaluation_id)}/", language="en")
    assert axe(page) == []
    assert not overflows(page)


@pytest.mark.parametrize(("language", "size"), [("zh-hans", "phone"), ("en", "desktop")])
def test_the_public_board(browse, axe, overflows, office, language, size):
    for grade in (5, 5, 4, 3, 2, 1):
        rated(office, grade)
    page = browse("/board/", size=size, language=language)
    assert axe(page) == []
    assert not overflows(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Month" if language == "en" else "月份").click()
    assert axe(page) == []
    page.goto("/questions/ask/")
    assert axe(page) == []
