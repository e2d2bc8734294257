"""A unit's dashboard with one hand on a phone in Chinese, and at a desk in English."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from platform_core.capabilities.process.delegation.services import set_delegation
from tests.collab_hub.dashboards.makers import crowd, head_of
from tests.collab_hub.makers import make_napp
from tests.factories import actor_of, make_department, make_official

pytestmark = pytest.mark.django_db(transaction=True)


def test_figures_are_looked_at_opened_and_read_as_a_table(browse, axe, overflows, transactional_db):
    market = make_department("market")
    clerk = make_official("alice", department=market, name="Alice")
    now = timezone.now() - timedelta(minutes=1)
    crowd(make_napp(), [market], [clerk], now, seed=5, count=40)
    head = head_of(market, "hua")
    phone = browse("/office/dashboard/?period=year", size="phone", user=head, javascript=False)
    assert not overflows(phone)
    picture = phone.locator("svg.chart-picture.slim").first
    expect(picture).to_be_visible()
    expect(phone.locator("svg.chart-picture.wide").first).to_be_hidden()
    late = phone.locator(".kpi").nth(1)
    count = late.locator(".v").inner_text()
    late.get_by_role("link").click()
    expect(phone.locator("[data-total]")).to_have_attribute("data-total", count)
    assert not overflows(phone)

    desk = browse("/office/dashboard/?period=year", size="desktop", language="en", user=head)
    assert axe(desk) == [] and not overflows(desk)
    desk.get_by_text("The numbers as a table").first.click()
    expect(desk.get_by_role("table", name="Received and finished")).to_be_visible()
    assert axe(desk) == []
    dark = browse("/office/dashboard/?period=year", size="phone", user=head, dark=True)
    assert axe(dark) == []
    dark.goto(dark.url.split("/office")[0] + "/office/dashboard/list/?what=finished")
    assert axe(dark) == [] and not overflows(dark)

    # The clerk stands in for the head: the same page with people's names, and why.
    today = timezone.localdate()
    set_delegation(
        actor=actor_of(head), principal=head, deputy=clerk, valid_from=today, valid_until=today
    )
    deputy = browse("/office/dashboard/", size="phone", language="en", user=clerk)
    expect(deputy.get_by_text(f"You read this for {head}, whom you stand in for")).to_be_visible()
    expect(deputy.get_by_role("heading", name="Waiting now, by person")).to_be_visible()
    assert axe(deputy) == [] and not overflows(deputy)
