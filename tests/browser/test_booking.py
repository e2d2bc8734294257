"""Booking an appointment on a phone without JavaScript; the head closes the day."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from security.actors import Actor
from service_hub.booking import hall_services
from service_hub.booking.models import Appointment
from tests.factories import make_official
from tests.service_hub.booking.makers import make_hall

pytestmark = pytest.mark.usefixtures("transactional_db")


def _open_tomorrow(hall) -> None:
    """Whatever the calendar says, the hall is open on the next days."""
    for days in (0, 1, 2):
        hall_services.close_day(
            actor=Actor.system("t"), hall=hall, on=timezone.localdate() + timedelta(days=days),
            opens=time(9), closes=time(17), reason="照常开放",
        )  # fmt: skip


def test_booked_without_an_account_moved_and_cancelled(browse, overflows):
    _open_tomorrow(make_hall())
    browse.expect("422")
    page = browse("/appointments/new/", javascript=False)
    page.locator("main .menu a").first.click()
    with page.expect_navigation():
        page.locator("main .chip").nth(1).click()
    page.locator("main .opt").nth(1).click()
    page.locator("main form .btn.lg").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.locator("main .opt").nth(1).click()
    page.locator("#name").fill("王秀英")
    page.locator("#mobile").fill("13800007766")
    assert not overflows(page)
    page.locator("main form .btn.lg").click()
    expect(page.locator("main .receipt img")).to_be_visible()
    assert not overflows(page)
    made = Appointment.objects.get()
    page.locator('main a[href$="/move/"]').click()
    with page.expect_navigation():
        page.locator("main .chip").nth(1).click()
    page.locator("main .opt").nth(3).click()
    page.locator("main form .btn.lg").click()
    page.wait_for_url(f"**/appointments/{made.pk}/")
    page.locator('main a[href$="/cancel/"]').click()
    page.locator("main form .btn.danger").click()
    expect(page.locator("main .tag")).to_have_text("已取消")
    made.refresh_from_db()
    assert (made.moved, made.state) == (1, "cancelled")


def test_the_hall_in_the_office_and_on_its_screen(browse, axe, overflows):
    make_hall()
    browse.expect("422")
    head = make_official("head", kind="service_bureau", duties=["clerk", "head"])
    look = {"size": "desktop", "language": "en"}
    page = browse("/office/halls/xihu/plan/", user=head, **look)
    page.locator("#id_hours").fill("9-11")
    page.locator('button[value="hours"]').click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not axe(page)
    for path in ("/office/halls/xihu/", "/office/halls/xihu/windows/3/"):
        page.goto(page.url.split("/office")[0] + path)
        assert not axe(page) and not overflows(page)
    outside = browse("/office/halls/xihu/", user=make_official("outside", kind="education"))
    expect(outside.locator("[aria-labelledby=ap]")).to_contain_text("duty:hall-xihu")
    assert not axe(outside) and not overflows(outside)
    for path in ("/halls/xihu/", "/halls/xihu/screen/", "/appointments/"):
        visitor = browse(path, **look)
        assert not axe(visitor) and not overflows(visitor)
