"""More time, papers that are fetched, and materials that nobody brings, in a real browser."""

import pytest
from playwright.sync_api import expect

from security.organs.models import Post
from service_hub.cases import services as cases
from service_hub.handling.models import Delivery
from service_hub.materials.models import SharedFact
from service_hub.sample_answers import answers_for
from tests.factories import actor_of, make_citizen, make_department, make_region
from tests.service_hub.makers import do, file_rent, item_of, make_office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(transactional_db):
    return make_citizen("alice")


@pytest.fixture
def office(transactional_db):
    found = make_office("housing_fund")
    Post.objects.filter(user=found["head"]).update(is_head=True)
    return found


def test_more_time_is_asked_granted_and_seen_by_the_applicant(browse, axe, alice, office):
    case = do(file_rent(alice))
    clerk = browse(f"/office/cases/{case.pk}/", size="desktop", language="en",
                   user=office["reviewer"])  # fmt: skip
    clerk.get_by_text("Ask for more time").click()
    clerk.get_by_label("How many working days?").fill("3")
    clerk.get_by_label("Reason (the applicant reads it)").first.fill("The bank answers slowly.")
    assert axe(clerk) == []
    clerk.get_by_role("button", name="Ask the head").first.click()
    expect(clerk.get_by_text("The head of the office is asked.")).to_be_visible()
    head = browse("/office/cases/?view=decide", size="phone", language="zh-hans",
                  user=office["head"])  # fmt: skip
    assert axe(head) == []
    head.locator("table a").first.click()
    head.get_by_role("button", name="同意", exact=True).click()
    expect(head.get_by_text("已作出决定。")).to_be_visible()
    citizen = browse(f"/cases/{case.pk}/", size="phone", language="zh-hans", user=alice)
    expect(citizen.get_by_text("办理期限延长 3 个工作日")).to_be_visible()
    assert axe(citizen) == []


def test_a_paper_is_chosen_laid_ready_and_fetched_with_a_code_without_script(browse, alice):
    make_region("330106")
    police = make_office("police")
    item = item_of("household", "id_card")
    values = answers_for("id_card", actor_of(alice), "330106")
    case = do(do(cases.file_values(actor=actor_of(alice), item=item, values=values).case))
    citizen = browse(f"/cases/{case.pk}/", size="phone", language="zh-hans", javascript=False,
                     user=alice)  # fmt: skip
    citizen.get_by_role("link", name="选择领取方式").click()
    citizen.get_by_label("窗口领取").check()
    citizen.get_by_role("button", name="确定").click()
    citizen.wait_for_url(f"**/cases/{case.pk}/")
    clerk = browse(f"/office/cases/{case.pk}/", size="phone", language="zh-hans",
                   javascript=False, user=police["clerk"])  # fmt: skip
    clerk.get_by_label("在哪里领取？").fill("西湖区政务服务大厅 3 号窗口")
    clerk.get_by_role("button", name="已备好待领").click()
    expect(clerk.get_by_label("领取人报的取件码")).to_be_visible()
    citizen.reload()
    code = Delivery.objects.get(case=case).code
    expect(citizen.get_by_text(code)).to_be_visible()
    clerk.get_by_label("领取人报的取件码").fill(code)
    clerk.get_by_label("领取人", exact=True).fill("陈宁")
    clerk.get_by_role("button", name="交付").click()
    expect(clerk.get_by_label("领取人报的取件码")).to_have_count(0)
    citizen.reload()
    expect(citizen.get_by_text("证件已交付")).to_be_visible()


def test_what_is_held_is_not_asked_for_and_may_be_added_all_the_same(
    browse, axe, overflows, alice, office
):
    SharedFact.objects.create(
        kind="tenancy_contract", user=alice, department=make_department("housing"),
        value={"zh": "租房合同已备案", "en": "The lease is on file"}, as_of="2026-09-01",
    )  # fmt: skip
    item_of("housing_fund", "rent")
    page = browse("/services/housing_fund/rent/start/", size="phone", language="zh-hans",
                  user=alice)  # fmt: skip
    draft = page.url.split("/page/")[0]
    page.goto(f"{draft}/page/lease/")
    expect(page.get_by_text("租房合同已备案")).to_be_visible()
    page.get_by_text("信息不对，或想自行上传").click()
    expect(page.locator("#id_lease_photo")).to_be_visible()
    assert axe(page) == []
    assert not overflows(page)
    page.goto(f"{draft}/check/")
    expect(page.get_by_role("heading", name="材料")).to_be_visible()
    assert axe(page) == []
