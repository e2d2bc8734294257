"""Those who have not read are reached by text message, by a call, through a deputy; nobody else."""

import json
from datetime import date, timedelta

import pytest

from collab_hub.notices import roll_services
from collab_hub.notices.audience import Audience, Term
from collab_hub.notices.models import Reach
from platform_core.capabilities.notifications import gateways
from platform_core.capabilities.notifications.models import Message
from platform_core.capabilities.process.delegation.services import set_delegation
from platform_core.common.errors import Conflict
from platform_core.common.outbox.models import OutboxMessage
from security.access import may
from security.organs.models import Post
from tests.factories import actor_of, make_official

from .makers import send, work

NUMBERS = {"alice": "13800000001", "bob": "13800000002", "dan": "13800000003"}


@pytest.fixture
def team(clerk, other_clerk, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    people = [clerk, other_clerk, make_official("dan", kind="market")]
    for one in people:
        one.phone = NUMBERS[one.username]
        one.save()
    return people


def lines(tmp_path, name: str = "sms") -> list[str]:
    """The numbers in a gateway's file, in order."""
    file = tmp_path / f"{name}.jsonl"
    texts = file.read_text().splitlines() if file.exists() else []
    return sorted(json.loads(text)["to"] for text in texts)


def test_the_steps_stop_for_whoever_has_read(clerk, other_clerk, team, tmp_path):
    notice = send(clerk, escalate_minutes=10)
    set_delegation(
        actor=actor_of(team[2]), principal=team[2], deputy=other_clerk,
        valid_from=date.today(), valid_until=date.today() + timedelta(days=1),
    )  # fmt: skip
    roll_services.note_read(actor=actor_of(clerk), notice=notice)
    work(within=timedelta(minutes=11))
    assert lines(tmp_path) == [NUMBERS["bob"], NUMBERS["dan"]] and not lines(tmp_path, "voice")
    roll_services.confirm_notice(actor=actor_of(other_clerk), notice=notice)
    work(within=timedelta(minutes=21))
    assert lines(tmp_path, "voice") == [NUMBERS["dan"]]
    work(within=timedelta(minutes=31))
    assert notice.recipients.get(user=team[2]).deputy == other_clerk
    told = Message.objects.get(template="notice_deputy")
    assert told.recipient == other_clerk and "Dan" in told.body["en"]
    # All of it once more, as after a crash: nobody hears twice.
    OutboxMessage.objects.filter(topic__startswith="notices.").update(state="ready")
    work(within=timedelta(hours=1))
    assert lines(tmp_path) == [NUMBERS["bob"], NUMBERS["dan"]]
    assert lines(tmp_path, "voice") == [NUMBERS["dan"]]
    assert Message.objects.filter(template="notice_deputy").count() == 1


def test_a_deputy_for_some_napps_neither_reads_nor_is_told(clerk, other_clerk, team, stall):
    notice = send(clerk, Audience((Term(person=frozenset({team[2].pk})),)), escalate_minutes=10)
    limits = {
        "actor": actor_of(team[2]), "principal": team[2], "valid_from": date.today(),
        "valid_until": date.today() + timedelta(days=1),
    }  # fmt: skip
    set_delegation(**limits, deputy=other_clerk, napps=[stall.napp_id])
    assert not may(other_clerk, "read", notice)
    work(within=timedelta(minutes=31))
    assert notice.recipients.get().deputy is None
    assert not Message.objects.filter(template="notice_deputy").exists()


class Away:
    """A provider that does not answer."""

    def send(self, **facts):
        raise ConnectionError


def test_an_outage_loses_nothing_doubles_nothing_and_calls_nobody_in_vain(
    clerk, other_clerk, team, settings, tmp_path
):
    notice = send(clerk, escalate_minutes=5)
    settings.SMS_GATEWAY = f"{__name__}.Away"
    work(within=timedelta(minutes=6))
    waiting = OutboxMessage.objects.filter(topic="notices.reach")
    assert set(waiting.values_list("state", "attempts")) == {("ready", 1)}
    assert not lines(tmp_path)
    # Meanwhile one reads and one leaves: neither needs a text message any more.
    roll_services.note_read(actor=actor_of(clerk), notice=notice)
    Post.objects.filter(user=other_clerk).update(valid_until=date(2020, 1, 1))
    settings.SMS_GATEWAY = "platform_core.capabilities.notifications.gateways.FileGateway"
    work(within=timedelta(minutes=7))
    assert lines(tmp_path) == [NUMBERS["dan"]]
    found = Reach.objects.values_list("recipient__user__username", "state", "why")
    assert set(found) == {("alice", "skipped", "read"), ("bob", "skipped", "left"),
                          ("dan", "sent", "")}  # fmt: skip


def test_a_number_that_is_refused_is_out_of_use(clerk, team, settings, monkeypatch):
    def refuses(self, **facts):
        raise gateways.Refused("no such number")

    send(clerk, escalate_minutes=5)
    monkeypatch.setattr(gateways.FileGateway, "send", refuses)
    work(within=timedelta(minutes=6))
    assert set(Reach.objects.values_list("state", "why")) == {("failed", "refused")}
    clerk.refresh_from_db()
    assert clerk.out_of_use == {"sms": "broken"}


def test_urging_asks_the_rest_once_in_ten_minutes(clerk, other_clerk, team, tmp_path):
    notice = send(clerk)
    roll_services.confirm_notice(actor=actor_of(other_clerk), notice=notice)
    assert roll_services.urge_rest(actor=actor_of(clerk), notice=notice) == 2
    work()
    assert lines(tmp_path) == [NUMBERS["alice"], NUMBERS["dan"]]
    assert Message.objects.filter(template="notice_urged").count() == 2
    with pytest.raises(Conflict):
        roll_services.urge_rest(actor=actor_of(clerk), notice=notice)
