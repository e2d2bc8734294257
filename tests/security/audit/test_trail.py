"""The audit trail: written with the deed, readable by auditors, changed by nobody."""

import json
from datetime import date

import pytest
from django.db import Error, connection, transaction

from security import access
from security.accounts import channel_services, services
from security.actors import Actor
from security.audit.models import AuditEntry
from security.audit.services import record_audit, record_read, record_refusal
from tests.factories import (
    MAKER,
    actor_of,
    citizen_number,
    make_admin,
    make_auditor,
    make_citizen,
    make_department,
    make_firm_agent,
    make_official,
    sign_in,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE security_auditentry SET verb = 'nothing'",
        "DELETE FROM security_auditentry",
        "TRUNCATE security_auditentry",
    ],
)
def test_the_database_refuses_to_change_the_trail(statement):
    record_audit(actor=MAKER, verb="test.made", obj=("thing", "1", "Thing"))
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.filter(verb="test.made").exists()


def test_an_entry_says_who_as_whom_what_on_what_from_where():
    agent = make_firm_agent("carol")
    firm = agent.mandates.get().firm
    actor = Actor.of(agent, firm=firm, ip="203.0.113.5", request_id="r-1", channel="api")
    entry = record_audit(
        actor=actor, verb="case.file", obj=firm, before={"a": 1, "b": 2}, after={"a": 1, "b": 3}
    )
    assert (entry.actor, entry.acting_as, entry.verb) == (agent, firm.name, "case.file")
    assert (entry.object_type, entry.object_id) == ("security.firm", str(firm.pk))
    assert (entry.before, entry.after) == ({"b": 2}, {"b": 3})
    assert (entry.ip, entry.request_id, entry.channel, entry.result) == (
        "203.0.113.5",
        "r-1",
        "api",
        "ok",
    )
    bob = make_official("bob")
    assert "科员" in record_audit(actor=actor_of(bob), verb="x", obj=bob).acting_as
    assert record_audit(actor=Actor.anonymous(), verb="x").acting_as == "anonymous"


def test_an_entry_knows_its_transaction():
    entry = record_audit(actor=MAKER, verb="x")
    entry.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        assert entry.xact == int(cursor.fetchone()[0])


def test_the_entry_vanishes_with_the_deed():
    with pytest.raises(RuntimeError), transaction.atomic():
        record_audit(actor=MAKER, verb="test.undone")
        raise RuntimeError
    assert not AuditEntry.objects.filter(verb="test.undone").exists()


def test_nothing_sensitive_enters_the_trail():
    number = citizen_number(5)
    alice = make_citizen("alice", verified=False, phone="13987654321")
    services.verify_identity(
        actor=actor_of(alice), user=alice, real_name="诸葛兰", citizen_number=number
    )
    services.change_profile(
        actor=actor_of(alice),
        user=alice,
        name="诸葛兰",
    )
    channel_services.use_address(
        actor=actor_of(alice), user=alice, channel="sms", address="13987650000"
    )
    record_audit(
        actor=MAKER,
        verb="x",
        after={"note": f"身份证{number}，电话13987654321", "on": date(2026, 1, 2)},
    )
    rows = AuditEntry.objects.all().values("before", "after", "object_label")
    text = json.dumps(list(rows), ensure_ascii=False, default=str)
    for planted in (number, "13987654321", "13987650000", "诸葛兰", "lan@example.org"):
        assert planted not in text, planted
    identity = AuditEntry.objects.get(verb="identity.verify")
    assert identity.after == {"real_name": "诸*兰", "citizen_number": "changed", "source": "self"}


def test_reads_and_refusals_are_recorded_without_values():
    alice = make_citizen("alice")
    read = record_read(actor=actor_of(alice), obj=alice.identity, fields=["citizen_number"])
    assert (read.verb, read.after) == ("read", {"fields": ["citizen_number"]})
    refused = record_refusal(actor=Actor.anonymous(), verb="case.view", reason="stranger")
    assert (refused.result, refused.after) == ("refused", {"reason": "stranger"})


def test_showing_ones_own_number_in_full_is_recorded(client):
    alice = sign_in(client, make_citizen("alice"))
    page = client.get("/accounts/profile/").content.decode()
    assert alice.identity.citizen_number not in page
    full = client.post("/accounts/profile/identity/show/").content.decode()
    assert alice.identity.citizen_number in full
    assert AuditEntry.objects.get(verb="read").actor == alice


def test_auditors_read_and_nobody_writes():
    entry = record_audit(actor=MAKER, verb="x", obj=make_department())
    everybody = AuditEntry.objects.all()
    for user in (make_auditor(), make_admin()):
        assert (
            access.may(user, "view", entry) and access.visible_to(user, "view", everybody).exists()
        )
        assert not access.may(user, "change", entry) and not access.may(user, "delete", entry)
    for user in (make_official("bob"), make_citizen("alice"), None):
        assert not access.visible_to(user, "view", everybody).exists()
