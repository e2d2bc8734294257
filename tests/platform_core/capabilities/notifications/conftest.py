"""Providers as they fail, and somebody who can be reached in two ways."""

import json
import smtplib
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.mail.backends.locmem import EmailBackend

from platform_core.capabilities.notifications.gateways import FileGateway, Refused
from platform_core.common.outbox import services as outbox
from platform_core.common.outbox.models import OutboxMessage
from tests.factories import make_citizen

HERE = "tests.platform_core.capabilities.notifications.conftest"
UNKNOWN = "nobody@example.org"


class UnknownMailbox(EmailBackend):
    """A mail server that knows no mailbox of the name "nobody"."""

    def send_messages(self, messages):
        for message in messages:
            if UNKNOWN in message.to:
                raise smtplib.SMTPRecipientsRefused({UNKNOWN: (550, b"5.1.1 no such user")})
        return super().send_messages(messages)


class FullMailbox(EmailBackend):
    """A mail server that takes nothing just now."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({UNKNOWN: (451, b"4.7.1 try again later")})


class DeadMail(EmailBackend):
    """No mail server answers."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


class NoSuchNumber(FileGateway):
    """An SMS provider that refuses every number."""

    def send(self, *, to: str, text: str, key: str) -> str:
        raise Refused("no such number")


def work_off() -> None:
    """Carry out whatever is due, and what follows from it."""
    while ids := outbox.lease_due():
        for message_id in ids:
            outbox.deliver(message_id=message_id)


def use_up(topic: str) -> None:
    """Let the retries of every waiting message of a topic be used up at its next attempt."""
    waiting = OutboxMessage.objects.filter(topic=topic, state="ready")
    waiting.update(attempts=33, due_at="2020-01-01T00:00Z")
    work_off()


def texts() -> list[dict]:
    """What the SMS provider was given."""
    path = Path(django_settings.VAR_DIR) / "sms.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def client(client):
    """A reader of English."""
    client.cookies["gov_language"] = "en"
    return client


@pytest.fixture
def alice(db):
    person = make_citizen("alice", phone="13812345678")
    person.language = "en"
    person.save()
    return person
