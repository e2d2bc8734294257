"""Hostile words in a real browser: no dialog opens, and the policy has nothing to refuse."""

import pytest

from tests.architecture.hostile_story import Story
from tests.architecture.test_hostile_texts import speaker

pytestmark = pytest.mark.django_db(transaction=True)
# What the browser tells of each refusal of the policy; `browse` fails on its console message too.
LISTEN = """document.addEventListener('securitypolicyviolation',
    event => (window.refused = window.refused || []).push(event.violatedDirective))"""


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_no_dialog_opens_and_nothing_is_refused(browse, size):
    story, opened = Story(speaker(0)), []
    for person, addresses in story.pages().items():
        page = browse("/about/privacy/", size=size, language="en", user=person)
        page.add_init_script(LISTEN)
        page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
        for address in addresses[:: 3 if size == "phone" else 4]:
            assert page.goto(address).status == 200, address
            # Whoever unfolds or focuses wakes what would only wait for that.
            page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
            page.keyboard.press("Tab")
            assert not page.evaluate("window.refused || []"), address
            assert not page.evaluate("document.querySelectorAll('main script[src]').length"), (
                address
            )
    assert not opened
