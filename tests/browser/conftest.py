"""A real browser on the real server. `browse` opens pages as the people who use them do.

    page = browse("/")                                        # a phone, Chinese, nobody signed in
    page = browse("/office/", size="desktop", language="en", user=bob)
    page = browse("/services/", javascript=False)
    assert not axe(page)

A click is over before the next page is there, a tap before it is asked for. So what looks at the
page or at the database next waits first for what the person would see: `expect(...)`,
`page.wait_for_url(...)` or, where both pages look alike, `with page.expect_navigation():` around
the press. A button that was pressed has other words until then: that it is gone says nothing.

Script errors, refused resources and failed requests of any page fail the test at its end;
`browse.expect("404")` lets through what a test provokes. A failed test leaves its last pictures
in var/browser/.
"""

import os
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.axe import violations
from tests.factories import sign_in

# Playwright's loop runs in this thread, beside plain synchronous calls of the ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

SIZES = {
    "phone": {"width": 390, "height": 844},
    "small": {"width": 320, "height": 640},
    "desktop": {"width": 1440, "height": 900},
}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 30_000  # ms for any one wait; nothing waits that long where it works
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    """Whatever lies in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember how the test ended, for the pictures that `browse` takes."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.failed_in_call = report.failed


@pytest.fixture(scope="session")
def chromium():
    """One browser process for all tests of this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or None, args=list(FLAGS)
        )
        yield browser
        browser.close()


@dataclass
class Browse:
    """Opens pages and remembers everything that went wrong in them."""

    chromium: object
    address: str
    pages: list[Page] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __call__(self, path="/", *, size="phone", language="zh-hans", javascript=True,
                 user=None, firm=None, dark=False, cookies=None) -> Page:  # fmt: skip
        """A page in a browser of its own, after `path` has loaded."""
        context = self.chromium.new_context(
            base_url=self.address,
            viewport=SIZES[size],
            has_touch=size != "desktop",
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="en-GB" if language == "en" else "zh-CN",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        jar = {django_settings.LANGUAGE_COOKIE_NAME: language, **(cookies or {})}
        if user is not None:
            jar[django_settings.SESSION_COOKIE_NAME] = session_of(user, firm)
        context.add_cookies(
            [{"name": name, "value": value, "url": self.address} for name, value in jar.items()]
        )
        page = context.new_page()
        self.watch(page)
        context.on("page", self.watch)
        page.goto(path)
        return page

    def watch(self, page: Page) -> None:
        if page in self.pages:
            return
        self.pages.append(page)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", self.note)

    def note(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"{message.type}: {message.text}")

    def expect(self, text: str) -> None:
        """Problems whose text holds `text` belong to the test."""
        self.expected.append(text)

    def unexpected(self) -> list[str]:
        return [
            problem
            for problem in self.problems
            if not any(text in problem for text in self.expected)
        ]


def session_of(user, firm=None) -> str:
    """The session cookie of somebody who has signed in, second factor included."""
    client = Client()
    sign_in(client, user, firm=firm)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


class AtWork:
    """The threads of the live server that answer a request at this moment."""

    def __init__(self):
        self.threads: set[int] = set()
        self.changed = threading.Condition()

    def begin(self, **_kwargs) -> None:
        if threading.current_thread() is not threading.main_thread():
            with self.changed:
                self.threads.add(threading.get_ident())

    def end(self, **_kwargs) -> None:
        with self.changed:
            self.threads.discard(threading.get_ident())
            self.changed.notify_all()

    def wait(self) -> None:
        """Until all are answered, or for as long as any wait may last."""
        with self.changed:
            self.changed.wait_for(lambda: not self.threads, PATIENCE / 1000)


@pytest.fixture(scope="session")
def at_work():
    """What the live server is at work on."""
    found = AtWork()
    request_started.connect(found.begin)
    request_finished.connect(found.end)
    yield found
    request_started.disconnect(found.begin)
    request_finished.disconnect(found.end)


@pytest.fixture
def browse(request, chromium, live_server, at_work):
    """Opens pages: see the head of this file."""
    opened = Browse(chromium, live_server.url)
    yield opened
    failed = getattr(request.node, "failed_in_call", False)
    unexpected = opened.unexpected()
    if failed or unexpected:
        keep_pictures(request.node.nodeid, opened.pages)
    for context in {page.context for page in opened.pages}:
        context.close()
    # A page that closes sends what is not saved; answered later, it would meet another test's rows.
    at_work.wait()
    assert not unexpected, "the browser complained:\n" + "\n".join(unexpected)


def until(page: Page, condition) -> None:
    """Waits until `condition()` holds, for what the page itself does not show."""
    for _turn in range(PATIENCE // 100):
        if condition():
            return
        page.wait_for_timeout(100)
    pytest.fail("waited in vain")


def keep_pictures(test: str, pages: list[Page]) -> None:
    """Pictures of every page of a failed test, named after it."""
    folder = Path(django_settings.VAR_DIR) / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W+", "-", test.split("browser/")[-1]).strip("-")
    for number, page in enumerate(pages):
        if not page.is_closed():
            page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)


@pytest.fixture
def axe():
    """What axe-core finds on a page: an empty list is the only good answer."""
    return violations


@pytest.fixture
def overflows():
    """Whether a page is wider than the screen."""

    def is_wider(page: Page) -> bool:
        page.wait_for_load_state()
        return page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )

    return is_wider
