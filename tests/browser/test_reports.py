"""A district fills in on a phone, the city reads sums with their gaps, corrections flow up."""

import pytest
from playwright.sync_api import expect

from tests.collab_hub.reports.makers import World

pytestmark = pytest.mark.django_db(transaction=True)


def send(phone):
    """Send the report; what is looked at or opened next comes after its answer."""
    with phone.expect_navigation():
        phone.get_by_role("button", name="提交").tap()


def test_a_district_fills_in_on_a_phone_and_the_city_sums_up(
    browse, axe, overflows, transactional_db
):
    world = World()
    world.field("beds"), world.field("staff")
    rule = ("[staff] <= [beds]", {"zh": "人数不能多于床位", "en": "More staff than beds"})
    first = world.start(world.template("one", ["beds"]))
    second = world.start(world.template("two", ["beds", "staff"], [rule]))

    phone = browse("/office/inbox/", user=world.people[0])
    with phone.expect_navigation():
        phone.get_by_role("link", name="one").first.tap()
    phone.goto(f"/office/reports/fill/{world.filling(first).pk}/")
    phone.get_by_label("beds").fill("1200")
    send(phone)
    expect(phone.get_by_role("status").first).to_be_visible()
    phone.goto(f"/office/reports/fill/{world.filling(second).pk}/")
    expect(phone.get_by_role("heading", name="已有 1 项数据")).to_be_visible()
    expect(phone.get_by_label("beds")).to_have_count(0)
    assert axe(phone) == [] and not overflows(phone)
    phone.get_by_label("staff").fill("1300")
    browse.expect("422")
    send(phone)
    expect(phone.get_by_role("alert")).to_contain_text("人数不能多于床位")
    phone.get_by_label("staff").fill("300")
    send(phone)
    expect(phone.get_by_text("已报送").first).to_be_visible()
    phone.goto(f"/office/reports/fill/{world.filling(second).pk}/beds/")
    phone.locator("summary", has_text="更正").tap()
    phone.get_by_label("新的值").fill("1250")
    phone.get_by_label("理由").fill("漏计一家")
    phone.get_by_role("button", name="更正").tap()
    expect(phone.get_by_text("漏计一家").first).to_be_visible()
    assert axe(phone) == [] and not overflows(phone)

    desk = browse(f"/office/reports/{second.pk}/", size="desktop", language="en", user=world.clerk)
    total = desk.get_by_role("row").nth(1)
    expect(total).to_contain_text("1,250")
    expect(total).to_contain_text("without 2 organs")
    assert axe(desk) == [] and not overflows(desk)
    with desk.expect_navigation():
        desk.get_by_role("link", name="1,250").click()
    expect(desk.get_by_role("row", name="Hangzhou").first).to_contain_text("1,200")
    paths = ["", "fields/", "fields/beds/", "fields/new/", "templates/", "templates/two/"]
    pocket = browse("/about/privacy/", user=world.clerk)
    for path in [*paths, "templates/two/start/", f"{second.pk}/sheet/"]:
        for page in (desk, pocket):
            page.goto(f"/office/reports/{path}")
            assert axe(page) == [] and not overflows(page), path
