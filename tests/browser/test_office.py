"""An official's day in a real browser: both sizes, both languages, with and without script."""

import re

import pytest
from playwright.sync_api import expect

from platform_core.capabilities.process.models import ProcessInstance, Task
from tests.collab_hub.makers import make_case, make_napp, open_task
from tests.factories import make_official

pytestmark = pytest.mark.django_db(transaction=True)
LABEL = "Chen Ning's stall"
WORDS = {
    "en": {
        "approve": "Approve",
        "claim": "Claim",
        "opinion": "Opinion",
        "done": "Approved: ",
        "mine": "The task is yours now.",
        "empty": "All done. Nothing waits for you.",
    },
    "zh-hans": {
        "approve": "同意",
        "claim": "认领",
        "opinion": "意见",
        "done": "已同意：",
        "mine": "这件由您办理",
        "empty": "都办完了。",
    },
}
BOTH = pytest.mark.parametrize("language", ["zh-hans", "en"])
SIZES = pytest.mark.parametrize("size", ["phone", "desktop"])


@pytest.fixture
def clerk(transactional_db):
    return make_official("alice", kind="market", duties=["clerk"], name="Alice")


@pytest.fixture
def other_clerk(transactional_db):
    return make_official("bob", kind="market", duties=["clerk"], name="Bob")


@pytest.fixture
def case(transactional_db) -> ProcessInstance:
    """One case at the first desk, and two more behind it."""
    version = make_napp()
    found = make_case(version, label=LABEL)
    make_case(version, label="Li Min's stall")
    make_case(version, label="Zhou Tao's stall")
    return found


def task_path(case) -> str:
    return f"/office/tasks/{open_task(case).pk}/"


def assert_sound(page, axe, overflows):
    assert axe(page) == []
    assert not overflows(page)


@BOTH
@SIZES
def test_claim_read_and_approve(browse, axe, overflows, clerk, case, language, size):
    words = WORDS[language]
    page = browse("/office/", size=size, language=language, user=clerk)
    assert_sound(page, axe, overflows)
    page.goto("/office/inbox/")
    assert_sound(page, axe, overflows)
    page.get_by_role("link", name=LABEL).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LABEL)
    assert_sound(page, axe, overflows)
    page.get_by_label(words["opinion"], exact=True).fill("材料齐全 𠮷")
    page.get_by_role("button", name=words["claim"], exact=True).click()
    expect(page.get_by_role("status").filter(has_text=words["mine"])).to_be_visible()
    expect(page.get_by_label(words["opinion"], exact=True)).to_have_value("材料齐全 𠮷")
    page.get_by_role("button", name=words["approve"], exact=True).click()
    expect(page.get_by_role("status").filter(has_text=words["done"])).to_be_visible()
    task = Task.objects.get(instance=case, node="accept")
    assert (task.state, task.closed_by, task.opinion) == ("done", clerk, "材料齐全 𠮷")


@SIZES
def test_everything_works_without_script(browse, clerk, case, size):
    browse.expect("422")
    page = browse("/office/inbox/", size=size, language="en", javascript=False, user=clerk)
    page.get_by_role("link", name=LABEL).click()
    page.get_by_label("Opinion", exact=True).fill("The photo is dark.")
    page.get_by_text("Ask for a correction", exact=True).click()
    page.get_by_role("button", name="Ask the applicant").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one answer")
    expect(page.get_by_label("Opinion", exact=True)).to_have_value("The photo is dark.")
    page.get_by_label("Photos").check()
    page.get_by_role("button", name="Ask the applicant").click()
    expect(page.get_by_text("The applicant is asked for a correction")).to_be_visible()
    case.refresh_from_db()
    assert case.status == "waiting"


@BOTH
def test_two_clerks_at_once(browse, axe, clerk, other_clerk, case, language):
    words = WORDS[language]
    browse.expect("409")
    path = task_path(case)
    alice = browse(path, size="desktop", language=language, user=clerk)
    bob = browse(path, size="desktop", language=language, user=other_clerk)
    bob.get_by_label(words["opinion"], exact=True).fill("I looked at it for an hour.")
    alice.get_by_role("button", name=words["approve"], exact=True).click()
    expect(alice.get_by_text(words["done"])).to_be_visible()
    bob.get_by_role("button", name=words["approve"], exact=True).click()
    told = bob.get_by_role("alert")
    expect(told).to_contain_text("Alice")
    expect(told.get_by_role("textbox")).to_have_value("I looked at it for an hour.")
    assert axe(bob) == []
    assert Task.objects.filter(instance=case, node="decide").count() == 1


def test_the_keyboard_alone(browse, clerk, case):
    page = browse("/office/inbox/", size="desktop", language="en", user=clerk)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator(".item a").first
    expect(first).to_be_focused()
    title = first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.keyboard.press("/")
    expect(page.get_by_label("Search cases and tasks")).to_be_focused()


# What has the focus and is seen there: the element itself, what is in it, or its label.
SEEN = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const at = [box.left + Math.min(box.width / 2, 20), box.top + box.height / 2];
    const top = document.elementFromPoint(...at);
    const own = [one, ...(one.labels || [])];
    const words = one.innerText || one.name || one.tagName;
    const isSeen = !!top && own.some(it => it.contains(top) || top.contains(it));
    return [words, one === document.body || box.width < 2 || isSeen];
}"""


@SIZES
def test_the_keyboard_reaches_every_action_and_never_hides_where_it_is(browse, clerk, case, size):
    page = browse(task_path(case), size=size, language="en", user=clerk)
    reached = []
    for _press in range(60):
        page.keyboard.press("Tab")
        words, is_seen = page.evaluate(SEEN)
        assert is_seen, words
        reached.append(words)
    assert {"opinion", "comment-text", "Approve", "Hand over"} <= set(reached)


def test_a_task_opens_beside_the_list_and_back_leads_to_it(browse, axe, clerk, case):
    page = browse("/office/inbox/", size="desktop", language="en", user=clerk)
    page.get_by_role("link", name="Li Min's stall").click()
    expect(page.locator("#subject")).to_be_focused()
    expect(page).to_have_url(re.compile("/office/tasks/"))
    expect(page.locator(".item.sel")).to_contain_text("Li Min's stall")
    assert axe(page) == []
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Li Min's stall")
    page.goto("/office/inbox/")
    page.get_by_role("link", name="Zhou Tao's stall").click()
    expect(page.locator("#subject")).to_have_text("Zhou Tao's stall")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("All waiting")


def test_words_not_sent_are_not_swapped_away(browse, clerk, case):
    page = browse(task_path(case), size="desktop", language="en", user=clerk)
    page.get_by_label("Opinion", exact=True).fill("Half a thought")
    page.get_by_label("Opinion", exact=True).press("End")
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Li Min's stall").click(no_wait_after=True)
    assert asked.value.type == "beforeunload"
    expect(page.get_by_label("Opinion", exact=True)).to_have_value("Half a thought")


def test_single_keys_can_be_switched_off(browse, axe, overflows, clerk, case):
    page = browse("/office/settings/", size="desktop", language="en", user=clerk)
    assert_sound(page, axe, overflows)
    keys = page.get_by_role("main").get_by_role("button", name="Single-key shortcuts")
    expect(keys).to_have_attribute("aria-pressed", "true")
    keys.click()
    expect(keys).to_have_attribute("aria-pressed", "false")
    page.goto("/office/inbox/")
    page.keyboard.press("j")
    expect(page.locator(".item a").first).not_to_be_focused()


@SIZES
def test_dark_pages_are_as_readable(browse, axe, overflows, clerk, case, size):
    page = browse("/office/", size=size, dark=True, user=clerk)
    assert_sound(page, axe, overflows)
    for path in (task_path(case), "/office/inbox/?due=late&q=x", "/office/capabilities/"):
        page.goto(path)
        assert_sound(page, axe, overflows)


@SIZES
def test_refusing_stands_apart_and_asks_for_the_reason(browse, axe, overflows, clerk, case, size):
    browse.expect("422")
    page = browse(task_path(case), size=size, language="en", user=clerk)
    page.locator("summary", has_text="Refuse").click()
    page.get_by_role("button", name="Refuse this application").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the reason")
    expect(page).to_have_title(re.compile("^Error: "))
    assert_sound(page, axe, overflows)
    page.get_by_label("Opinion", exact=True).fill("Too close to the road.")
    page.get_by_role("button", name="Refuse this application").click()
    expect(page.get_by_role("status").filter(has_text="Refused: ")).to_be_visible()
    case.refresh_from_db()
    assert case.outcome == "rejected"


def test_full_numbers_are_shown_for_a_reason_only(browse, axe, clerk, case):
    page = browse(task_path(case), size="desktop", language="en", user=clerk)
    expect(page.get_by_text("138****2046")).to_be_visible()
    page.get_by_text("Show the full data").click()
    page.get_by_label("Why do you need it?").fill("Calling the applicant")
    page.get_by_role("button", name="Show and record").click()
    expect(page.get_by_text("13812342046")).to_be_visible()
    assert axe(page) == []


def test_a_view_is_kept_under_a_name(browse, axe, overflows, clerk, case):
    page = browse("/office/inbox/", size="desktop", language="en", user=clerk)
    page.get_by_text("Search and filter").click()
    page.get_by_label("Words or number").fill("Chen")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".item")).to_have_count(1)
    page.get_by_text("Filtered:").click()
    page.get_by_label("Keep this filter as").fill("Chens")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep", exact=True).click()
    page.goto("/office/inbox/")
    expect(page.locator(".item")).to_have_count(3)
    page.get_by_role("navigation", name="Saved filters").get_by_role("link", name="Chens").click()
    expect(page.locator(".item")).to_have_count(1)
    page.get_by_role("link", name="Manage").click()
    page.wait_for_url("**/office/filters/")
    assert_sound(page, axe, overflows)


@BOTH
@SIZES
def test_other_pages_are_sound(browse, axe, overflows, clerk, case, language, size):
    page = browse("/office/messages/", size=size, language=language, user=clerk)
    assert_sound(page, axe, overflows)
    for path in ("/office/capabilities/", "/office/capabilities/process/", "/office/filters/"):
        page.goto(path)
        assert_sound(page, axe, overflows)
