import threading

import pytest
from django.core import mail
from django.db import connection, transaction
from django.http import Http404
from django.utils import translation

from platform_core.capabilities.notifications import selectors, sending, services
from platform_core.capabilities.notifications.capability import check
from platform_core.capabilities.notifications.gateways import FileGateway, Refused
from platform_core.capabilities.notifications.models import Delivery, Message
from platform_core.capabilities.notifications.templates import Template, register_template
from platform_core.common.events import emit
from platform_core.common.outbox import services as outbox
from platform_core.common.outbox.models import OutboxMessage
from platform_core.napps.manifest import ManifestInvalid, validate_manifest
from security.actors import Actor
from tests.factories import make_citizen
from tests.platform_core.napps.conftest import MANIFEST

pytestmark = pytest.mark.django_db
DESK = Actor.system("desk")
ALL = ("in_app", "email", "sms")


@pytest.fixture(autouse=True)
def _sms(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "sms.jsonl"
    return lambda: path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def alice():
    person = make_citizen("alice")
    person.email, person.phone, person.language = "alice@example.org", "13812345678", "en"
    person.save()
    return person


def tell(recipient, dedupe="case:1", **more):
    options = {
        "key": "case_done",
        "title": {"zh": "已办结", "en": "Done"},
        "body": {"zh": "办件{number}", "en": "Case {number}"},
        "values": {"number": 7},
        "channels": ALL,
    }
    return services.notify(actor=DESK, recipient=recipient, dedupe=dedupe, **options | more)


def work_off():
    for message_id in outbox.lease_due():
        outbox.deliver(message_id=message_id)


class TestNotify:
    def test_each_channel_gets_it_once(self, alice, texts):
        tell(alice, link="/cases/7/")
        assert len(mail.outbox) == 0
        work_off()
        work_off()
        assert len(texts()) == len(mail.outbox) == 1
        assert "Case 7" in texts()[0]
        letter = mail.outbox[0]
        assert (letter.subject, letter.to) == ("Done", ["alice@example.org"])
        assert letter.body.split("\n\n--\n")[0].endswith("/cases/7/")
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}

    def test_told_twice_it_is_one_message(self, alice):
        first, second = tell(alice), tell(alice, title="other")
        assert first.pk == second.pk
        assert second.title["en"] == "Done"
        assert Delivery.objects.count() == 3
        assert OutboxMessage.objects.count() == 2

    def test_a_rolled_back_deed_tells_nobody(self, alice, texts):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            tell(alice)
            raise ZeroDivisionError
        work_off()
        assert (Message.objects.count(), texts(), mail.outbox) == (0, [], [])

    def test_the_reader_chooses_the_language(self, alice, texts):
        alice.language = "zh-hans"
        alice.save()
        with translation.override("en"):
            tell(alice)
        work_off()
        assert "办件7" in texts()[0]

    def test_somebody_without_an_account_is_told_at_the_address(self, texts):
        with translation.override("zh-hans"):
            tell(None, address="13900000000")
        work_off()
        assert list(Delivery.objects.values_list("channel", flat=True)) == ["sms"]
        assert "13900000000" in texts()[0]
        assert "已办结" in texts()[0]

    def test_addresses_are_sealed(self, alice):
        tell(alice)
        with connection.cursor() as cursor:
            cursor.execute("select address from platform_core_delivery where address <> ''")
            kept = " ".join(row[0] for row in cursor.fetchall())
        assert kept and not any(address in kept for address in (alice.phone, alice.email))

    def test_a_channel_without_address_is_left_out(self):
        tell(make_citizen("bob"), channels=("in_app", "email"), address="13900000000")
        assert "sms" not in Delivery.objects.values_list("channel", flat=True)

    def test_a_new_line_in_a_title_is_no_new_header(self, alice):
        tell(alice, title={"zh": "a\nBcc: x@y.example", "en": "a\r\nBcc: x@y.example"})
        work_off()
        assert mail.outbox[0].subject == "a Bcc: x@y.example"

    def test_the_providers_key_is_the_outbox_row(self, alice, texts):
        tell(alice)
        work_off()
        row = OutboxMessage.objects.get(
            payload__delivery=str(Delivery.objects.get(channel="sms").pk)
        )
        assert f'"key": "{row.id}"' in texts()[0]
        Delivery.objects.update(state="pending")
        sending.send_delivery(
            actor=DESK,
            delivery_id=Delivery.objects.get(channel="sms").pk,
            idempotency_key=str(row.id),
        )
        assert len(texts()) == 1

    def test_a_provider_that_is_down_is_tried_again(self, alice, monkeypatch):
        monkeypatch.setattr(
            FileGateway, "send", lambda *a, **k: (_ for _ in ()).throw(TimeoutError())
        )
        tell(alice, channels=("sms",))
        work_off()
        assert OutboxMessage.objects.get().state == "ready"
        assert Delivery.objects.get().state == "pending"

    def test_a_refusal_for_good_is_not_tried_again(self, alice, monkeypatch):
        monkeypatch.setattr(
            FileGateway, "send", lambda *a, **k: (_ for _ in ()).throw(Refused("no such number"))
        )
        tell(None, channels=("sms",), address=alice.phone)
        work_off()
        assert OutboxMessage.objects.get().state == "done"
        assert (Delivery.objects.get().state, Delivery.objects.get().error) == (
            "failed",
            "no such number",
        )

    def test_an_in_app_message_costs_two_queries(self, alice, django_assert_num_queries):
        with django_assert_num_queries(2):
            tell(alice, channels=("in_app",))


@pytest.mark.django_db(transaction=True)
def test_parallel_calls_of_one_occasion_tell_once(alice):
    barrier = threading.Barrier(5)

    def call():
        barrier.wait()
        tell(alice)
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Message.objects.count(), OutboxMessage.objects.count()) == (1, 2)


class TestReading:
    def test_unread_until_opened_by_its_recipient(self, alice):
        message = tell(alice)
        services.mark_read(actor=Actor.of(make_citizen("bob")), message=message)
        assert selectors.unread_count(alice) == 1
        services.mark_read(actor=Actor.of(alice), message=message)
        assert selectors.unread_count(alice) == 0

    def test_all_at_once(self, alice):
        for n in range(3):
            tell(alice, dedupe=f"n:{n}")
        assert services.mark_all_read(actor=Actor.of(alice)) == 3
        assert services.mark_all_read(actor=Actor.of(alice)) == 0

    def test_a_stranger_gets_nothing(self, alice):
        message, bob = tell(alice), make_citizen("bob")
        assert list(selectors.messages_of(bob)) == []
        with pytest.raises(Http404):
            selectors.message_for(bob, message.pk)
        assert selectors.message_for(alice, message.pk) == message

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_costs_one_query(self, alice, count, django_assert_num_queries):
        for n in range(count):
            tell(alice, dedupe=f"n:{n}")
        with django_assert_num_queries(1):
            assert len(selectors.messages_of(alice)) == count


class TestTemplates:
    def test_the_platforms_wording(self, alice):
        message = services.notify_by_template(
            actor=DESK,
            recipient=alice,
            template="file_infected",
            values={"name": "a.txt"},
            dedupe="x",
        )
        assert "a.txt" in message.body["en"]

    def test_an_unknown_key_is_an_error_of_the_caller(self, alice):
        with pytest.raises(LookupError):
            services.notify_by_template(
                actor=DESK, recipient=alice, template="nothing", values={}, dedupe="x"
            )

    def test_a_wording_declares_its_blanks_and_has_both_languages(self):
        with pytest.raises(ValueError, match="both"):
            register_template(Template("x", {"en": "a"}, {"zh": "a", "en": "a"}))
        with pytest.raises(ValueError, match="number"):
            register_template(Template("x", {"zh": "{number}", "en": "a"}, {"zh": "", "en": ""}))

    def test_the_sender_of_an_infected_file_is_told(self, alice):
        class File:
            pk, name, owner = 1, "a.txt", alice

        emit("file.infected", file=File)
        assert selectors.messages_of(alice).get().template == "file_infected"


class TestSection:
    def own(self, **changes):
        entry = {
            "key": "file_infected",
            "title": {"zh": "病毒", "en": "Virus"},
            "body": {"zh": "{name}", "en": "{name}"},
        }
        return MANIFEST | {"notifications": [entry | changes]}

    def places(self, manifest):
        with pytest.raises(ManifestInvalid) as caught:
            validate_manifest(manifest)
        return [problem.place for problem in caught.value.problems]

    def test_an_napps_own_wording(self):
        sound = validate_manifest(self.own())
        assert sound.section("notifications")[0].channels == ["in_app"]
        assert list(check(sound, sound.section("notifications"))) == []

    def test_blanks_that_nobody_fills_in(self):
        body = {"zh": "{name}", "en": "{nam}"}
        assert self.places(self.own(body=body)) == ["notifications[0].body.en"]

    def test_anything_but_a_plain_name(self):
        title = {"zh": "{name.x}", "en": "x"}
        assert self.places(self.own(title=title)) == ["notifications[0].title.zh"]

    def test_unknown_channels(self):
        assert self.places(self.own(channels=["fax"])) == ["notifications[0].channels[0]"]
