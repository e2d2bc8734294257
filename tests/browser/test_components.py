"""Every component of the design language: phone and desktop, both languages, light and dark."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_citizen


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(browse, axe, settings, language, size, dark):
    settings.DEMO = True
    page = browse("/styles/", size=size, language=language, dark=dark)
    assert not axe(page)
    page.goto("/styles/office/")
    assert not axe(page)


@pytest.mark.parametrize("path", ["/styles/", "/styles/office/"])
def test_nothing_is_wider_than_a_small_phone(browse, overflows, settings, path):
    settings.DEMO = True
    page = browse(path, size="small")
    assert not overflows(page)
    page.goto(f"{path}?type=big")
    assert page.locator("html.big-type").count() == 1
    assert not overflows(page)


def test_a_large_text_and_high_contrast_reader_passes_axe(browse, axe, settings):
    settings.DEMO = True
    page = browse("/styles/", cookies={"gov_type": "big", "gov_contrast": "more"})
    assert page.locator("html.big-type.contrast").count() == 1
    assert not axe(page)


def test_the_error_summary_has_the_focus_and_leads_to_the_field(browse, settings):
    settings.DEMO = True
    page = browse("/styles/", language="en")
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name="Monthly rent (yuan): This field is required.").click()
    expect(page.locator("#id_rent")).to_be_focused()


def test_stars_are_radios_for_the_keyboard(browse, settings):
    settings.DEMO = True
    page = browse("/styles/", size="desktop", language="en")
    page.get_by_label("Satisfied", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Fair")).to_be_checked()


def test_standing_pages_pass_axe_without_script(browse, axe):
    page = browse("/about/accessibility/", javascript=False)
    assert page.get_by_role("heading", level=1).count() == 1
    for path in ("/about/privacy/", "/about/counter/"):
        assert page.goto(path).status == 200


def test_a_missing_page_offers_the_search(browse, axe):
    browse.expect("404")
    page = browse("/no-such-page/")
    assert page.get_by_role("searchbox").is_visible()
    assert not axe(page)


def test_on_paper_only_the_content_is_left(browse, settings):
    settings.DEMO = True
    page = browse("/styles/", size="desktop", language="en")
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Design language").is_visible()
    assert page.get_by_text("The page on the internet is the one that counts").is_visible()
    for hidden in (".util", ".nav", ".foot", ".tabbar", ".who", ".btn"):
        assert not page.locator(hidden).first.is_visible(), hidden


def test_a_double_press_sends_once(browse):
    page = browse("/accounts/signup/", language="en")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    page.evaluate(
        """() => {
            const button = document.querySelector("main form button");
            button.click();
            button.click();
        }"""
    )
    expect(page.locator(".errors")).to_be_visible()
    assert len(posts) == 1


@pytest.mark.usefixtures("transactional_db")
def test_an_ended_session_loses_no_answer(browse, settings):
    settings.DEMO = True
    page = browse("/styles/", language="en", user=make_citizen("alice"))
    page.get_by_label("Remarks").fill("three pages of text")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("main").get_by_role("button", name="Save and continue").last.click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.get_by_label("Remarks")).to_have_value("three pages of text")
    page.context.add_cookies(cookies)  # signed in again in another window
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name="Save and continue").last.click()
    expect(page.get_by_role("heading", name="Design language")).to_be_visible()


@pytest.mark.usefixtures("transactional_db")
def test_a_new_token_reaches_an_old_form(browse, settings):
    """Signing in elsewhere changes the token against forged forms; the old page must still work."""
    settings.DEMO = True
    page = browse("/styles/", language="en", user=make_citizen("alice"))
    page.get_by_label("Remarks").fill("text")
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    with page.expect_navigation() as arrived:
        page.get_by_role("main").get_by_role("button", name="Save and continue").last.click()
    assert arrived.value.status == 200


@pytest.mark.usefixtures("transactional_db")
def test_the_keyboard_skips_to_the_content_and_closes_menus(browse):
    page = browse("/about/privacy/", language="en", user=make_citizen("alice"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    menu = page.locator("details.drop").first
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", re.compile(""))
    expect(menu.locator("summary")).to_be_focused()
