"""Who sees what was sent, and what is kept how long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.files.selectors import file_for
from platform_core.capabilities.files.services import store_file
from platform_core.capabilities.forms import policies, selectors, services
from platform_core.capabilities.forms.display import answer_texts
from platform_core.capabilities.forms.models import Draft, Record, RecordRevision
from platform_core.capabilities.forms.tasks import remove_expired_drafts
from platform_core.common.errors import Conflict, NotAllowed
from security.access import may
from security.accounts.models import User
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_citizen, make_firm, make_firm_agent, make_official

from .makers import publish
from .test_sessions import png

ANSWERS = {"name": "甲", "kind": "person", "mobile": "13800000000"}


def send(user, firm=None, **more):
    return services.submit_values(
        actor=actor_of(user, firm),
        napp_version=publish(),
        form_key="everything",
        values=ANSWERS | more,
    )


@pytest.mark.django_db
def test_owners_and_agents_of_the_firm_see_a_record_and_nobody_else():
    firm = make_firm()
    alice, bob, mallory = (
        make_firm_agent("alice", firm),
        make_firm_agent("bob", firm),
        make_citizen("m"),
    )
    own, of_firm = send(alice), send(alice, firm)
    assert [may(user, "view", own) for user in (alice, bob, mallory, None)] == [
        True,
        False,
        False,
        False,
    ]
    assert [may(user, "view", of_firm) for user in (alice, bob, mallory)] == [True, True, False]
    assert not may(alice, "change", own)
    with pytest.raises(Http404):
        selectors.record_for(mallory, own.pk)
    with pytest.raises(Http404):
        selectors.record_for(mallory, "not-an-id")


@pytest.mark.django_db
def test_a_hub_lets_officials_in_and_then_the_files_open_too(monkeypatch):
    monkeypatch.setattr(policies, "_doors", [])
    alice, official = make_citizen("alice"), make_official("bob")
    photo = store_file(actor=actor_of(alice), upload=png())
    record = send(alice, photos=[str(photo.pk)])
    with pytest.raises(Http404):
        file_for(official, photo.pk)
    policies.register_record_access(
        lambda user, verb: Q(form_key="everything") if user == official and verb == "view" else None
    )
    assert selectors.record_for(official, record.pk) == record
    assert file_for(official, photo.pk).name == "灯.png"
    with pytest.raises(Http404):
        file_for(make_citizen("mallory"), photo.pk)


@pytest.mark.django_db
def test_a_mandate_that_ended_sends_nothing_any_more():
    firm = make_firm()
    alice = make_firm_agent("alice", firm)
    draft = services.start_draft(
        actor=actor_of(alice, firm), napp_version=publish(), form_key="everything", purpose="x"
    )
    alice.mandates.update(valid_until=timezone.localdate() - timedelta(days=1))
    # As the next request reads the person.
    alice = User.objects.get(pk=alice.pk)
    with pytest.raises(NotAllowed):
        services.submit_draft(actor=actor_of(alice, firm), draft=draft)


@pytest.mark.django_db
def test_expired_drafts_go_and_others_stay():
    alice = make_citizen("alice")
    old, new = (
        services.start_draft(
            actor=actor_of(alice), napp_version=publish(), form_key="everything", purpose=purpose
        )
        for purpose in ("old", "new")
    )
    Draft.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert list(selectors.drafts_of(alice)) == [new]
    with pytest.raises(Http404):
        selectors.draft_for(alice, old.pk)
    assert remove_expired_drafts() == 1
    assert list(Draft.objects.all()) == [new]
    services.discard_draft(actor=actor_of(alice), draft=new)
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_the_audit_trail_says_what_was_done_without_the_answers():
    alice = make_citizen("alice")
    record = send(alice)
    services.correct_record(
        actor=actor_of(alice),
        record=record,
        values={"mobile": "13911112222"},
        only_fields=["mobile"],
    )
    trail = AuditEntry.objects.filter(object_id=str(record.pk))
    assert {entry.verb for entry in trail} == {"record.submitted", "record.corrected"}
    assert all("138" not in str(entry.after) and "139" not in str(entry.after) for entry in trail)
    assert selectors.revision_values(RecordRevision.objects.get())["mobile"] == "13800000000"


@pytest.mark.django_db
def test_many_records_read_as_words_in_one_query(django_assert_num_queries):
    alice = make_citizen("alice")
    for count in (1, 3):
        while Record.objects.count() < count:
            send(alice, people=12, urgent=True, why="x", staff=[{"name": "乙", "temp": 36.5}])
        records = Record.objects.select_related("napp_version").order_by("created_at")
        with django_assert_num_queries(1):
            texts = answer_texts(records, ["kind", "mobile", "people", "urgent", "staff", "gone"])
        assert texts[0] == {
            "kind": "Person",
            "mobile": "138****0000",
            "people": "12",
            "urgent": "Yes",
            "staff": "乙, 36.5",
            "gone": "",
        }


@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_once():
    alice = make_citizen("alice", name="陈小宁")
    draft = services.start_draft(
        actor=actor_of(alice), napp_version=publish(), form_key="everything", purpose="x"
    )
    services.save_page(
        actor=actor_of(alice), draft=draft, page="you", values={"name": "甲", "kind": "person"}
    )
    actor = Actor.of(alice)

    def click(_number):
        try:
            return services.submit_draft(actor=actor, draft=draft).pk
        except Conflict as conflict:
            return conflict.facts["record"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clicks:
        answers = {str(answer) for answer in clicks.map(click, range(4))}
    assert len(answers) == 1 and Record.objects.count() == 1
