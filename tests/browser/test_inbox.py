"""A list worked through with single keys: acts that can be taken back, many at once, one hand."""

import pytest
from playwright.sync_api import expect

from collab_hub.inbox.models import Snooze, WorkItem
from platform_core.capabilities.process.models import Task
from tests.browser.conftest import until
from tests.collab_hub.inbox.kinds import put
from tests.collab_hub.makers import make_case, make_napp
from tests.factories import make_official

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk(transactional_db):
    return make_official("alice", kind="market", duties=["clerk"], name="Alice")


@pytest.fixture
def three(clerk):
    """Two cases and a notice."""
    version = make_napp()
    found = [make_case(version, label=label) for label in ("First stall", "Second stall")]
    put(clerk, title="A notice to confirm")
    return found


def approved() -> set[str]:
    done = Task.objects.filter(node="accept", state="done").select_related("instance")
    return {str(one.instance) for one in done}


def line(page, title):
    return page.locator(".item", has_text=title)


def test_an_act_can_be_taken_back_is_sent_after_its_window_and_when_leaving(browse, clerk, three):
    page = browse("/office/inbox/", size="desktop", language="en", user=clerk)
    page.clock.install()
    titles = page.locator(".item h3")
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("a")
    status = page.get_by_role("status").filter(has_text="in 8 seconds")
    expect(status).to_contain_text(first)
    page.clock.run_for(6000)
    page.keyboard.press("z")
    expect(page.locator("#undo")).to_contain_text(f"Taken back: {first}")
    expect(line(page, first).get_by_role("link")).to_be_focused()
    page.clock.run_for(9000)
    assert approved() == set()
    page.keyboard.press("a")
    page.clock.run_for(9000)
    expect(line(page, first)).to_have_count(0)
    expect(page.locator("nav [data-count=all]").first).to_have_text("2")
    assert approved() == {first}
    # The focus went on to the next line; leaving the page sends what still waits.
    expect(line(page, second).get_by_role("link")).to_be_focused()
    page.keyboard.press("a")
    page.goto("/office/settings/")
    until(page, lambda: approved() == {first, second})
    assert Task.objects.filter(node="decide").count() == 2


def test_each_of_two_acts_under_way_can_be_taken_back(browse, clerk, three):
    page = browse("/office/inbox/", size="desktop", language="en", user=clerk)
    page.clock.install()
    first, second = (page.locator(".item h3").nth(at).inner_text() for at in (0, 1))
    undo = page.locator("#undo button")
    page.keyboard.press("j")
    # A key held down is one act.
    page.keyboard.down("a")
    page.keyboard.down("a")
    page.keyboard.up("a")
    expect(page.locator(".item.pending")).to_have_count(1)
    page.clock.run_for(4000)
    page.keyboard.press("a")
    page.clock.run_for(5000)
    expect(line(page, first)).to_have_count(0)
    expect(undo).to_be_visible()
    undo.click()
    expect(page.locator("#undo")).to_contain_text(f"Taken back: {second}")
    expect(undo).to_be_hidden()
    page.clock.run_for(9000)
    assert approved() == {first}
    for _act in range(2):
        page.keyboard.press("a")
    expect(page.locator(".item.pending")).to_have_count(2)
    page.keyboard.press("z")
    expect(undo).to_be_visible()
    page.keyboard.press("z")
    expect(undo).to_be_hidden()
    expect(page.locator(".item.pending")).to_have_count(0)


def test_several_are_chosen_with_keys_or_fingers_and_done(browse, axe, overflows, clerk, three):
    page = browse("/office/inbox/", size="desktop", language="en", user=clerk)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Approve it, or confirm it")
    assert axe(page) == []
    page.keyboard.press("Escape")
    bar = page.get_by_role("group", name="With the chosen ones")
    expect(bar).to_be_hidden()
    for _line in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(bar).to_contain_text("2 chosen")
    assert axe(page) == []
    with page.expect_navigation():
        bar.get_by_role("button", name="Snooze").click()
    page.get_by_role("button", name="Snooze").click()
    expect(page.get_by_role("status").filter(has_text="are put off until")).to_be_visible()
    assert Snooze.objects.count() == 2
    # One hand on a phone: what can be done stands at the bottom.
    phone = browse("/office/inbox/", size="phone", language="zh-hans", user=clerk)
    phone.locator(".item .box").check()
    assert axe(phone) == [] and not overflows(phone)
    phone.locator(".bulk button[value=confirm]").tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("确认")
    assert axe(phone) == [] and not overflows(phone)
    phone.locator("form button.btn").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("办理结果")
    assert axe(phone) == [] and not overflows(phone)
    assert not WorkItem.objects.filter(state="open").exists()


def test_approving_on_a_phone_takes_three_taps(browse, clerk, three):
    page = browse("/office/", size="phone", language="en", user=clerk)
    page.get_by_role("navigation", name="Bottom").get_by_role("link", name="Inbox").tap()
    page.get_by_role("link", name="First stall").tap()
    button = page.get_by_role("button", name="Approve", exact=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("First stall")
    page.wait_for_load_state()
    box = button.bounding_box()
    assert box["y"] > 844 / 2 and box["height"] >= 36
    button.tap()
    expect(page.get_by_role("status").filter(has_text="Approved: First stall")).to_be_visible()


def test_without_script_the_same_is_done_by_buttons(browse, clerk, three):
    page = browse("/office/inbox/", size="desktop", language="en", javascript=False, user=clerk)
    page.get_by_label("Choose: First stall").check()
    page.get_by_label("Choose: Second stall").check()
    page.get_by_role("button", name="Approve").click()
    page.get_by_label("One opinion").fill("Complete.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("2 of 2 are done.")).to_be_visible()
    assert approved() == {"First stall", "Second stall"}
