"""A representative looks after the members on a phone without JavaScript."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from security.accounts.models import FirmAgent
from service_hub.firms.models import FirmInvitation
from tests.factories import make_citizen
from tests.service_hub.firms.makers import make_members

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
    assert not overflows(page)
    page.locator('button[value="suspend"]').click()
    expect(page.locator("main .tag.warn")).to_be_visible()
    page.locator("main .docs a.btn").nth(1).click()
    page.locator('button[value="end"]').click()
    page.wait_for_url("**/firm/members/")
    assert FirmAgent.objects.filter(ended_at=None).count() == 2
    theirs = browse(f"/enterprise/firm/join/{made.token}/", user=invited, language="en")
    assert not axe(theirs) and not overflows(theirs)
    theirs.locator('button[value="accept"]').click()
    look = {"size": "desktop", "language": "en"}
    for path in ("members", "history", "bind"):
        wide = browse(f"/enterprise/firm/{path}/", user=people["legal"], firm=firm, **look)
        assert not axe(wide) and not overflows(wide)
