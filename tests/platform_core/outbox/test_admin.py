import pytest

from platform_core.common.outbox import services
from platform_core.common.outbox.models import OutboxMessage
from tests.factories import make_admin, make_citizen, sign_in

pytestmark = pytest.mark.django_db
LIST = "/admin/platform_core/outboxmessage/"


def dead(n):
    message = services.send(topic="test.note", key=f"n:{n}", payload={"n": n})
    OutboxMessage.objects.filter(pk=message.pk).update(state="dead", last_error="TimeoutError")
    return message


def send_again(client, *messages):
    data = {"action": "send_again", "_selected_action": [message.pk for message in messages]}
    return client.post(LIST, data, follow=True).content.decode()


def test_dead_letters_are_listed_and_sent_again(client):
    sign_in(client, make_admin())
    client.cookies["gov_language"] = "en"
    one, two, done = dead(1), dead(2), services.send(topic="t", key="d", payload={})
    assert "TimeoutError" in client.get(f"{LIST}?state__exact=dead").content.decode()
    assert "2 messages will be sent again" in send_again(client, one, two, done)
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"ready"}
    assert "None of the chosen" in send_again(client, one)


def test_a_message_can_be_read_but_not_changed_or_deleted(client):
    sign_in(client, make_admin())
    message = dead(1)
    shown = client.get(f"{LIST}{message.pk}/change/")
    assert shown.status_code == 200
    assert b'name="payload"' not in shown.content
    assert client.get(f"{LIST}{message.pk}/delete/").status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403


def test_nobody_else_sees_them(client):
    sign_in(client, make_citizen("alice"))
    message = dead(1)
    assert client.get(LIST).status_code in (302, 403)
    send_again(client, message)
    assert OutboxMessage.objects.get().state == "dead"
