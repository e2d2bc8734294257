"""kill -9 of worker and relay while people are told things: nothing is lost, nothing is sent twice."""

import json
from email import message_from_bytes

from django.db import transaction

from platform_core.capabilities.notifications.models import Delivery, Message
from platform_core.capabilities.notifications.services import notify
from platform_core.common.outbox.models import OutboxMessage
from platform_core.common.outbox.selectors import counts_by_state
from security.actors import Actor
from tests.factories import make_citizen

from .processes import Killer, wait_until

MANY = 200
DESK = Actor.system("desk")


def tell(person, number):
    return notify(
        actor=DESK,
        recipient=person,
        key="filed",
        title={"zh": "已提交", "en": "Filed"},
        body={"zh": "第{number}件", "en": "Number {number}"},
        values={"number": number},
        channels=("in_app", "email", "sms"),
        address={"sms": f"138{number:08}", "email": f"p{number}@example.org"},
        dedupe=f"filed:{number}",
    )


def carried_out():
    return counts_by_state().get("done", 0)


def test_nothing_is_lost_and_nothing_sent_twice(tree, tmp_path):
    alice = make_citizen("alice")
    killer = Killer(tree, seed=7, progress=carried_out, every=(30, 80), times=6)
    killer.start()
    for number in range(MANY):
        tell(alice, number)
        if number % 10 == 0:
            # What is rolled back must reach nobody.
            with transaction.atomic():
                tell(None, 90_000_000 + number)
                transaction.set_rollback(True)
    killer.join()
    done = wait_until(lambda: counts_by_state() == {"done": 2 * MANY}, 120)
    assert done, (counts_by_state(), tree.log("worker"), tree.log("relay"))
    assert tree.kills == ["worker", "relay"] * 3

    texts = [json.loads(line) for line in (tmp_path / "sms.jsonl").read_text().splitlines()]
    assert sorted(text["to"] for text in texts) == [f"138{n:08}" for n in range(MANY)]
    letters = [message_from_bytes(path.read_bytes()) for path in (tmp_path / "mail").glob("*.eml")]
    assert sorted(letter["To"] for letter in letters) == sorted(
        f"p{n}@example.org" for n in range(MANY)
    )
    assert Message.objects.filter(recipient=alice).count() == Message.objects.count() == MANY
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    # A re-send timer without a window would show here: each message is begun once, or again after a kill.
    begun = sum(OutboxMessage.objects.values_list("attempts", flat=True))
    assert begun <= 1.5 * 2 * MANY
