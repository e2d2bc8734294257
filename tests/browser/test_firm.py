"""A firm on a phone: its members, its claim, its duties; without JavaScript where it can be."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from security.accounts.models import Firm, FirmAgent, User
from service_hub.claims.models import FirmClaim
from service_hub.firms.models import FirmInvitation
from tests.factories import credit_code, make_citizen, make_region
from tests.service_hub.claims.makers import NAME, make_organ
from tests.service_hub.duties.makers import declare, duty
from tests.service_hub.duties.test_duties import RESUME, file_plan
from tests.service_hub.firms.makers import make_members
from tests.service_hub.makers import PNG

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_members_are_invited_suspended_and_removed(browse, axe, overflows):
    browse.expect("422")
    firm, people = make_members("agent", "viewer")
    invited = make_citizen(name="王芳")
    page = browse(
        "/enterprise/firm/members/", javascript=False, user=people["legal"], firm=firm
    )  # fmt: skip
    page.locator("main form .btn.lg").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.locator("#id_name").fill("王芳")
    page.locator("#id_number").fill(invited.identity.citizen_number)
    until = timezone.localdate() + timedelta(days=100)
    page.locator("#id_valid_until").fill(until.isoformat())
    page.locator("main form .btn.lg").click()
    expect(page.locator("main")).to_contain_text("王芳")
    assert not overflows(page)
    made = FirmInvitation.objects.get()
    page.locator("main .docs a.btn").first.click()
    expect(page.locator('button[value="suspend"]')).to_be_visible()
    assert not overflows(page)
    with page.expect_navigation():
        page.locator('button[value="suspend"]').click()
    expect(page.locator("main .tag.warn")).to_be_visible()
    page.locator("main .docs a.btn").nth(1).click()
    page.locator('button[value="end"]').click()
    page.wait_for_url("**/firm/members/")
    assert FirmAgent.objects.filter(ended_at=None).count() == 2
    theirs = browse(f"/enterprise/firm/join/{made.token}/", user=invited, language="en")
    assert not axe(theirs) and not overflows(theirs)
    with theirs.expect_navigation():
        theirs.locator('button[value="accept"]').click()
    look = {"size": "desktop", "language": "en"}
    for path in ("members", "history", "bind"):
        wide = browse(f"/enterprise/firm/{path}/", user=people["legal"], firm=firm, **look)
        assert not axe(wide) and not overflows(wide)


def test_an_unknown_firm_is_claimed_and_does_its_duty(browse, axe, overflows):
    browse.expect("422")
    _department, clerk, reviewer = make_organ()
    person = make_citizen(name="王芳")
    page = browse("/enterprise/firm/bind/", javascript=False, user=person)
    page.locator('main a[href$="/claims/"]').click()
    page.locator("#id_credit_code").fill(credit_code())
    page.locator("#id_licence").set_input_files(
        {"name": "licence.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.locator("main form .btn.lg").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    # What was typed is still there, and the file too.
    page.locator("#id_name").fill(NAME)
    page.locator("#id_region").select_option(make_region("330106").code)
    page.locator("main form .btn.lg").click()
    expect(page.locator("main .docs")).to_contain_text(NAME)
    assert not overflows(page)
    claim = FirmClaim.objects.get()
    for official, deed in ((clerk, "propose"), (reviewer, "accept")):
        desk = browse("/office/firms/", user=official, language="en")
        assert not axe(desk) and not overflows(desk)
        desk.get_by_role("link", name=NAME).click()
        desk.wait_for_url(f"**/office/firms/{claim.pk}/")
        assert not axe(desk) and not overflows(desk)
        with desk.expect_navigation():
            desk.locator(f'button[value="{deed}"]').click()
        desk.wait_for_url(f"**/office/firms/{claim.pk}/")
    declare(duty(service=RESUME))
    firm, person = Firm.objects.get(), User.objects.get(pk=person.pk)
    home = browse("/enterprise/", user=person, firm=firm, language="en")
    expect(home.get_by_role("heading", level=1)).to_have_text(NAME)
    assert not axe(home) and not overflows(home)
    home.goto("/enterprise/firm/deadlines/")
    with home.expect_navigation():
        home.get_by_role("link", name="Annual report").first.click()
    assert not axe(home) and not overflows(home)
    case = file_plan(person, firm)
    home.reload()
    expect(home.locator("main")).to_contain_text(case.number)
    expect(home.locator("main .tag.ok")).to_be_visible()
    wide = browse("/enterprise/firm/deadlines/", user=person, firm=firm, size="desktop")
    expect(wide.locator("#d-done")).to_be_visible()
    assert not axe(wide) and not overflows(wide)
