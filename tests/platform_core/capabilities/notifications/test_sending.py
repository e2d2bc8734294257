"""A delivery that fails for good: the next channel takes over once, and the address is noted."""

import threading
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO, TextIOWrapper

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from platform_core.capabilities.notifications import sending, services
from platform_core.capabilities.notifications.models import Delivery
from platform_core.common.outbox import services as outbox
from platform_core.common.outbox.models import OutboxMessage
from security.actors import Actor
from service_hub.todos import todos_of
from tests.factories import actor_of, make_citizen, sign_in

from .conftest import HERE, UNKNOWN, texts, use_up, work_off

pytestmark = pytest.mark.django_db
DESK = Actor.system("desk")
TOPIC = "notifications.deliver"


@pytest.fixture
def nobody(alice):
    alice.email = UNKNOWN
    alice.save()
    return alice


def tell(recipient, dedupe="1", *, key="case.accepted", channels=("in_app", "email"), **more):
    words = {"zh": "已受理", "en": "Accepted"}
    return services.notify(
        actor=DESK, recipient=recipient, key=key, title=words, body=words, dedupe=dedupe,
        channels=channels, **more,
    )  # fmt: skip


def ways(message=None) -> dict[str, str]:
    found = Delivery.objects.filter(message=message) if message else Delivery.objects.all()
    return dict(found.exclude(channel="in_app").values_list("channel", "state"))


def test_a_refused_mailbox_falls_back_and_is_named_where_it_can_be_mended(settings, nobody, client):
    settings.EMAIL_BACKEND = f"{HERE}.UnknownMailbox"
    tell(nobody)
    work_off()
    work_off()
    assert ways() == {"email": "failed", "sms": "sent"}
    assert [line["to"] for line in texts()] == ["13812345678"]
    assert "5.1.1" in Delivery.objects.get(channel="email").error
    nobody.refresh_from_db()
    assert (nobody.address_for("email"), nobody.address_for("sms")) == ("", "13812345678")
    assert [one.title for one in todos_of(actor_of(nobody))] == [
        "Your e-mail address does not work"
    ]
    sign_in(client, nobody)
    assert (
        "Text message in place of “E-mail”: Handed over"
        in client.get("/messages/").content.decode()
    )
    page = client.get("/me/").content.decode()
    assert "does not work" in page and "/me/channels/email/" in page
    # What comes later goes by the channel that works from the beginning.
    assert ways(tell(nobody, "2")) == {"sms": "pending"}


def test_a_refused_number_falls_back_to_e_mail(settings, alice):
    settings.SMS_GATEWAY = f"{HERE}.NoSuchNumber"
    tell(alice, channels=("sms",))
    work_off()
    assert ways() == {"sms": "failed", "email": "sent"}
    alice.refresh_from_db()
    assert alice.out_of_use == {"sms": "broken"}


def test_a_stand_in_that_fails_too_is_the_end(settings, nobody):
    settings.EMAIL_BACKEND = f"{HERE}.UnknownMailbox"
    settings.SMS_GATEWAY = f"{HERE}.NoSuchNumber"
    tell(nobody)
    work_off()
    assert ways() == {"email": "failed", "sms": "failed"}
    nobody.refresh_from_db()
    assert nobody.out_of_use == {"email": "broken", "sms": "broken"}
    assert ways(tell(nobody, "2")) == {}


def test_a_message_that_went_both_ways_has_no_stand_in(settings, nobody):
    settings.EMAIL_BACKEND = f"{HERE}.UnknownMailbox"
    tell(nobody, channels=("email", "sms"))
    work_off()
    assert ways() == {"email": "failed", "sms": "sent"}
    assert not Delivery.objects.exclude(instead_of=None).exists()


@pytest.mark.parametrize(
    ("key", "after"),
    [("case.accepted", {"email": "failed"}), ("case.refused", {"email": "failed", "sms": "sent"})],
)
def test_a_channel_somebody_does_without_stands_in_only_where_they_must_act(
    settings, nobody, key, after
):
    settings.EMAIL_BACKEND = f"{HERE}.UnknownMailbox"
    nobody.told_by = {"progress": ["email"], "must_act": ["email"]}
    nobody.save()
    tell(nobody, key=key)
    work_off()
    assert ways() == after


def test_an_unproved_address_is_no_stand_in(settings, nobody):
    settings.EMAIL_BACKEND = f"{HERE}.UnknownMailbox"
    nobody.out_of_use = {"sms": "unproved"}
    nobody.save()
    tell(nobody)
    assert [one.title for one in todos_of(actor_of(nobody))] == ["Confirm your mobile number"]
    work_off()
    assert ways() == {"email": "failed"}


@pytest.mark.parametrize("backend", ["DeadMail", "FullMailbox"])
def test_an_outage_of_five_minutes_is_no_failure(settings, nobody, backend):
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{HERE}.{backend}"
    begin = timezone.now()
    with time_machine.travel(begin, tick=False) as clock:
        tell(nobody)
        while timezone.now() < begin + timedelta(minutes=5):
            work_off()
            clock.shift(5)
        assert ways() == {"email": "pending"}
        assert OutboxMessage.objects.get(topic=TOPIC).attempts >= 6
        settings.EMAIL_BACKEND = working
        clock.shift(timedelta(minutes=10))
        work_off()
    assert ways() == {"email": "sent"} and len(mail.outbox) == 1
    nobody.refresh_from_db()
    assert nobody.out_of_use == {}


@pytest.mark.parametrize("took_others", [True, False])
def test_used_up_retries_fall_back_and_blame_the_address_only_if_others_got_theirs(
    settings, nobody, took_others
):
    tell(nobody)
    other = Delivery.objects.get(message=tell(make_citizen("bob"), "other"), channel="email")
    if took_others:
        sending.send_delivery(actor=DESK, delivery_id=other.pk, idempotency_key="9")
    else:
        other.delete()
    settings.EMAIL_BACKEND = f"{HERE}.DeadMail"
    use_up(TOPIC)
    assert {"email": "failed", "sms": "sent"}.items() <= ways(nobody.messages.get()).items()
    assert len(texts()) == 1
    nobody.refresh_from_db()
    assert nobody.out_of_use == ({"email": "broken"} if took_others else {})
    # An operator sends the dead letter again: it stays with the stand-in.
    dead = OutboxMessage.objects.filter(state="dead").values_list("id", flat=True)
    outbox.send_again(actor=DESK, ids=list(dead))
    work_off()
    assert len(texts()) == 1


def report(reference: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """What a mail server sends back (RFC 3464)."""
    letter = EmailMessage()
    letter["From"] = "MAILER-DAEMON@mx.example"
    letter.set_content("Your message could not be delivered.")
    letter.make_mixed()
    parts = letter.as_bytes().replace(b"multipart/mixed", b"multipart/report", 1)
    head, _blank, rest = parts.partition(b"\n\n")
    line = head[head.index(b'boundary="') + 10 :]
    mark = b"--" + line[: line.index(b'"')]
    told = (
        f"\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; x@example.org\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 no such user\n\n"
    ).encode()
    own = f"\nContent-Type: text/rfc822-headers\n\nSubject: x\nMessage-ID: {reference}\n\n".encode()
    return head + b"\n\n" + rest.replace(mark + b"--", mark + told + mark + own + mark + b"--")


def take(monkeypatch, raw: bytes) -> None:
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(raw)))
    call_command("take_bounce")


def test_a_letter_that_comes_back_falls_back_once(alice, monkeypatch, capsys):
    tell(alice)
    work_off()
    reference = Delivery.objects.get(channel="email").reference
    take(monkeypatch, report(reference, "4.2.2", "delayed"))
    assert ways() == {"email": "sent"}
    for _time in range(2):
        take(monkeypatch, report(reference))
    work_off()
    assert ways() == {"email": "failed", "sms": "sent"} and len(texts()) == 1
    assert Delivery.objects.get(channel="email").error == "smtp; 550 no such user"
    alice.refresh_from_db()
    assert alice.out_of_use == {"email": "broken"}


@pytest.mark.parametrize(
    "reference",
    ["", "<1.x@y>", "<1.11111111-1111-1111-1111-111111111111@govplatform.example>", "\x00\xff"],
)
def test_reports_about_other_letters_change_nothing(alice, monkeypatch, reference):
    tell(alice)
    work_off()
    take(monkeypatch, report(reference))
    take(monkeypatch, b"\xff\x00 no letter at all")
    assert ways() == {"email": "sent"}


def test_a_former_address_that_comes_back_is_not_held_against_the_new_one(alice):
    tell(alice)
    work_off()
    alice.email = "new@example.org"
    alice.save()
    reference = Delivery.objects.get(channel="email").reference
    assert sending.bounce(actor=DESK, reference=reference, reason="550")
    alice.refresh_from_db()
    assert alice.out_of_use == {}


def test_a_worker_that_dies_before_the_commit_leaves_one_stand_in(settings, nobody):
    settings.EMAIL_BACKEND = f"{HERE}.UnknownMailbox"
    tell(nobody)
    failed = Delivery.objects.get(channel="email")
    for _time in range(2):
        with transaction.atomic():
            sending.send_delivery(actor=DESK, delivery_id=failed.pk, idempotency_key="1")
            assert ways() == {"email": "failed", "sms": "pending"}
            transaction.set_rollback(True)
    assert ways() == {"email": "pending"}
    work_off()
    assert ways() == {"email": "failed", "sms": "sent"} and len(texts()) == 1


@pytest.mark.django_db(transaction=True)
def test_failures_at_the_same_moment_make_one_stand_in(alice):
    tell(alice)
    work_off()
    reference = Delivery.objects.get(channel="email").reference
    barrier, noted = threading.Barrier(5), []

    def call():
        barrier.wait()
        noted.append(sending.bounce(actor=DESK, reference=reference, reason="550"))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(noted) == [False] * 4 + [True]
    assert ways() == {"email": "failed", "sms": "pending"}
