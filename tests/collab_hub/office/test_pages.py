"""Home, inbox, saved filters, messages, settings and the capability catalogue as pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process import services as process
from platform_core.capabilities.process.models import Task
from platform_core.common import panels
from security.accounts.models import User
from tests.factories import actor_of, make_admin, make_auditor, make_official, sign_in

from ..makers import approve, make_case, make_napp, make_record, open_task, text

FOR_NOBODY = approve("decide", text("Decide"), role="boss")
PAGES = (
    "/office/",
    "/office/inbox/",
    "/office/absence/",
    "/office/phrases/",
    "/office/filters/",
    "/office/messages/",
    "/office/capabilities/",
    "/office/capabilities/process/",
    "/office/settings/",
)


def html(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_the_office_is_for_who_works_here(client, clerk, citizen, path):
    signed_out = client.get(path)
    assert signed_out.status_code == 302 and "/accounts/login/" in signed_out.headers["Location"]
    sign_in(client, citizen)
    assert client.get(path).status_code == 403
    for user in (clerk, make_admin(), make_auditor()):
        sign_in(client, user)
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "task"])
def test_pages_cost_the_same_for_one_case_and_for_three(client, clerk, stall, path):
    task = open_task(make_case(stall))
    address = f"/office/tasks/{task.pk}/" if path == "task" else path

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    sign_in(client, clerk)
    cost()
    one = cost()
    make_case(stall)
    make_case(stall)
    assert cost() == one


def test_the_home_page_counts_what_the_inbox_lists(office, clerk, stall):
    late, done = make_case(stall, label="A late stall"), make_case(stall)
    make_case(stall)
    Task.objects.filter(instance=late).update(due_at=timezone.now() - timedelta(days=1))
    first = open_task(done)
    process.act(actor=actor_of(clerk), task_id=first.pk, action="approve", version=first.version)
    response = office(clerk).get("/office/")
    numbers = response.context["numbers"]
    assert (numbers.waiting, numbers.late, numbers.done_today) == (2, 1, 1)
    assert "A late stall" in html(response)
    assert "Xihu District market" in html(response)


def test_other_platforms_add_what_waits(office, clerk, monkeypatch):
    waiting = panels.Waiting("calls", "Calls to return", 3, "/calls/", icon="phone", late=1)
    nothing = panels.Waiting("none", "Nothing at all", 0, "/nothing/")
    monkeypatch.setattr(panels, "_sources", [lambda user: waiting, lambda user: nothing])
    text = html(office(clerk).get("/office/"))
    assert "Calls to return" in text and "1 late" in text
    assert "Nothing at all" not in text


def test_other_platforms_explain_the_subject(office, clerk, stall, monkeypatch):
    def source(user, subject_id, hidden):
        words = {"words": f"About {subject_id} for {user}"}
        return [panels.Panel("The applicant", "ui/empty.html", words)]

    monkeypatch.setitem(panels._panels, "test.stall", [source])
    task = open_task(make_case(stall))
    text = html(office(clerk).get(f"/office/tasks/{task.pk}/"))
    assert "The applicant" in text
    assert f"About {task.instance.subject_id} for Alice" in text


def test_every_view_is_an_address(office, clerk, stall):
    make_case(stall, label="a far stall")
    client = office(clerk)
    assert "a far stall" in html(client.get("/office/inbox/?box=pool&napp=market_stall"))
    assert "a far stall" not in html(client.get("/office/inbox/?box=mine"))
    nothing = html(client.get("/office/inbox/?q=zebra"))
    assert "Nothing fits these filters." in nothing and "Clear filters" in nothing
    task = open_task(make_case(stall))
    text = html(client.get(f"/office/tasks/{task.pk}/?box=pool&q=far"))
    assert "a far stall" in text and "?box=pool&amp;q=far" in text


def test_long_lists_have_pages(office, clerk, stall):
    record = make_record(stall)
    first = make_case(stall)
    instances = [
        type(first)(
            **{name: getattr(first, name) for name in ("napp_version_id", "process_key", "state")},
            subject_type="test.stall", subject_id=str(n), subject_label=f"stall {n}",
            record=record, started_at=timezone.now(),
        )
        for n in range(60)
    ]  # fmt: skip
    type(first).objects.bulk_create(instances)
    mine = [
        Task(instance=one, node="accept", kind="approve", title={"zh": "受理", "en": "Accept"},
             assignee=clerk, opened_at=timezone.now())
        for one in instances
    ]  # fmt: skip
    Task.objects.bulk_create(mine)
    client = office(clerk)
    first_page = client.get("/office/inbox/?box=mine")
    assert html(first_page).count("<article") == 50
    assert html(client.get(first_page.context["older_url"])).count("<article") == 10
    assert html(client.get("/office/inbox/?box=mine&page=zebra")).count("<article") == 50


def test_a_view_is_kept_renamed_and_removed(office, clerk):
    client = office(clerk)
    view = {"box": "pool", "due": "late"}
    refused = client.post("/office/filters/save/", {**view, "name": " "})
    assert refused.status_code == 422 and "Give the filter a name" in html(refused)
    kept = client.post("/office/filters/save/", {**view, "name": "Late in the pool"})
    assert kept.headers["Location"] == "/office/inbox/?box=pool&due=late"
    assert "Late in the pool" in html(client.get("/office/inbox/"))
    (row,) = clerk.inbox_filters.all()
    taken = client.post(f"/office/filters/{row.pk}/rename/", {"name": "x" * 41})
    assert taken.status_code == 422 and "x" * 41 in html(taken)
    client.post(f"/office/filters/{row.pk}/rename/", {"name": "Late 𠮷"})
    assert "Late 𠮷" in html(client.get("/office/filters/"))
    client.post(f"/office/filters/{row.pk}/delete/")
    assert not clerk.inbox_filters.exists()


def test_filters_of_somebody_else_are_not_there(office, clerk, other_clerk):
    office(clerk).post("/office/filters/save/", {"due": "late", "name": "mine"})
    (row,) = clerk.inbox_filters.all()
    client = office(other_clerk)
    assert client.post(f"/office/filters/{row.pk}/rename/", {"name": "x"}).status_code == 404
    assert client.post(f"/office/filters/{row.pk}/delete/").status_code == 404


def test_messages_are_read_once(office, clerk, other_clerk):
    message = Message.objects.create(
        key="hello", recipient=clerk, title={"zh": "你好", "en": "Hello"},
        body={"zh": "内容", "en": "A new task waits."}, link="/office/inbox/",
    )  # fmt: skip
    client = office(clerk)
    assert "Mark all as read" in html(client.get("/office/messages/"))
    text = html(client.get(f"/office/messages/{message.pk}/"))
    assert "A new task waits." in text and 'href="/office/inbox/"' in text
    message.refresh_from_db()
    assert message.read_at
    assert "Mark all as read" not in html(client.get("/office/messages/"))
    assert office(other_clerk).get(f"/office/messages/{message.pk}/").status_code == 404


def test_the_catalogue_shows_who_uses_what(office, clerk, stall):
    client = office(clerk)
    text = html(client.get("/office/capabilities/"))
    assert "Market stall" in text and "used by 1 N-app" in text
    assert "Identity number" in text
    assert client.get("/office/capabilities/teleportation/").status_code == 404


def test_the_office_speaks_chinese(office, clerk, stall, settings):
    make_case(stall)
    client = office(clerk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    text = html(client.get("/office/inbox/"))
    assert '<html lang="zh-CN"' in text and "集市摊位" in text


def test_a_citizen_of_the_office_has_no_data_here(client, db):
    """An official without a post sees an empty office, not an error."""
    user = User.objects.create(username="nobody", kind=User.Kind.OFFICIAL)
    sign_in(client, user)
    for path in PAGES:
        assert client.get(path).status_code == 200


class TestWhatNobodyCanDo:
    """A task whose role nobody holds is seen by those who can change that."""

    WORDS = "Nobody can do these"

    def stranded(self, stall):
        make_case(stall)
        make_case(stall)

    def test_heads_and_administrators_see_it_on_their_home(self, client, stall):
        self.stranded(stall)
        head = make_official("frank", kind="market", duties=["head"])
        head.posts.update(is_head=True)
        for user, sees_it in (
            (head, True),
            (make_admin(), True),
            (make_official("grace", kind="health", duties=["clerk"]), False),
            (make_auditor(), False),
        ):
            sign_in(client, user)
            assert (self.WORDS in html(client.get("/office/"))) is sees_it, user

    def test_the_admin_list_tells_them_apart_and_says_what_to_do(self, client, clerk, stall):
        done_by_alice = open_task(make_case(stall))
        gone = make_case(make_napp(FOR_NOBODY, slug="market_other"))
        sign_in(client, make_admin())
        every = html(client.get("/admin/platform_core/task/"))
        assert done_by_alice.instance.subject_number in every and gone.subject_number in every
        shown = html(client.get("/admin/platform_core/task/?holder=nobody"))
        assert gone.subject_number in shown
        assert done_by_alice.instance.subject_number not in shown
        post = f"/admin/security/post/add/?department={open_task(gone).pool_department_id}"
        assert post in shown and client.get(post).status_code == 200
        assert "Chen Ning" not in shown

    def test_one_task_has_no_page_there_and_officials_no_list(self, client, clerk, stall):
        task = open_task(make_case(stall))
        sign_in(client, make_admin())
        assert client.get(f"/admin/platform_core/task/{task.pk}/change/").status_code in (302, 403)
        sign_in(client, clerk)
        assert client.get("/admin/platform_core/task/").status_code in (302, 403)
