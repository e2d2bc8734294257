"""Signing in, the second factor and the admin, under the strict content security policy."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from platform_core.common.samples import sample_steps
from tests.factories import PASSWORD, make_admin, make_citizen

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_pages_before_signing_in_pass_axe(browse, axe, overflows, language, size):
    page = browse("/accounts/login/", size=size, language=language)
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        page.goto(path)
        assert not axe(page), path
        assert not overflows(page), path


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_citizen_signs_in_and_out(browse, javascript):
    make_citizen("alice")
    page = browse("/accounts/login/", language="en", javascript=javascript)
    page.get_by_label("User name or e-mail address").fill("alice")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_label("User name or e-mail address")).to_have_value("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_the_second_factor_is_set_up_with_a_picture(browse, axe):
    alice = make_citizen("alice")
    page = browse("/accounts/2fa/", language="en", user=alice)
    assert not axe(page)
    page.get_by_role("link", name="Set it up").click()
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    picture = page.get_by_role("img", name="Picture with the key")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth > 0")
    assert not axe(page)
    page.get_by_text("I cannot scan it").click()
    secret = page.locator("details .mono").inner_text().strip()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    page.get_by_label("Code that the app shows").fill(
        totp.format_hotp_value(totp.hotp_value(secret, counter))
    )
    page.get_by_role("button", name="Switch it on").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    assert not axe(page)


def test_the_admin_runs_under_the_policy(browse):
    root = make_admin("root")
    page = browse("/admin/", size="desktop", user=root)
    for path in ("/admin/security/user/", f"/admin/security/user/{root.pk}/change/"):
        assert page.goto(path).status == 200
        page.wait_for_load_state("networkidle")


@pytest.fixture
def demo_people(settings):
    """The people of the demonstration, without their cases."""
    settings.DEMO = True
    steps = dict(sample_steps())
    for name in ("regions", "departments", "people"):
        steps[name]()


def test_an_official_of_the_demonstration_finds_the_way_in(browse, axe, demo_people):
    page = browse("/accounts/login/", language="en")
    assert not axe(page)
    page.get_by_role("button", name="Use xihu-clerk").click()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/2fa/authenticate/")
    assert not axe(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title(re.compile("^Error:"))
    code = page.locator(".demo .mono").inner_text()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/office/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_live_site_lists_no_accounts(browse):
    page = browse("/accounts/login/", language="en")
    assert page.get_by_text("Demonstration").count() == 0
