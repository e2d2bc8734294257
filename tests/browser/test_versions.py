"""A new version in a browser: written by two, published by two, and running cases moved to it."""

import json

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.process.models import ProcessInstance
from platform_core.common.outbox import services as outbox
from platform_core.napps import selectors as napps
from tests.browser.test_admin import as_file
from tests.collab_hub.makers import ACCEPT, DECIDE, make_case, make_napp, manifest, open_task, text
from tests.factories import make_admin, make_official

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = pytest.mark.parametrize("language", ["en", "zh-hans"])
LOOK = {**ACCEPT, "title": text("Look closely", "细看")}
VISIT_FIRST = {**ACCEPT, "key": "visit", "title": text("Visit first", "先看现场")}


@pytest.fixture(autouse=True)
def _axe_probes_the_stock_admin(browse):
    """axe looks into the style sheets of Django's admin by ways that our policy refuses it."""
    browse.expect("Applying inline style")
    browse.expect("Couldn't load preload assets")


@pytest.fixture
def people(transactional_db):
    make_official("carol", kind="market", duties=["reviewer"], name="Carol")
    return {
        "anna": make_admin("anna"),
        "ben": make_admin("ben"),
        "clerk": make_official("alice", kind="market", duties=["clerk"], name="Alice"),
    }


def carry_out() -> None:
    """What relay and worker do in the background."""
    while ids := outbox.lease_due(limit=100):
        for message_id in ids:
            outbox.deliver(message_id=message_id)


def upload(page, data) -> None:
    page.goto("/admin/platform_core/napp/add/")
    page.get_by_label("Manifest file").set_input_files(as_file(data))
    page.get_by_role("button", name="Register the manifest").click()


def test_a_version_is_published_by_two_and_running_cases_are_moved(browse, axe, overflows, people):
    version = make_napp()
    running = make_case(version, label="Chen Ning's stall")
    anna = browse("/admin/", size="desktop", language="en", user=people["anna"])
    upload(anna, manifest([LOOK, VISIT_FIRST, DECIDE], version="2.0.0"))
    anna.get_by_role("link", name="Ask for publication").click()
    changes = anna.get_by_role("region", name="What changes")
    expect(changes).to_contain_text("Step “Visit first” was added after “Look closely”")
    expect(changes).to_contain_text("The version goes from 1.0.0 to 2.0.0")
    anna.get_by_label("Note").fill("The visit is law now.")
    assert not axe(anna) and not overflows(anna)
    anna.get_by_role("button", name="Ask for publication").click()
    expect(anna.locator(".waiting")).to_contain_text("Anna has asked")
    with anna.expect_navigation():
        anna.get_by_role("link", name="Look at it").click()
    expect(anna.get_by_role("button", name="Approve and publish")).to_have_count(0)

    ben = browse("/admin/platform_core/publicationrequest/?turn=mine", size="desktop",
                 language="en", user=people["ben"])  # fmt: skip
    ben.locator("#result_list tbody th a").click()
    expect(ben.get_by_role("region", name="What changes")).to_contain_text("“Visit first”")
    assert not axe(ben)
    ben.get_by_role("button", name="Approve and publish").click()
    expect(ben.locator(".messagelist")).to_contain_text("2.0.0 is in use")
    current = napps.napp_by_slug("market_stall").current
    assert current.version == "2.0.0"
    begun = make_case(current, label="Li Min's stall")
    assert open_task(begun).title["en"] == "Look closely"
    assert open_task(running).title["en"] == "Accept"

    anna.goto(f"/admin/platform_core/napp/{version.napp_id}/change/")
    anna.get_by_role("link", name="Cases on older versions: 1").click()
    anna.get_by_role("link", name="Preview").click()
    expect(anna.get_by_role("status")).to_contain_text("1 case moves · 0 cases cannot")
    anna.get_by_label("Reason").fill("The visit is law now.")
    assert not axe(anna) and not overflows(anna)
    anna.get_by_role("button", name="Ask for the migration").click()
    expect(anna.locator(".waiting")).to_contain_text("somebody else decides")
    ben.goto("/admin/platform_core/casemigration/?turn=mine")
    ben.locator("#result_list tbody th a").click()
    ben.get_by_role("button", name="Approve and move the cases").click()
    expect(ben.get_by_text("under way")).to_be_visible()
    carry_out()
    ben.reload()
    expect(ben.get_by_text("1 of 1 done: 1 moved, 0 kept")).to_be_visible()
    assert not axe(ben)
    assert ProcessInstance.objects.get(pk=running.pk).napp_version == current

    clerk = browse(f"/office/tasks/{open_task(running).pk}/", size="desktop", language="en",
                   user=people["clerk"])  # fmt: skip
    expect(clerk.get_by_role("heading", name="Look closely").or_(
        clerk.get_by_text("Look closely").first)).to_be_visible()  # fmt: skip
    expect(clerk.get_by_text("Moved to another version of the process")).to_be_visible()
    expect(clerk.get_by_text("approved by Ben: The visit is law now.")).to_be_visible()


def write(page, **changes) -> None:
    """Change the definition in the box and save."""
    box = page.locator("#id_text")
    content = json.loads(box.input_value()) | changes
    box.fill(json.dumps(content, ensure_ascii=False, indent=2))
    with page.expect_navigation():
        page.locator("[name=save]").click()


@BOTH
def test_two_designers_save_at_once_and_nothing_is_lost(browse, axe, overflows, people, language):
    version = make_napp()
    address = f"/admin/platform_core/napp/{version.napp_id}/draft/"
    anna = browse(address, size="desktop", language=language, user=people["anna"])
    anna.locator("[name=begin]").click()
    expect(anna.locator("#id_text")).to_be_visible()
    assert not axe(anna) and not overflows(anna)
    ben = browse(address, size="phone", language=language, user=people["ben"])
    write(anna, icon="bell", summary=text("Another summary", "另一说明"))
    expect(anna.locator(".messagelist")).to_be_visible()
    write(ben, icon="star", title=text("A market stall", "集市的摊位"))
    expect(ben.locator(".messagelist")).to_contain_text("Anna")
    sides = ben.locator(".both > div")
    expect(sides.nth(0)).to_contain_text("bell")
    expect(sides.nth(1)).to_contain_text("star")
    assert not axe(ben) and not overflows(ben)
    with ben.expect_navigation():
        ben.locator("[name=merge]").click()
    expect(ben.get_by_role("alert")).to_be_visible()
    ben.locator("[name='choice:icon'][value=mine]").check()
    with ben.expect_navigation():
        ben.locator("[name=merge]").click()
    merged = json.loads(ben.locator("#id_text").input_value())
    assert (merged["icon"], merged["title"]["en"], merged["summary"]["en"]) == (
        "star", "A market stall", "Another summary",
    )  # fmt: skip


@BOTH
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_pages_fit_every_screen_and_every_reader(
    browse, axe, overflows, people, language, size
):
    version = make_napp()
    make_case(version, label="Chen Ning's stall")
    from platform_core.capabilities.process.migration import services as migration
    from platform_core.napps import services as registry
    from platform_core.napps.publication import services as publication
    from tests.factories import MAKER, actor_of

    newer = registry.register_napp(
        actor=MAKER, manifest=manifest([VISIT_FIRST, DECIDE], version="2.0.0")
    )
    registry.switch_version(actor=MAKER, napp=version.napp, version=newer)
    wish = publication.ask_publication(actor=actor_of(people["anna"]), version=version, note="x")
    moving = migration.ask_migration(actor=actor_of(people["anna"]), source=version, reason="x")
    page = browse("/admin/", size=size, language=language, user=people["ben"])
    base = "/admin/platform_core"
    for path in (
        f"{base}/napp/{version.napp_id}/change/",
        f"{base}/napp/{version.napp_id}/compare/{version.pk}/{newer.pk}/",
        f"{base}/napp/{version.napp_id}/draft/",
        f"{base}/publicationrequest/",
        f"{base}/publicationrequest/{wish.pk}/change/",
        f"{base}/casemigration/",
        f"{base}/casemigration/add/",
        f"{base}/casemigration/add/?napp={version.napp_id}&source={version.pk}",
        f"{base}/casemigration/{moving.pk}/change/",
    ):
        assert page.goto(path).status == 200, path
        assert not axe(page), path
        assert not overflows(page), path
