"""Messages to devices: sealed, once, never to a machine the operator did not name."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from platform_core.capabilities.notifications import device_services, push, selectors, services
from platform_core.capabilities.notifications.models import Delivery, PushDevice
from platform_core.common.errors import Unusable
from platform_core.common.outbox.models import OutboxMessage
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_citizen, make_official

from .conftest import use_up, work_off
from .devices import Browser, claims_of, push_service

pytestmark = pytest.mark.django_db
DESK = Actor.system("desk")
WORDS = {"zh": "请审阅陈宁的申请", "en": "Please read the application of Chen Ning"}


@pytest.fixture
def service(settings):
    with push_service() as found:
        settings.PUSH_SERVICES = [found.origin]
        yield found


@pytest.fixture
def bob():
    return make_official("bob", name="Bob")


def tell(recipient, dedupe="1", key="task_urged"):
    return services.notify(
        actor=DESK, recipient=recipient, key=key, title=WORDS, body=WORDS, dedupe=dedupe,
        link="/office/tasks/7/",
    )  # fmt: skip


def states() -> list[str]:
    return sorted(Delivery.objects.filter(channel="push").values_list("state", flat=True))


def test_every_device_hears_the_kind_and_the_number_and_nothing_else(service, bob):
    phone, desk = Browser(service.origin), Browser(service.origin)
    phone.of(bob), desk.of(bob, "Desk")
    message = tell(bob)
    work_off()
    tell(bob)
    work_off()
    for browser in (phone, desk):
        assert browser.told(service) == [
            {"title": "Something waits for you", "id": str(message.pk),
             "url": f"/office/messages/{message.pk}/"}
        ]  # fmt: skip
    _path, head, _body = service.taken[0]
    assert (head["content-encoding"], head["urgency"]) == ("aes128gcm", "high")
    assert len(head["topic"]) <= 32 and int(head["ttl"]) > 0
    claims = claims_of(head["authorization"], push.public_key())
    assert claims["aud"] == service.origin and claims["sub"] == "mailto:noreply@govplatform.example"
    assert 0 < claims["exp"] - timezone.now().timestamp() <= 24 * 3600
    # Handed over is not read.
    assert states() == ["sent", "sent"] and selectors.unread_count(bob) == 1
    assert PushDevice.objects.filter(used_at=None).count() == 0


@pytest.mark.parametrize(
    ("language", "key", "title"),
    [("zh-hans", "notice", "您有一条通知"), ("en", "notice", "You have a notice"),
     ("zh-hans", "comment_mention", "您有一条新消息"), ("en", "paper.sent", "An official document"
      " waits for you")],
)  # fmt: skip
def test_the_kind_is_named_in_the_language_of_the_person(service, bob, language, key, title):
    bob.language = language
    bob.save()
    browser = Browser(service.origin)
    browser.of(bob)
    tell(bob, key=key)
    work_off()
    assert [one["title"] for one in browser.told(service)] == [title]


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_lost_is_forgotten_and_the_others_are_told(service, bob, status):
    lost, phone = Browser(service.origin), Browser(service.origin)
    lost.of(bob, "Old phone"), phone.of(bob)
    service.by_path[lost.path] = status
    tell(bob)
    work_off()
    assert states() == ["failed", "sent"] and len(phone.told(service)) == 1
    assert [one.name for one in selectors.devices_of(bob)] == ["Phone"]
    assert AuditEntry.objects.filter(verb="push_device.lost").count() == 1
    # Nothing takes its place: the message stands on the platform all the same.
    assert not Delivery.objects.exclude(instead_of=None).exists()
    tell(bob, "2")
    work_off()
    assert len(service.got) == 3


@pytest.mark.parametrize("status", [503, 429, 403])
def test_an_outage_of_five_minutes_neither_loses_nor_doubles(service, bob, status):
    phone, desk = Browser(service.origin), Browser(service.origin)
    phone.of(bob), desk.of(bob)
    service.by_path[phone.path] = status
    begin = timezone.now()
    with time_machine.travel(begin, tick=False) as clock:
        tell(bob)
        while timezone.now() < begin + timedelta(minutes=5):
            work_off()
            clock.shift(5)
        assert states() == ["pending", "sent"]
        assert OutboxMessage.objects.filter(topic="notifications.deliver", attempts__gte=6).exists()
        service.by_path.clear()
        clock.shift(timedelta(minutes=10))
        work_off()
    assert states() == ["sent", "sent"]
    assert [len(one.told(service)) for one in (phone, desk)] == [1, 1]


def test_used_up_retries_and_refusals_for_good_keep_the_device(service, bob):
    phone = Browser(service.origin)
    phone.of(bob)
    service.status = 413
    tell(bob)
    work_off()
    service.status = 500
    tell(bob, "2")
    use_up("notifications.deliver")
    assert states() == ["failed", "failed"]
    assert selectors.devices_of(bob).count() == 1


def test_a_push_service_cannot_lead_elsewhere(service, bob):
    with push_service() as inside:
        browser = Browser(service.origin)
        browser.of(bob)
        for status in (301, 302, 307, 308):
            service.status, service.headers = status, {"Location": f"{inside.origin}/admin/"}
            tell(bob, str(status))
            work_off()
        assert inside.got == [] and states() == ["pending"] * 4


@pytest.mark.parametrize(
    "endpoint",
    ["http://fcm.googleapis.com/x", "https://fcm.googleapis.com.evil.example/x",
     "https://fcm.googleapis.com:444/x", "https://evil.example/fcm.googleapis.com",
     "https://fcm.googleapis.com@evil.example/x", "https://evil.example\\@fcm.googleapis.com/x",
     "https://push.apple.com/x", "https://evilpush.apple.com/x", "https://127.0.0.1/x",
     "https://[::1]/x", "https://169.254.169.254/latest/", "file:///etc/passwd", "//x", "",
     "https:", "https://fcm.googleapis.com:99999/x", "https://fcm.googleapis.com/a b", "https://浙.example/",
     "https://fcm.googleapis.com/" + "x" * 1000],
)  # fmt: skip
def test_other_machines_are_never_called(bob, endpoint):
    browser = Browser("https://fcm.googleapis.com")
    browser.of(bob)
    browser.endpoint = endpoint
    with pytest.raises(Unusable, match="push service"):
        browser.of(bob)


def test_a_service_of_ones_own_and_names_below_one(settings):
    settings.PUSH_SERVICES = ["http://10.0.0.7:8443", "https://*.push.apple.com"]
    assert push.is_known("http://10.0.0.7:8443/x") and push.is_known("https://web.push.apple.com/x")
    assert not push.is_known("http://10.0.0.7/x") and not push.is_known("https://10.0.0.7:8443/x")


def test_a_service_that_is_no_longer_allowed_is_not_called(service, bob, settings):
    Browser(service.origin).of(bob)
    tell(bob)
    settings.PUSH_SERVICES = ["https://fcm.googleapis.com"]
    work_off()
    assert service.got == [] and states() == ["failed"]
    settings.PUSH_SERVICES = ["none"]
    tell(bob, "2")
    assert states() == ["failed"] and push.public_key() == ""


@pytest.mark.parametrize(
    "wrong", [{"key": "AAAA"}, {"key": "é"}, {"secret": "AAAA"}, {"secret": ""}, {"key": "B" * 87}]
)
def test_keys_that_are_none(service, bob, wrong):
    browser = Browser(service.origin)
    with pytest.raises(Unusable, match="keys"):
        device_services.add_device(
            actor=actor_of(bob), endpoint=browser.endpoint, name="x", **(browser.keys | wrong)
        )


def test_a_browser_belongs_to_who_asked_last_and_a_device_to_nobody_else(service, bob):
    alice, browser = make_official("alice"), Browser(service.origin)
    browser.of(bob)
    tell(bob, "waits while the browser changes hands")
    device = browser.of(alice)
    tell(bob), tell(alice, "2")
    work_off()
    assert len(service.taken) == 1 and selectors.devices_of(bob).count() == 0
    with pytest.raises(Http404):
        device_services.forget_device(actor=actor_of(bob), device_id=device.pk)
    tell(alice, "3")
    device_services.forget_device(actor=actor_of(alice), device_id=device.pk)
    work_off()
    assert len(service.got) == 1
    for number in range(10):
        Browser(service.origin).of(alice, str(number))
    with pytest.raises(Unusable, match="ten devices"):
        Browser(service.origin).of(alice)


def test_nothing_about_a_device_can_be_read_from_the_database(service, bob):
    browser = Browser(service.origin)
    browser.of(bob)
    row = PushDevice.objects.values_list("endpoint", "key", "secret", "endpoint_index").get()
    kept = json.dumps([str.__str__(one) for one in row])
    assert browser.path not in kept and not [one for one in browser.keys.values() if one in kept]


@pytest.mark.parametrize("people", [1, 3])
def test_many_are_told_in_the_same_statements(service, django_assert_num_queries, people):
    them = [make_official() for _one in range(people)]
    for one in them:
        Browser(service.origin).of(one), Browser(service.origin).of(one)
    with django_assert_num_queries(6):
        services.notify_many(
            actor=DESK, recipients=[one.pk for one in them], key="notice", title=WORDS, body=WORDS,
            dedupe="notice",
        )  # fmt: skip
    work_off()
    assert len(service.taken) == 2 * people


def test_who_left_is_told_nothing(service, bob):
    Browser(service.origin).of(bob)
    tell(bob)
    bob.is_active = False
    bob.save()
    work_off()
    assert service.got == [] and states() == ["failed"]


def test_citizens_cost_no_look_for_devices(django_assert_num_queries):
    alice = make_citizen("alice")
    with django_assert_num_queries(2):
        tell(alice)
