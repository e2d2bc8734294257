"""Every page of the office of the sample province on a phone, in both languages."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from security.accounts.models import User
from tests.architecture.test_urls import matrix
from tests.browser.office_pages import who_opens
from tests.browser.phone import faults

pytestmark = pytest.mark.usefixtures("transactional_db")
PEOPLE = (
    "xihu-head", "xihu-reviewer", "xihu-clerk", "xihu-desk", "hangzhou-head", "hangzhou-reviewer",
    "hangzhou-clerk", "admin", "auditor",
)  # fmt: skip
LINKS = """[...document.querySelectorAll('a[href^="/office/"]:not([rel=nofollow])')]
  .map((one) => one.href)"""
FILES = (".pdf", ".xlsx", ".csv", ".ics", "/pdf/", "/export/")


def kind_of(address: str) -> tuple | None:
    """What sort of page an address leads to: its route, and the view that is chosen in it. None for
    files and for what is no page of ours.
    """
    parts = urlsplit(address)
    if any(one in parts.path for one in FILES):
        return None
    try:
        route = resolve(parts.path).route
    except Resolver404:
        return None
    chosen = (pair for pair in parse_qsl(parts.query) if pair[0] in ("view", "box", "kind"))
    return route, tuple(chosen)


class Walk:
    """Looks at pages in one language, one of each sort."""

    def __init__(self, browse, language: str):
        self.browse, self.language = browse, language
        self.seen, self.found, self.pages = set(), [], {}

    def of(self, username: str) -> Page:
        if username not in self.pages:
            user = User.objects.get(username=username)
            page = self.browse("/about/privacy/", language=self.language, user=user)
            self.pages[username] = page
        return self.pages[username]

    def look(self, username: str, address: str) -> list[str]:
        """Note what is wrong with a page; returns the links of it."""
        page = self.of(username)
        status = page.goto(address).status
        where = f"{address} {username} {self.language}"
        self.found += [f"{where}: {one}" for one in faults(page)] if status == 200 else []
        if status != 200:
            self.found.append(f"{where}: {status}")
        self.seen |= {kind_of(address), kind_of(page.url)}
        return page.evaluate(LINKS)

    def follow(self, username: str) -> None:
        """From the first page on, wherever links of the office lead."""
        waiting, known = ["/office/"], set()
        while waiting:
            for link in self.look(username, waiting.pop(0)):
                kind = kind_of(link)
                if kind and kind not in self.seen | known:
                    known.add(kind)
                    waiting.append(link)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_office_is_used_with_one_hand(browse, settings, language):
    settings.DEMO = True
    call_command("sync_napps", verbosity=0)
    call_command("sample_data", verbosity=0)
    walk = Walk(browse, language)
    for username in PEOPLE:
        walk.follow(username)
    for address, username in who_opens().items():
        if kind_of(address) not in walk.seen:
            walk.look(username, address)
    pages = {route for route, words in matrix().items() if words[0] != "method"}
    pages = {one for one in pages if one.startswith("office/") and not any(f in one for f in FILES)}
    unseen = sorted(pages - {kind[0] for kind in walk.seen if kind})
    assert not walk.found + unseen, "\n".join(walk.found + unseen)
