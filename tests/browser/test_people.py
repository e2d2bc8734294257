"""Several people around one case: countersigned, returned, handed to a deputy, timed out; and what
they say to one another. Every page is looked at by axe, in both languages and sizes.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from platform_core.capabilities.process.escalation.services import sweep_escalations
from platform_core.capabilities.process.models import Task
from security.actors import Actor
from tests.collab_hub.makers import approve, make_case, make_napp, text
from tests.factories import make_department, make_official
from tests.platform_core.capabilities.process.test_choosing import head_of

pytestmark = pytest.mark.usefixtures("transactional_db")
BOTH = pytest.mark.parametrize(("language", "size"), [("zh-hans", "phone"), ("en", "desktop")])


def assert_sound(page, axe, overflows):
    assert axe(page) == []
    assert not overflows(page)


def steps() -> list[dict]:
    actions = ["approve", "return", "reject", "transfer", "add_signer"]
    late = {"working_days": 2, "on_timeout": "head"}
    return [
        approve("review", text("Review", "审查"), actions=actions, stage="review"),
        approve("sign", text("Countersign", "会签"), role="boss", mode="in_order"),
        approve("last", text("Last word", "办结"), deadline=late),
    ]


@pytest.fixture
def people(transactional_db):
    def official(username, name, duties):
        return make_official(username, kind="market", duties=duties, name=name)

    return {
        "alice": official("alice", "Alice", ["clerk"]),
        "carol": official("carol", "Carol", ["reviewer"]),
        "dan": official("dan", "Dan", ["reviewer"]),
        "dora": official("dora", "Dora", []),
        "head": head_of(make_department("market"), "head"),
    }


@pytest.fixture
def case(people):
    return make_case(make_napp(*steps()), label="Chen Ning's stall")


def task_of(case, node: str, **more) -> Task:
    return Task.objects.get(instance=case, node=node, state="open", **more)


def path_of(task) -> str:
    return f"/office/tasks/{task.pk}/"


def approve_it(page) -> None:
    page.locator('.acts button[value="approve"]').click()
    page.wait_for_url("**/office/inbox/**")


@BOTH
def test_countersigned_returned_delegated_and_timed_out(
    browse, axe, overflows, people, case, language, size
):
    look = {"language": language, "size": size}
    # A deputy is named on the page and countersigns for Carol.
    page = browse("/office/absence/", user=people["carol"], **look)
    assert_sound(page, axe, overflows)
    page.locator("#id_deputy").select_option(str(people["dora"].pk))
    page.locator('main form button:has-text("Name the deputy"), main form .btn').last.click()
    expect(page.get_by_role("status").filter(has_text="Dora")).to_be_visible()
    assert_sound(page, axe, overflows)
    alice = browse(path_of(task_of(case, "review")), user=people["alice"], **look)
    assert_sound(alice, axe, overflows)
    approve_it(alice)
    dora = browse("/office/inbox/", user=people["dora"], **look)
    expect(dora.locator(".item")).to_contain_text("Carol")
    assert_sound(dora, axe, overflows)
    # The second signer sends it back; it comes again through both.
    dora.goto(path_of(task_of(case, "sign")))
    expect(dora.locator("#seats")).to_be_visible()
    assert_sound(dora, axe, overflows)
    approve_it(dora)
    dan = browse(path_of(task_of(case, "sign")), user=people["dan"], **look)
    expect(dan.locator("main")).to_contain_text("Dora")
    dan.locator("#opinion").fill("再看一遍。")
    dan.locator("summary:has(+ .more #to_node)").click()
    dan.locator('button[value="return"]').click()
    dan.wait_for_url("**/office/inbox/**")
    approve_it(browse(path_of(task_of(case, "review")), user=people["alice"], **look))
    for name in ("carol", "dan"):
        approve_it(browse(path_of(task_of(case, "sign")), user=people[name], **look))
    # Nobody does the last step in time: the head finds it in the inbox.
    task = task_of(case, "last")
    long_ago = timezone.now() - timedelta(days=9)
    Task.objects.filter(pk=task.pk).update(due_at=long_ago, escalate_at=long_ago)
    sweep_escalations(actor=Actor.system("deadline sweep"))
    head = browse("/office/inbox/?box=mine", user=people["head"], **look)
    head.get_by_role("link", name="Chen Ning's stall").click()
    expect(head.get_by_role("heading", level=1)).to_have_text("Chen Ning's stall")
    assert_sound(head, axe, overflows)
    approve_it(head)
    case.refresh_from_db()
    assert case.outcome == "approved"


@BOTH
def test_comments_questions_and_the_clock(browse, axe, overflows, people, case, language, size):
    browse.expect("422")
    make_official("hanna", kind="health", duties=["clerk"], name="Hanna")
    look = {"language": language, "size": size}
    page = browse(path_of(task_of(case, "review")), user=people["alice"], **look)
    page.locator("#id_comment-text").fill("@Carol 请看照片。")
    page.locator('form[action$="/comment/"] .btn').click()
    expect(page.locator("#talk ~ article")).to_contain_text("@Carol")
    page.locator('details:has(form[action$="/ask/"]) > summary').click()
    page.locator('form[action$="/ask/"] .btn').click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert_sound(page, axe, overflows)
    page.locator("#id_ask-question").fill("场地是否符合卫生要求？")
    page.locator(f'input[name="ask-departments"][value="{make_department("health").pk}"]').check()
    page.locator('form[action$="/ask/"] .btn').click()
    expect(page.locator("#organs ~ article")).to_contain_text("场地是否符合卫生要求？")
    page.locator('details:has(form[action$="/suspend/"]) > summary').click()
    page.locator("#id_suspend-reason").fill("专家评审。")
    page.locator('form[action$="/suspend/"] .btn').click()
    expect(page.locator('form[action$="/resume/"]')).to_be_visible()
    assert_sound(page, axe, overflows)
    page.locator('form[action$="/resume/"] .btn').click()
    expect(page.locator('form[action$="/suspend/"]')).to_be_attached()
    theirs = Task.objects.get(instance=case, kind="consult")
    other = browse(path_of(theirs), user=theirs.pool_department.posts.first().user, **look)
    assert_sound(other, axe, overflows)
    other.locator('input[name="answer-answer"]').first.check()
    other.locator('form[action$="/answer/"] .btn').click()
    expect(other.locator("#organs ~ article, article:has(.note)").last).to_contain_text("Hanna")


@BOTH
def test_usual_opinions_and_many_at_once(browse, axe, overflows, people, case, language, size):
    make_case(case.napp_version, label="Li Min's stall")
    look = {"language": language, "size": size}
    page = browse("/office/phrases/", user=people["alice"], **look)
    page.locator("#id_text").fill("材料齐全，予以受理。")
    page.locator("main form .btn").last.click()
    expect(page.locator(".docs")).to_contain_text("材料齐全")
    assert_sound(page, axe, overflows)
    page.goto(path_of(task_of(case, "review")))
    page.locator("#phrase").select_option("材料齐全，予以受理。")
    expect(page.locator("#opinion")).to_have_value("材料齐全，予以受理。")
    page.locator("#opinion").fill("")
    page.goto("/office/batch/")
    assert_sound(page, axe, overflows)
    page.locator(".docs a").first.click()
    expect(page.locator('input[name="tasks"]')).to_have_count(2)
    assert_sound(page, axe, overflows)
    for box in page.locator('input[name="tasks"]').all():
        box.check()
    page.locator('button[value="approve"]').click()
    expect(page.locator(".docs .tag.ok")).to_have_count(2)
    assert_sound(page, axe, overflows)
    assert Task.objects.filter(node="review", state="done").count() == 2
