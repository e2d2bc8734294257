"""What must never be found in a log is planted, and the log is searched for it."""

import json
import logging

import pytest

from platform_core import settings as shipped
from tests.factories import citizen_number, make_citizen, sign_in


@pytest.fixture
def written(capsys):
    """What the shipped logging would print for the lines of a test."""
    from logging.config import dictConfig

    dictConfig(shipped.LOGGING)
    handler = logging.getLogger().handlers[0]
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(handler.format(record))

    keep = Keep()
    logging.getLogger().addHandler(keep)
    yield lines
    logging.getLogger().removeHandler(keep)


@pytest.mark.django_db
def test_a_journey_leaves_no_personal_data_in_the_log(client, written, mailoutbox):
    number, mobile = citizen_number(8), "13987654321"
    sign_in(client, make_citizen("alice", verified=False, email="lan@x.org"))
    client.post("/accounts/profile/identity/", {"real_name": "诸葛小兰", "citizen_number": number})
    client.post("/accounts/profile/", {"name": "诸葛兰", "phone": mobile})
    client.get("/", {"q": f"诸葛小兰 {number}"})
    client.get(f"/no-such-page/{mobile}/{number}")
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "lan@x.org", "password": "a-secret-guess"})
    client.post("/accounts/password/reset/", {"email": "lan@x.org"})
    link = next(word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word)
    client.get("/" + link.split("/", 3)[3])
    text = "\n".join(written)
    assert "/accounts/password/reset/key/…" in text  # the search itself works
    key = link.split("/key/")[1].strip("/")
    for planted in (number, mobile, "诸葛", "lan@x.org", "a-secret-guess", key):
        assert planted not in text and json.dumps(planted)[1:-1] not in text, planted


def test_errors_are_masked_too(written):
    try:
        raise RuntimeError(f"no such person {citizen_number(9)}, 13987654321, lan@x.org")
    except RuntimeError:
        logging.getLogger("x").exception("Failed for %s", "13987654321")
    assert "RuntimeError" in written[-1] and "139****4321" in written[-1]
    for planted in (citizen_number(9), "13987654321", "lan@x.org"):
        assert planted not in written[-1]
