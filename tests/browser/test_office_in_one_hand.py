"""Every page of the office of the sample province on a phone, in both languages."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.management import call_command
from django.urls import Resolver404, resolve

from security.accounts.models import User
from tests.architecture.test_urls import matrix
from tests.browser.phone import faults

pytestmark = pytest.mark.usefixtures("transactional_db")
PEOPLE = (
    "xihu-head", "xihu-reviewer", "xihu-clerk", "xihu-desk", "hangzhou-head", "hangzhou-reviewer",
    "hangzhou-clerk", "admin", "auditor",
)  # fmt: skip
LINKS = "[...document.querySelectorAll('a[href^=\"/office/\"]')].map((one) => one.href)"
FILES = (".pdf", ".xlsx", ".csv", ".ics", "/pdf/", "/export/")
MOST_OF_A_KIND = 1


def kind_of(path: str, query: str) -> tuple | None:
    """What sort of page an address leads to: its route, and the view that is chosen in it."""
    if any(one in path for one in FILES):
        return None
    try:
        route = resolve(path).route
    except Resolver404:
        return None
    views = tuple(pair for pair in parse_qsl(query) if pair[0] in ("view", "box", "kind"))
    return route, views


def walk(page, seen: set, found: list) -> None:
    """Follow the links of the office from its first page, one page of each sort."""
    waiting = ["/office/"]
    while waiting:
        address = waiting.pop(0)
        status = page.goto(address).status
        where = f"{address} {page.locator('html').get_attribute('lang')}"
        if status != 200:
            found.append(f"{where}: {status}")
            continue
        found += [f"{where}: {fault}" for fault in faults(page)]
        for link in page.evaluate(LINKS):
            parts = urlsplit(link)
            kind = kind_of(parts.path, parts.query)
            if kind and kind not in seen:
                seen.add(kind)
                waiting.append(f"{parts.path}?{parts.query}".rstrip("?"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_office_is_used_with_one_hand(browse, settings, language):
    settings.DEMO = True
    call_command("sync_napps", verbosity=0)
    call_command("sample_data", verbosity=0)
    seen, found = {("office/", ())}, []
    for username in PEOPLE:
        user = User.objects.get(username=username)
        walk(browse("/about/privacy/", language=language, user=user), seen, found)
    assert not found, "\n".join(found)
    asked = {route for route, words in matrix().items() if words[0] != "method"}
    missed = {route for route in asked if route.startswith("office/")} - {one for one, _ in seen}
    assert not missed, sorted(missed)
