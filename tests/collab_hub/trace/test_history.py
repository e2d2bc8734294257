"""One history from several logs: order, one entry for one deed, masks, replay, rights."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from collab_hub.supervision import services
from platform_core.common.trace import (
    Change,
    Entry,
    changes_of,
    history_for,
    mask_ip,
    merged,
    shown_name,
    state_after,
)
from security.audit.models import AuditEntry
from security.audit.services import record_audit
from security.identifiers import mask_name
from service_hub.traced import objects_of_case
from tests.collab_hub.supervision.makers import doer, opened, signed, supervisor
from tests.factories import actor_of, make_auditor, make_citizen, make_official
from tests.service_hub.makers import do, file_rent, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_one_deed_in_two_logs_is_one_entry_with_origin_and_change():
    item = signed()
    found = history_for(doer(), "supervision", str(item.pk)).entries
    assert [one.verb for one in found] == [
        "supervision.propose", "supervision.open", "supervision.sign",
    ]  # fmt: skip
    assert [one.at for one in found] == sorted(one.at for one in found)
    last = found[-1]
    assert (last.who, last.channel, last.ip) == ("Li", "web", "127.0.0.*")
    assert [(one.old, one.new) for one in last.changes] == [("To be signed for", "Being done")]


def test_rows_of_others_stay_entries_of_their_own_and_stand_in_order():
    alice, bob = doer("alice"), doer("bob")
    rows = [record_audit(actor=actor_of(one), verb="x.do", obj=("x", "1", "")) for one in
            (alice, bob)]  # fmt: skip
    at = rows[0].at
    line = Entry(at=at - timedelta(seconds=1), what="Done", actor_id=alice.pk, who="Alice")
    far = Entry(at=at - timedelta(seconds=9), what="Begun", actor_id=alice.pk, who="Alice")
    found = merged([line, far], list(AuditEntry.objects.filter(verb="x.do")))
    assert [(one.what, one.who, one.ip) for one in found] == [
        ("Begun", "Alice", ""), ("Done", "Alice", "127.0.0.*"), ("x.do", "Bob", "127.0.0.*"),
    ]  # fmt: skip


def test_the_twin_is_the_row_of_the_same_verb_and_never_a_refused_one():
    alice = doer("alice")
    done = {
        verb: record_audit(actor=actor_of(alice), verb=verb, obj=("x", "1", ""), **more)
        for verb, more in (("x.go", {}), ("x.do", {}), ("x.end", {"result": "refused"}))
    }
    rows, at = list(AuditEntry.objects.filter(verb__startswith="x.")), done["x.go"].at
    line = Entry(at=at, what="Done", verb="x.do", actor_id=alice.pk, who="Alice")
    assert [one.what for one in merged([line], rows)] == ["Done", "x.go", "x.end"]
    end = Entry(at=done["x.end"].at, what="End", verb="x.end", actor_id=alice.pk, who="Alice")
    assert [one.result for one in merged([end], [done["x.end"]])] == ["ok", "refused"]


def test_citizens_addresses_and_numbers_are_masked():
    citizen = make_citizen("chenning", name="Chen Ning")
    record_audit(
        actor=actor_of(citizen), verb="x.do", obj=("x", "1", ""), before={"note": "a"},
        after={"note": "13812342046"},
    )  # fmt: skip
    (entry,) = merged([], list(AuditEntry.objects.filter(verb="x.do")))
    assert entry.who == mask_name("Chen Ning") and "13812342046" not in str(entry)
    assert mask_ip("2001:db8:1:2::3") == "2001:0db8:0001:*" and mask_ip(None) == ""
    assert shown_name(doer("li")) == "Li"
    noted = Entry(at=entry.at, what="Called", note="Rang 13812342046", actor_id=0)
    assert merged([noted], [])[0].note == "Rang 138****2046"


def test_replay_folds_the_changes_and_skips_what_was_refused():
    def changed(old, new, result="ok"):
        return Entry(at=None, what="x", changes=(Change("state", old, new),), result=result)

    steps = [changed("", "a"), changed("a", "b", "refused"), changed("a", "c"), changed("c", "")]
    assert [state_after(steps, n).get("state") for n in range(5)] == [None, "a", "a", "c", None]
    assert changes_of({"a": 1, "b": 2}, {"b": 2, "c": True, "digest": "x"}) == (
        Change("a", "1", ""), Change("c", "", "yes"),
    )  # fmt: skip


def test_the_pages_replay_and_refuse_strangers(office):
    item = signed()
    address = f"/office/trace/supervision/{item.pk}/"
    page = office(doer()).get(address, {"step": 2}).content.decode()
    assert "entry 2 of 3" in page and "To be signed for" in page and item.number in page
    assert office(doer()).get(address, {"step": "x"}).status_code == 200
    assert office(doer("mallory", "education")).get(address).status_code == 404
    assert office(doer()).get("/office/trace/nothing/1/").status_code == 404


def test_a_case_has_one_history_of_answers_process_and_audit():
    alice = make_citizen("alice", phone="13800002046")
    people = make_office("housing_fund")
    case = do(file_rent(alice))
    found = history_for(people["clerk"], "case", str(case.pk))
    verbs = {one.verb for one in found.entries}
    assert {"case.submitted", "process.started", "process.approved"} <= verbs
    assert found.number == case.number and "Alice" not in str(found.entries)
    assert history_for(make_auditor(), "case", str(case.pk)).entries
    task = case.process.tasks.first()
    record_audit(actor=actor_of(doer("other")), verb="task.reassign", obj=task)
    verbs = [one.verb for one in history_for(people["clerk"], "case", str(case.pk)).entries]
    assert "task.reassign" in verbs
    case.process = None
    assert objects_of_case(case) == [
        ("service_hub.case", str(case.pk)), ("platform_core.record", str(case.record_id)),
    ]  # fmt: skip
    for person in (make_official("mallory", kind="education"), make_citizen("eve")):
        with pytest.raises(Http404):
            history_for(person, "case", str(case.pk))


def test_a_longer_history_asks_no_more_often():
    counts = []
    for more in (1, 3):
        item = signed()
        for _one in range(more):
            services.note_progress(actor=actor_of(doer()), item=item, note="x")
        reader = doer()
        history_for(reader, "supervision", str(item.pk))
        with CaptureQueriesContext(connection) as queries:
            assert len(history_for(reader, "supervision", str(item.pk)).entries) == 3 + more
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_only_an_auditor_searches_and_the_search_is_written_down(office):
    item = opened()
    for person in (doer(), supervisor()):
        assert office(person).get("/office/trace/", {"who": "Zhou"}).status_code == 404
    client = office(make_auditor())
    assert "What was found" not in client.get("/office/trace/").content.decode()
    assert not AuditEntry.objects.filter(verb="trace.search").exists()
    asked = {"who": "zhou", "kind": "supervision", "verb": "supervision.open"}
    page = client.get("/office/trace/", asked).content.decode()
    assert f"/office/trace/supervision/{item.pk}/" in page and "Opened and handed over" in page
    noted = AuditEntry.objects.get(verb="trace.search")
    assert noted.after["kind"] == "supervision" and noted.actor.username == "auditor"
    client.get("/office/trace/", asked | {"page": "2"})
    assert AuditEntry.objects.filter(verb="trace.search").count() == 2
    none = client.get("/office/trace/", {"organ": "x", "kind": "supervision"}).content.decode()
    assert "Nothing fits" in none
    wrong = client.get("/office/trace/", {"since": "2026-05-01", "until": "2026-04-01"})
    assert "comes before the last one" in wrong.content.decode()
    client.get("/office/trace/", {"kind": "nothing", "who": "\x00"})
    assert client.get("/office/trace/", {"until": "0001-01-10"}).status_code == 200
