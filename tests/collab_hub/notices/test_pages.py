"""The pages of notices over HTTP: composing, the roll, rights, constant numbers of queries."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from collab_hub.notices import codes
from collab_hub.notices.models import Meeting, Notice, SavedAudience
from platform_core.common.audiences import AudienceKind, register_audience_kind
from platform_core.common.errors import Unusable
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from security.accounts.models import User
from security.organs.models import Post
from tests.collab_hub.makers import DECIDE, make_napp, manifest, text
from tests.factories import make_official

from .makers import make_notice, meeting, send, work

REPLIES = {"answer": "stays", "note": "On a course"}


def page(name: str, notice=None, *more) -> str:
    return reverse(f"notices:{name}", args=[notice.pk, *more] if notice else [])


def html(response, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


@pytest.fixture
def answers(clerk):
    organ = clerk.posts.first().department_id
    return {"department": organ, "title": "防汛值班", "body": "请落实值班。",
            "needs_confirming": "on", "who-organs": [organ], "escalate_minutes": "30"}  # fmt: skip


def test_from_a_blank_page_to_the_roll(office, clerk, other_clerk, answers):
    client = office(clerk)
    assert "New notice" in html(client.get(page("new")))
    counted = html(client.post(page("count"), answers))
    assert "2 people get it." in counted and "everybody: " in counted
    wrong = html(client.post(page("new"), answers | {"title": "", "meeting-wanted": "on"}), 422)
    assert "There is 1 thing to fix" in wrong and "请落实值班。" in wrong
    wrong = html(client.post(page("new"), answers | {"meeting-wanted": "on"}), 422)
    assert "Say when the meeting begins." in wrong
    long = {"title_en": "x" * 121}
    assert "title_en" in client.post(page("new"), answers | long).context["form"].errors
    with pytest.raises(Unusable) as refused:
        make_notice(clerk, title={"zh": "x" * 121, "en": "x" * 121})
    assert set(refused.value.errors) == {"title", "title_en"}
    found = html(client.post(page("new"), answers | {"who-q_person": "Bo", "find": "person"}))
    assert "Bob · " in found and "thing to fix" not in found
    sent = client.post(page("new"), answers)
    notice = Notice.objects.get()
    assert sent.url == page("check", notice) and notice.escalate_minutes == 30
    upload = SimpleUploadedFile("plan.txt", b"x" * 20, content_type="text/plain")
    client.post(page("files", notice), {"files": [upload]})
    shown = html(client.get(page("check", notice)))
    assert "2 people get this" in shown and "Alice" in shown and "Send to 2 people" in shown
    assert client.post(page("send", notice)).url == page("roll", notice)
    work()
    assert "Not read" in html(client.get(page("roll", notice)))
    polled = client.get(page("roll", notice), headers={"HX-Request": "true"})
    part = html(polled)
    assert "<html" not in part and "Bob" in part and "organs" not in polled.context
    assert client.get(page("edit", notice)).status_code == 404


def test_a_recipient_reads_confirms_and_a_stranger_sees_nothing(
    office, clerk, other_clerk, stranger
):
    notice = send(clerk)
    client = office(other_clerk)
    assert "To confirm" in html(client.get(page("received")))
    assert "Please confirm" in html(client.get(page("notice", notice)))
    assert notice.recipients.get(user=other_clerk).state == "read"
    for name in ("roll", "check", "edit", "minutes", "screen"):
        assert client.get(page(name, notice)).status_code == 404, name
    assert client.post(page("act", notice), {"urge": 1}).status_code == 404
    client.post(page("confirm", notice))
    assert "Confirmed Today" in html(client.get(page("notice", notice)))
    assert notice.recipients.get(user=other_clerk).state == "confirmed"
    client = office(stranger)
    for name in ("notice", "roll", "check"):
        assert client.get(page(name, notice)).status_code == 404, name
    assert client.post(page("confirm", notice)).status_code == 404


def test_the_roll_is_exported_as_it_is_narrowed(office, clerk, other_clerk):
    notice = send(clerk, meeting=meeting())
    User.objects.filter(pk=other_clerk.pk).update(name="=Bob")
    client = office(other_clerk)
    html(client.post(page("reply", notice), {"answer": "stays"}), 422)
    assert client.post(page("reply", notice), REPLIES).status_code == 302
    client = office(clerk)
    csv = client.get(page("export", notice, "csv") + "?view=stays").content.decode("utf-8-sig")
    assert csv.count("\r\n") == 2 and "On a course" in csv and "Bob" in csv
    book = load_workbook(io.BytesIO(client.get(page("export", notice, "xlsx")).content))
    assert [row[0] for row in book.active.iter_rows(values_only=True)] == ["Name", "Alice", "Bob"]
    assert client.get(page("export", notice, "exe")).status_code == 404


def test_a_scanned_code_enters_who_is_there(office, clerk, other_clerk, stranger):
    notice = send(clerk, meeting=meeting(hours=0.1))
    screen = html(office(clerk).get(page("screen", notice)))
    assert "data:image/svg+xml" in screen and "0 people are here" in screen
    here = page("here", notice, codes.code_at(notice.pk, timezone.now()))
    assert office(stranger).get(here).status_code == 404
    client = office(other_clerk)
    entry = client.get(here).context["entry"]
    old = html(client.get(page("here", notice, "0" * 16)))
    assert "no longer shown" in old and "I am here</button>" not in old
    client.post(here, {"entry": "forged"})
    assert not notice.recipients.exclude(attended_at=None).exists()
    client.post(here, {"entry": entry})
    assert notice.recipients.get(user=other_clerk).attended_how == "code"
    file = client.get(page("calendar", notice))
    assert b"SUMMARY:Flood watch" in file.content and b"LOCATION:Room 3" in file.content
    Meeting.objects.update(changes=2)
    assert b"SEQUENCE:2" in client.get(page("calendar", notice)).content


def test_minutes_keep_what_was_typed(office, clerk):
    notice = send(clerk, meeting=meeting(hours=-3))
    organ, client = clerk.posts.first().department_id, office(clerk)
    typed = {"minutes": "We agreed.", "lines": "2", "i0-text": "Repair the pump", "i0-lead": "",
             "i1-text": "", "i1-lead": "", "publish": "1"}  # fmt: skip
    wrong = html(client.post(page("minutes", notice), typed), 422)
    assert "Choose the organ that leads." in wrong and "Repair the pump" in wrong
    more = html(client.post(page("minutes", notice), typed | {"more": "1"}))
    assert 'name="lines" value="4"' in more
    client.post(page("minutes", notice), typed | {"i0-lead": organ})
    shown = html(client.get(page("notice", notice)))
    assert "Repair the pump" in shown and "Handed to supervision" in shown


def test_more_items_than_minutes_may_have_are_refused_not_lost(office, clerk):
    notice = send(clerk, meeting=meeting(hours=-3))
    organ, client = clerk.posts.first().department_id, office(clerk)
    typed = {"minutes": "We agreed.", "lines": "52", "keep": "1"}
    typed |= {f"i{n}-text": f"Repair pump {n}" for n in range(52)}
    typed |= {f"i{n}-lead": organ for n in range(52)}
    wrong = html(client.post(page("minutes", notice), typed), 422)
    assert "Minutes have at most 50 items." in wrong and "Repair pump 51" in wrong
    assert "Repair pump 51" in html(client.post(page("minutes", notice), typed | {"more": "1"}))


def test_nul_and_endless_numbers_are_no_error_of_ours(office, clerk, other_clerk, answers):
    client, endless = office(clerk), "9" * 5000
    asked = answers | {"who-q_person": "B\0o", "who-q_organ": "\0", "find": "person",
                       "who-organs": [endless], "who-people": [endless, "9" * 30]}  # fmt: skip
    assert "Bob · " in html(client.post(page("new"), asked))
    notice = send(clerk, meeting=meeting(hours=0.1))
    assert "Bob" in html(client.get(page("roll", notice), {"q": "B\0o"}))
    row = notice.recipients.get(user=other_clerk)
    client.post(page("row", notice, row.pk), {"there": "1", "reason": "Flat\0 phone"})
    client.post(page("act", notice), {"recall": "1", "reason": "Wrong\0 day"})
    row.refresh_from_db()
    notice.refresh_from_db()
    assert (row.attended_note, notice.ended_why) == ("Flat phone", "Wrong day")


def test_saved_groups_belong_to_the_organ(office, clerk, other_clerk, stranger):
    organ, client = clerk.posts.first().department_id, office(clerk)
    typed = {"department": organ, "name": "All of us", "who-organs": [organ]}
    assert client.post(page("groups"), typed).status_code == 302
    assert "Your organ has a group of this name." in html(client.post(page("groups"), typed), 422)
    assert "2 people today" in html(office(other_clerk).get(page("groups")))
    group = SavedAudience.objects.get()
    drop = reverse("notices:group_drop", args=[group.pk])
    assert office(stranger).post(drop).status_code == 404
    client = office(other_clerk)
    answers = {"department": organ, "title": "x", "body": "x", "who-groups": [group.pk]}
    client.post(page("new"), answers)
    assert Notice.objects.get().audience == {"any": [{"group": [group.pk]}], "not": []}
    client.post(drop)
    assert not SavedAudience.objects.exists()


def test_another_module_makes_grids_choosable(office, clerk, other_clerk, answers):
    kind = AudienceKind(
        "test_grid", "Grids", choices=lambda user: [("7", "Grid 7")],
        people=lambda values: User.objects.filter(username="bob").values("pk"),
        names=lambda values: {"7": "Grid 7"},
    )  # fmt: skip
    register_audience_kind(kind)
    client = office(clerk)
    counted = html(client.post(page("count"), {"who-other_test_grid": ["7"]}))
    assert "1 person gets it." in counted and "Grids: Grid 7" in counted


NOTICES = [{"key": "watch", "title": text("Flood watch {date}", "防汛值班{date}"),
            "body": text("{organ} asks you.", "{organ}请报送数据。"), "confirm": True,
            "escalate_minutes": 15,
            "audience": {"own_organ": True, "duties": ["clerk"]}}]  # fmt: skip


def test_an_napp_brings_a_template_and_a_wrong_one_is_refused(office, clerk):
    make_napp(notices=NOTICES)
    client = office(clerk)
    assert "market_stall/watch" in html(client.get(page("new")))
    begun = html(client.get(page("new") + "?template=market_stall/watch"))
    assert 'value="15"' in begun and f"防汛值班{date.today():%Y-%m-%d}" in begun
    wrong = [{**NOTICES[0], "title": text("{who}", "{who}"), "audience": {"kinds": ["moon"]}},
             {**NOTICES[0], "audience": {}}]  # fmt: skip
    with pytest.raises(ManifestInvalid) as refused:
        validate_manifest(manifest([DECIDE], notices=wrong))
    said = " ".join(str(problem.message) for problem in refused.value.problems)
    for words in ("Nobody fills in “who”", "function “moon”", "used twice", "Say whom"):
        assert words in said, words


def test_lists_take_the_same_number_of_queries(office, clerk, other_clerk):
    def counted(client, path):
        with CaptureQueriesContext(connection) as found:
            html(client.get(path))
        return len(found)

    first = send(clerk, meeting=meeting())
    client = office(clerk)
    paths = [page("received"), page("sent"), page("roll", first), page("check", first),
             page("roll", first) + "?view=changed"]  # fmt: skip
    Post.objects.filter(user=other_clerk).update(valid_until=date(2020, 1, 1))
    for path in paths:  # what is read once for a session
        client.get(path)
    few = [counted(client, path) for path in paths]
    for number in range(2):
        person = make_official(f"more{number}", kind="market")
        send(clerk, meeting=meeting())
        first.recipients.create(user=person, department=first.department, name=person.name,
                                post_title="科员", post=None)  # fmt: skip
    make_notice(clerk)
    assert [counted(client, path) for path in paths] == few
