"""Notices for programs: what one got, writing and sending, the roll."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from collab_hub.api import SENDINGS
from collab_hub.notices import services
from collab_hub.notices.models import Notice, Recipient
from platform_core.common.limits import is_within
from security.accounts.token_services import issue_token, revoke_token
from tests.factories import actor_of, make_official
from tests.service_hub.makers import PNG

from ..calls import ok, pages, post, queries, wrong
from .makers import at_organ, make_notice, meeting, send, work

NOTICES = "/api/v1/notices/"


def at(notice, what: str = "") -> str:
    return f"{NOTICES}{notice if isinstance(notice, str) else notice.pk}/{what}"


def organ_of(person):
    return person.posts.first().department


def draft(person, **more) -> dict:
    organ = organ_of(person).pk
    return {
        "organ": organ, "title": {"zh": "防汛值班", "en": "Flood watch"},
        "body": {"zh": "请落实值班。"}, "audience": {"any": [{"organ": [organ]}]}, **more,
    }  # fmt: skip


def test_one_reads_and_confirms_what_one_got(api, clerk, other_clerk):
    notice = send(clerk)
    client = api(other_clerk)
    (line,) = ok(client.get(NOTICES, {"view": "confirm"}))["results"]
    assert (line["id"], line["read_at"], line["state"]) == (str(notice.pk), None, "sent")
    body = ok(client.get(at(notice)))
    assert body["body"]["zh"] == "请落实值班。" and body["rows"][0]["state"] == "delivered"
    # A recipient sees neither whom else it went to nor how far they are.
    assert body["audience"] is body["counts"] is None
    assert client.get(at(notice, "roll/")).status_code == 404
    assert ok(post(client, at(notice, "read/")))["rows"][0]["state"] == "read"
    for _again in range(2):
        assert ok(post(client, at(notice, "confirm/")))["rows"][0]["state"] == "confirmed"
    assert ok(client.get(NOTICES, {"view": "confirm"}))["results"] == []


def test_a_program_with_a_token_confirms_for_its_person(clerk, other_clerk):
    notice = make_notice(clerk)
    upload = SimpleUploadedFile("roster.png", PNG, content_type="image/png")
    services.add_file(actor=actor_of(clerk), notice=notice, upload=upload)
    services.send_notice(actor=actor_of(clerk), notice=notice)
    work()
    facts = {"user": other_clerk, "label": "x", "has_second_factor": True}
    token, secret = issue_token(actor=actor_of(other_clerk), **facts)
    client = APIClient(headers={"Authorization": f"Token {secret}"})
    body = ok(post(client, at(notice, "confirm/")))
    assert [one["name"] for one in body["files"]] == ["roster.png"]
    row = Recipient.objects.get(notice=notice, user=other_clerk)
    assert (row.state, row.confirmed_by) == ("confirmed", other_clerk)
    revoke_token(actor=actor_of(other_clerk), token=token)
    assert client.get(at(notice)).status_code == 401


def test_nobody_else_sees_anything(api, clerk, stranger, citizen):
    notice = send(clerk)
    assert api(None).get(NOTICES).status_code == 401
    assert api(citizen).get(NOTICES).status_code == 403
    client = api(stranger)
    assert ok(client.get(NOTICES))["results"] == ok(client.get(f"{NOTICES}sent/"))["results"] == []
    assert client.get(at(notice)).status_code == client.delete(at(notice)).status_code == 404
    for what in ("read", "confirm", "reply", "send", "release", "urge", "recall", "close"):
        assert post(client, at(notice, f"{what}/")).status_code == 404, what


def test_a_program_writes_and_sends_once(api, clerk, other_clerk):
    client = api(clerk)
    made = ok(post(client, NOTICES, draft(clerk), key="a"), 201)
    assert ok(post(client, NOTICES, draft(clerk), key="a"), 201)["id"] == made["id"]
    assert Notice.objects.count() == 1 and made["state"] == "draft"
    assert made["audience_words"]["any"]
    changed = draft(clerk, escalate_minutes=30, changed_at=made["changed_at"])
    newer = ok(client.put(at(made["id"]), changed, format="json"))
    assert newer["escalate_minutes"] == 30
    # Who has read the older draft neither overwrites the newer one nor sends it.
    assert wrong(client.put(at(made["id"]), changed, format="json"), 409) == set()
    stale = {"changed_at": made["changed_at"]}
    assert post(client, at(made["id"], "send/"), stale).status_code == 409
    seen = {"changed_at": newer["changed_at"]}
    assert ok(post(client, at(made["id"], "send/"), seen, key="b"))["state"] == "sent"
    assert ok(post(client, at(made["id"], "send/"), seen, key="b"))["state"] == "sent"
    assert post(client, at(made["id"], "send/"), seen).status_code == 409
    work()
    body = ok(client.get(at(made["id"])))
    assert body["counts"]["total"] == 2 and body["counts"]["unread"] == 2
    roll = ok(client.get(at(made["id"], "roll/"), {"q": "Bob"}))["results"]
    assert [(one["name"], one["state"]) for one in roll] == [("Bob", "delivered")]
    recalled = ok(post(client, at(made["id"], "recall/"), {"reason": "A mistake."}))
    assert (recalled["state"], recalled["ended_why"]) == ("recalled", "A mistake.")
    assert post(api(other_clerk), at(made["id"], "confirm/")).status_code == 409


def test_what_is_wrong_is_named_at_its_field(api, clerk, stranger):
    client = api(clerk)
    group = services.save_group(
        actor=actor_of(stranger), department=organ_of(stranger), name="Theirs",
        audience=at_organ(organ_of(stranger)),
    )  # fmt: skip
    for body, status, field in (
        ({"organ": organ_of(stranger).pk}, 422, "organ"),
        ({"audience": {"any": [{"duty": ["king"]}]}}, 422, "audience"),
        ({"audience": {"any": [{"group": [group.pk]}]}}, 422, "audience"),
        ({"title": {}}, 422, "title"),
        ({"title": {"zh": "x" * 121}}, 400, "title"),
        ({"body": {"zh": "x" * 8001}}, 400, "body.zh"),
        ({"escalate_minutes": 0}, 400, "escalate_minutes"),
        ({"due_at": "2020-01-01T00:00:00Z"}, 422, "due_at"),
        ({"meeting": {"starts_at": "x"}}, 400, "meeting.starts_at"),
    ):
        assert field in wrong(post(client, NOTICES, draft(clerk, **body)), status), body
    elsewhere = draft(clerk, audience={"any": [{"organ": [organ_of(stranger).pk]}]})
    made = ok(post(client, NOTICES, elsewhere), 201)
    seen = {"changed_at": made["changed_at"]}
    assert wrong(post(client, at(made["id"], "send/"), seen), 422) == {"audience"}
    assert client.delete(at(made["id"])).status_code == 204
    assert not Notice.objects.exists()


def test_a_meeting_is_answered(api, clerk, other_clerk):
    notice = send(clerk, meeting=meeting())
    client = api(other_clerk)
    body = {"answer": "stays", "note": ""}
    assert wrong(post(client, at(notice, "reply/"), body), 422) == {"note"}
    answered = ok(post(client, at(notice, "reply/"), {"answer": "stays", "note": "Ill."}))
    assert answered["rows"][0]["reply"] == "stays" and answered["meeting"]["place"] == "Room 3"


def test_a_large_notice_takes_a_second_person(api, clerk, other_clerk, settings):
    settings.NOTICE_ALONE_MOST = 1
    organ = organ_of(clerk)
    head = make_official("henry", department=organ, duties=["head"])
    head.posts.update(is_head=True)
    client = api(clerk)
    made = ok(post(client, NOTICES, draft(clerk)), 201)
    seen = {"changed_at": made["changed_at"]}
    assert ok(post(client, at(made["id"], "send/"), seen))["state"] == "waiting"
    # The sender is not the second person.
    assert post(client, at(made["id"], "release/"), {"agrees": True}).status_code == 404
    client = api(head)
    assert wrong(post(client, at(made["id"], "release/"), {"agrees": False}), 422) == {"reason"}
    ok(post(client, at(made["id"], "release/"), {"agrees": True}))
    assert Notice.objects.get().state == "sent"


def test_pages_go_on_where_the_last_one_ended(api, clerk, other_clerk):
    notices = [send(clerk) for _number in range(3)]
    newest = [str(one.pk) for one in reversed(notices)]
    client = api(other_clerk)
    first = ok(client.get(NOTICES, {"page_size": 1}))
    # What comes in meanwhile moves nothing.
    send(clerk)
    rest = pages(client, first["next"]) if first["next"] else []
    assert [one["id"] for page in [first["results"], *rest] for one in page] == newest
    kept = [one["id"] for page in pages(api(clerk), f"{NOTICES}sent/", 2) for one in page]
    assert kept[1:] == newest and len(set(kept)) == 4
    for cursor in ("x", first["next"].split("cursor=")[1].split("&")[0]):
        address = f"{NOTICES}sent/"
        assert wrong(api(clerk).get(address, {"cursor": cursor}), 400) == {"cursor"}


def test_lists_take_the_same_number_of_queries(api, clerk, other_clerk):
    notice = send(clerk)
    client = api(clerk)
    paths = [NOTICES, f"{NOTICES}sent/", at(notice, "roll/")]
    few = [queries(client, path) for path in paths]
    for number in range(2):
        person = make_official(f"more{number}", kind="market")
        send(clerk)
        notice.recipients.create(
            user=person, department=notice.department, name=person.name, post_title="科员"
        )
    assert [queries(client, path) for path in paths] == few


def test_sending_too_often_is_slowed_down(api, clerk):
    client, made = api(clerk), make_notice(clerk)
    for _try in range(SENDINGS[0]):
        is_within(f"office-api-sending:{clerk.pk}", *SENDINGS)
    answer = post(client, at(made, "send/"), {"changed_at": made.changed_at.isoformat()})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert ok(client.get(at(made)))["state"] == "draft"


@pytest.mark.parametrize("what", ["urge", "close"])
def test_a_notice_that_ended_is_a_conflict(api, clerk, what):
    notice = send(clerk)
    client = api(clerk)
    ok(post(client, at(notice, "close/")))
    assert post(client, at(notice, f"{what}/")).status_code == 409
