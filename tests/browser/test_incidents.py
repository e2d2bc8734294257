"""An incident with one hand on a phone in Chinese, and commanded from a desk in English."""

import re

import pytest
from playwright.sync_api import expect

from collab_hub.directory.services import save_card
from collab_hub.incidents import adding_services
from collab_hub.incidents.models import Incident
from tests.collab_hub.incidents.makers import (
    activate,
    colleague,
    desk,
    head,
    move,
    published,
    todo,
    tracer,
)
from tests.collab_hub.makers import ACCEPT, make_napp
from tests.factories import actor_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_confirmed_moved_and_reported_on_a_phone(browse, axe, overflows, transactional_db):
    incident = activate()
    address = f"/office/incidents/{incident.pk}/"
    role, one = incident.roles.get(key="r3"), todo(incident, "Trace contacts")
    plain = browse(f"{address}people/", user=tracer(), javascript=False)
    plain.locator(f"#role-{role.pk} button[value=confirm]").click()
    expect(plain.locator(f"#role-{role.pk}")).to_contain_text("已确认")
    plain.goto(address)
    with plain.expect_navigation():
        plain.locator(f"[id='b-{one.pk}-doing']").click()
    expect(plain.locator(".workcard", has_text="Trace contacts")).to_contain_text("办理中")

    phone = browse(address, user=tracer())
    for part in ("", "people/", "checks/", "resources/", "log/", "add/", f"tasks/{one.pk}/"):
        phone.goto(f"{address}{part}")
        assert axe(phone) == [] and not overflows(phone), part
    phone.goto(f"{address}reports/")
    phone.locator("main details summary").first.click()
    phone.locator("#id_text").fill("已完成首轮流调。")
    phone.locator("#id_figure_f1").fill("3")
    assert axe(phone) == [] and not overflows(phone)
    phone.locator("main details form button").click()
    expect(phone.locator("main")).to_contain_text("已完成首轮流调。")


def test_who_may_not_activate_a_plan_finds_the_numbers(browse, axe, overflows, transactional_db):
    version = published()
    address = f"/office/incidents/plans/{version.plan_id}/"
    save_card(actor=actor_of(head()), room="", phone="0571-85250000", hides_mobile=False)
    phone = browse(f"{address}activate/", user=colleague())
    expect(phone.locator("main")).to_contain_text("启动")
    expect(phone.locator("[aria-labelledby=who] a[href^='tel:']")).to_be_visible()
    expect(phone.locator("[aria-labelledby=tree]")).to_contain_text("Tracing")
    assert axe(phone) == [] and not overflows(phone)


def test_activated_moved_second_and_ended_at_a_desk(browse, axe, overflows, transactional_db):
    version = published()
    address = f"/office/incidents/plans/{version.plan_id}/"
    screen = browse(address, size="desktop", language="en", user=desk())
    assert axe(screen) == [] and not overflows(screen)
    screen.get_by_role("link", name="Activate").first.click()
    screen.locator("#id_place").fill("Gudang market")
    assert axe(screen) == []
    with screen.expect_navigation():
        screen.get_by_role("button", name="Activate now").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Outbreak plan")
    incident = Incident.objects.get()
    one = todo(incident, "Trace contacts")
    move(tracer(), one, "doing")
    # The page still shows it as it was: htmx puts the board in place that says who was first.
    browse.expect("409")
    screen.locator(f"[id='b-{one.pk}-done']").click()
    expect(screen.locator("#board [role=alert]")).to_contain_text("Li was faster")
    screen.locator(f"[id='b-{one.pk}-done']").click()
    expect(screen.locator(".workcard.over", has_text="Trace contacts")).to_be_visible()
    assert axe(screen) == [] and not overflows(screen)
    signed_in = screen.context.cookies()
    screen.context.clear_cookies()
    # What it promises is not waited for: the page gives way meanwhile.
    screen.evaluate("void htmx.ajax('GET', location.href, '#board')")
    expect(screen).to_have_url(re.compile("/accounts/login/"))
    screen.context.add_cookies(signed_in)
    screen.goto(f"/office/incidents/{Incident.objects.get().pk}/")
    napp = make_napp(ACCEPT, slug="room_keys", ends=["government"]).napp
    adding_services.start_beside(
        actor=actor_of(desk()), incident=incident, napp=napp.slug, process="main"
    )
    screen.get_by_role("link", name="Log", exact=True).click()
    screen.get_by_role("link", name="History of the process").click()
    assert axe(screen) == [] and not overflows(screen)
    screen.get_by_role("link", name="History of: Outbreak plan").first.click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Outbreak plan")
    screen.goto(f"/office/incidents/{incident.pk}/")
    screen.get_by_role("link", name="Add and end").click()
    screen.locator("#id_end-note").fill("No further case.")
    screen.get_by_role("button", name="Stand down").click()
    expect(screen.locator("main")).to_contain_text("Made from the log alone")
    assert axe(screen) == [] and not overflows(screen)
