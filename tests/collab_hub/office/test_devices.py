"""Devices on the settings page, and what a push means for a notice that has to be read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab_hub.notices.models import Recipient
from collab_hub.office.devices import name_of
from platform_core.capabilities.notifications.models import PushDevice
from platform_core.capabilities.notifications.selectors import unread_count
from tests.collab_hub.notices.makers import send
from tests.collab_hub.notices.makers import work as notices_work
from tests.platform_core.capabilities.notifications.conftest import work_off
from tests.platform_core.capabilities.notifications.devices import Browser, push_service

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"
    " Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def service(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with push_service() as found:
        settings.PUSH_SERVICES = [found.origin]
        yield found


def add(client, browser, **more):
    data = {"endpoint": browser.endpoint, **browser.keys, "name": "My phone", **more}
    return client.post("/office/settings/", data)


def test_a_device_is_added_listed_and_taken_away(office, clerk, other_clerk, service):
    client, browser = office(clerk), Browser(service.origin)
    page = client.get("/office/settings/", headers={"User-Agent": ANDROID}).content.decode()
    assert 'value="Android, Chrome"' in page
    answer = add(client, browser)
    assert answer.headers["Location"] == "/office/settings/#devices"
    page = client.get("/office/settings/").content.decode()
    assert "My phone" in page and browser.path not in page
    drop = f"/office/settings/devices/{PushDevice.objects.get().pk}/drop/"
    assert office(other_clerk).post(drop).status_code == 404
    assert office(clerk).post(drop).status_code == 302
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"endpoint": "https://evil.example/x"}, "push service that this platform does not"),
     ({"key": "x"}, "usable keys"), ({"endpoint": ""}, "usable keys"), ({"name": ""}, "required"),
     ({"secret": "x" * 101}, "usable keys")],
)  # fmt: skip
def test_what_cannot_be_used_is_said_and_the_name_stays(office, clerk, service, wrong, said):
    answer = add(office(clerk), Browser(service.origin), **wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "Error:" in page
    assert ('value="My phone"' in page) == ("name" not in wrong)
    assert not PushDevice.objects.exists()


def test_the_page_costs_the_same_for_one_device_and_for_three(office, clerk, service):
    client, costs = office(clerk), []
    client.get("/office/settings/")
    for more in (1, 2):
        for _one in range(more):
            Browser(service.origin).of(clerk)
        with CaptureQueriesContext(connection) as queries:
            client.get("/office/settings/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_push_delivers_a_notice_and_does_not_read_it(clerk, other_clerk, service, tmp_path):
    for one in (clerk, other_clerk):
        one.phone, one.language = "13800000001", "en"
        one.save()
    browser = Browser(service.origin)
    browser.of(other_clerk)
    notice = send(clerk, escalate_minutes=10)
    work_off()
    (told,) = browser.told(service)
    assert told["title"] == "You have a notice" and "Flood" not in str(told)
    row = notice.recipients.get(user=other_clerk)
    assert row.state == Recipient.State.DELIVERED and unread_count(other_clerk) == 1
    # Who does not open it is still reached by text message.
    notices_work(within=timedelta(minutes=11))
    assert len((tmp_path / "sms.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [(ANDROID, "Android, Chrome"), (IPHONE, "iPhone, Safari"), ("", "My device"),
     (ANDROID.replace("Safari", "EdgA/130 Safari"), "Android, Edge")],
)  # fmt: skip
def test_what_a_device_is_called_at_first(user_agent, name):
    assert name_of(user_agent) == name
