"""Pages for bad days: Redis is down, a session ended while typing, nobody can do a task."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from tests.collab_hub.makers import make_case, make_napp, open_task
from tests.factories import PASSWORD, TOTP_SECRET, make_admin, make_citizen, make_official

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = pytest.mark.parametrize(
    ("language", "size"), [("zh-hans", "phone"), ("en", "desktop")], ids=["phone", "desktop"]
)
OPINION = "照片里是另一个摊位 𠮷"


@WAYS
def test_signing_in_without_redis(browse, axe, overflows, settings, language, size):
    make_citizen("alice")
    browse.expect("503")
    page = browse("/accounts/login/", language=language, size=size)
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    page.locator("input[name=login]").fill("alice")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("h1")).to_have_text(
        "Closed for a moment" if language == "en" else "暂时不能访问"
    )
    assert not axe(page)
    assert not overflows(page)


@WAYS
def test_what_nobody_can_do_is_shown_and_listed(browse, axe, overflows, language, size):
    version = make_napp()
    make_case(version)
    make_case(version)
    page = browse("/office/", language=language, size=size, user=make_admin())
    expect(page.locator("#stranded")).to_be_visible()
    assert not axe(page)
    assert not overflows(page)
    page.locator("a[href*='holder=nobody']").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    assert not axe(page)


def test_an_opinion_is_there_again_after_signing_in(browse):
    clerk = make_official("alice", kind="market", duties=["clerk"])
    task = open_task(make_case(make_napp()))
    page = browse(f"/office/tasks/{task.pk}/", language="en", javascript=False, user=clerk)
    Session.objects.all().delete()
    page.locator("#opinion").fill(OPINION)
    page.get_by_role("button", name="Approve", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    page.locator("input[name=login]").fill("alice")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/2fa/authenticate/**")
    page.locator("input[name=code]").fill(code_now())
    page.locator("input[name=code]").press("Enter")
    page.wait_for_url(f"**/office/tasks/{task.pk}/")
    expect(page.locator("#opinion")).to_have_value(OPINION)
    page.get_by_role("button", name="Approve", exact=True).click()
    page.wait_for_url("**/office/inbox/**")
    task.refresh_from_db()
    assert (task.state, task.opinion) == ("done", OPINION)


def code_now() -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(TOTP_SECRET, counter))
