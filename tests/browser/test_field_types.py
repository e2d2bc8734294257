"""One of each type in a real browser: sums follow the typing, signatures are drawn, and whatever
an author writes stays words.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.forms import selectors, services
from platform_core.capabilities.forms.models import Draft
from tests.factories import actor_of, make_citizen, make_department, make_official, make_region
from tests.hostile import hostile_texts
from tests.platform_core.capabilities.forms.makers import publish
from tests.platform_core.capabilities.forms.test_hostile_words import everything

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.platform_core.capabilities.forms.site"),
]
DEMO = Path("platform_core/capabilities/forms/demo.json")
BOTH = pytest.mark.parametrize(("size", "language"), [("phone", "zh-hans"), ("desktop", "en")])


def begin(user, form, key, slug="paper_work"):
    version = publish(form, slug=slug)
    return services.start_draft(
        actor=actor_of(user), napp_version=version, form_key=key, purpose="x"
    )


def stored(draft):
    return selectors.plain_values(Draft.objects.get(pk=draft.pk))


@pytest.fixture
def draft(db):
    make_region("330106")
    make_department("economy")
    (demo,) = json.loads(DEMO.read_text(encoding="utf-8"))
    return begin(make_official("olga"), demo, "resumption")


@BOTH
def test_every_type_is_drawn_well(browse, axe, overflows, draft, size, language):
    for key in ("firm", "contact", "plan"):
        page = browse(
            f"/forms-test/{draft.pk}/{key}", user=draft.user, size=size, language=language
        )
        assert not axe(page) and not overflows(page)
        with page.expect_navigation():
            page.locator(".btn[name=_next]").click()
        assert not axe(page) and not overflows(page)


def test_sums_follow_the_typing(browse, draft):
    page = browse(f"/forms-test/{draft.pk}/plan", user=draft.user, size="desktop", language="en")
    page.fill("[name=area]", "100")
    page.fill("[name=staff-0-days]", "3")
    page.fill("[name=staff-0-rate]", "1200.5")
    expect(page.locator("[data-row='0'] [data-cell=sum] output")).to_have_text("¥3,601.50")
    page.click("[name=_add]")
    page.fill("[name=staff-1-days]", "1")
    page.fill("[name=staff-1-rate]", "0.25")
    expect(page.locator("[data-ask=allowance] output")).to_have_text("¥3,601.75")
    expect(page.locator("[data-ask=share] output")).to_have_text("50 m²")
    expect(page.locator(".totals output")).to_have_text(["4", "¥3,601.75"])
    with page.expect_navigation():
        page.click("[name=_later]")
    expect(page.locator("[data-ask=allowance] output")).to_have_text("¥3,601.75")


def test_a_signature_is_drawn_and_kept(browse, draft):
    page = browse(f"/forms-test/{draft.pk}/plan", user=draft.user, size="desktop", language="en")
    page.fill("[name=signature-name]", "Olga")
    page.locator(".pad canvas").scroll_into_view_if_needed()
    box = page.locator(".pad canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    page.mouse.up()
    # The picture is made beside the page's own work; its input is open when it is there.
    page.locator("[name=signature]:not([disabled])").wait_for(state="attached")
    page.locator(".btn[name=_next]").click()
    expect(page.locator("[data-ask=signature] img.drawn")).to_be_visible()
    assert set(stored(draft)["signature"]) == {"name", "file"}


def test_nothing_that_an_author_writes_is_run(browse):
    alice = make_citizen("alice")
    words = " ".join(hostile_texts())
    texts = [words[at : at + 3900] for at in range(0, len(words), 3900)]
    dialogs = []
    for number, said in enumerate(texts):
        draft = begin(alice, everything(said), "f", slug=f"words_{number}")
        page = browse(f"/forms-test/{draft.pk}/p", user=alice)
        page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        page.fill("[name=rows-0-name]", said[:90])
        page.click("[name=_add]")
        with page.expect_navigation():
            page.locator(".btn[name=_next]").click()
        expect(page.locator(".errors")).to_have_count(1)
    assert not dialogs
