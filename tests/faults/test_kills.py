"""kill -9 of worker and relay during 200 filings: no notification is lost and none is sent
twice."""

import json

import pytest
from django.db import transaction
from django.utils import timezone

from platform_core.capabilities.notifications.models import Delivery, Message
from platform_core.capabilities.process.models import ProcessInstance, Task
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.selectors import counts_by_state
from platform_core.napps import selectors as napps
from platform_core.napps import services as napp_services
from platform_core.napps.folders import sync_folders
from service_hub.cases.models import Case
from service_hub.cases.services import file_values
from service_hub.items.selectors import item_for
from tests.factories import MAKER, actor_of, make_citizen, make_official

from .processes import Killer, wait_until

MANY = 200


@pytest.fixture
def item(transactional_db):
    """The clue service of the shipped N-app, open, with somebody at the county's desk."""
    make_official("bob", kind="health", duties=["clerk"])
    make_official("carol", kind="emergency_desk", duties=["clerk"])
    sync_folders(actor=MAKER)
    napp_services.open_napp(actor=MAKER, napp=napps.napp_by_slug("public_clues"))
    return item_for("public_clues", "report")


@pytest.fixture
def alice(transactional_db):
    person = make_citizen("alice")
    person.email, person.phone = "alice@example.org", "13812345678"
    person.save()
    return person


def file_clue(person, item, number):
    return file_values(
        actor=actor_of(person),
        item=item,
        values={
            "kind": "gathering",
            "description": f"Clue number {number}",
            "seen_on": timezone.localdate().isoformat(),
            "area": "330106",
            "place": "East gate of the market",
            "reporter": "witness",
            "real_name": False,
        },
    )


def carried_out():
    return counts_by_state().get("done", 0)


def all_done():
    return set(counts_by_state()) == {"done"}


def test_nothing_is_lost_and_nothing_sent_twice(item, alice, tree, tmp_path):
    killer = Killer(tree, seed=7, progress=carried_out, every=(30, 80), times=6)
    killer.start()
    for number in range(MANY):
        file_clue(alice, item, number)
        if number % 20 == 0:
            # What is rolled back must reach nobody.
            with transaction.atomic():
                file_clue(alice, item, 1000 + number)
                transaction.set_rollback(True)
    killer.join()
    done = wait_until(all_done, 120)
    assert done, (counts_by_state(), tree.log("worker"), tree.log("relay"))
    assert tree.kills == ["worker", "relay"] * 3

    # Each case has its process, its one task and its one message.
    assert Case.objects.count() == ProcessInstance.objects.count() == MANY
    assert Task.objects.values("instance").distinct().count() == MANY
    told = Message.objects.filter(recipient=alice)
    assert told.count() == told.values("key").distinct().count() == MANY

    # Each delivery is at its provider once, under its own key, and nothing else is there.
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    sent = {
        channel: sorted(
            Delivery.objects.filter(channel=channel).values_list("reference", flat=True)
        )
        for channel in ("sms", "email")
    }
    texts = [json.loads(line) for line in (tmp_path / "sms.jsonl").read_text().splitlines()]
    assert sorted(f"file:{text['key']}" for text in texts) == sent["sms"]
    letters = [path.stem for path in (tmp_path / "mail").glob("*.eml")]
    assert sorted(letters) == sorted(name.strip("<>").replace("@", "_") for name in sent["email"])
    assert len(texts) == len(letters) == MANY

    # A re-send timer without a window would show here: a message is begun once, or again after a
    # kill.
    attempts = list(OutboxMessage.objects.values_list("attempts", flat=True))
    assert sum(attempts) <= 1.5 * len(attempts)
