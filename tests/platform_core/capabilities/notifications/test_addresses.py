"""A new address is used once the code sent to it was typed, and the former one hears of it."""

import re
import threading

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.utils import timezone, translation

from platform_core.capabilities.notifications import addresses
from platform_core.capabilities.notifications.models import AddressCode
from platform_core.common.errors import Unusable
from security.accounts.models import User
from tests.factories import PASSWORD, actor_of, make_citizen, sign_in

from .conftest import HERE, texts, work_off

pytestmark = pytest.mark.django_db
NEW = "13900000009"


def ask(user, address=NEW, channel="sms") -> str:
    """Ask for a code and read it where it arrives."""
    addresses.ask_code(actor=actor_of(user), channel=channel, address=address)
    work_off()
    words = texts()[-1]["text"] if channel == "sms" else mail.outbox[-1].body
    return re.search(r"\d{6}", words)[0]


def prove(user, digits: str) -> str:
    """ "" when it was right, else what is wrong."""
    try:
        addresses.prove_address(actor=actor_of(user), digits=digits)
    except Unusable as error:
        assert set(error.errors) == {"code"}
        return str(error)
    return ""


def refusal(user, address, channel="sms") -> str:
    with pytest.raises(Unusable) as caught:
        addresses.ask_code(actor=actor_of(user), channel=channel, address=address)
    assert set(caught.value.errors) == {"address"}
    return str(caught.value)


def now_of(user) -> tuple[str, str]:
    user.refresh_from_db()
    return user.address_for("email"), user.address_for("sms")


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_on_the_pages_from_a_new_number_to_a_told_former_one(alice, client):
    sign_in(client, alice)
    wrong = client.post("/me/channels/sms/", {"address": "123"})
    assert wrong.status_code == 422 and 'value="123"' in wrong.content.decode()
    sent = client.post("/me/channels/sms/", {"address": "+86 139 0000 0009"}, follow=True)
    assert NEW in sent.content.decode()
    work_off()
    assert now_of(alice)[1] == "13812345678"
    assert "139****0009" in client.get("/me/channels/").content.decode()
    (line,) = texts()
    code = re.search(r"\d{6}", line["text"])[0]
    page = client.post("/me/channels/code/", {"code": other_than(code)})
    assert page.status_code == 422 and "4 tries are left" in page.content.decode()
    assert (
        client.post("/me/channels/code/", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302
    )
    assert now_of(alice)[1] == NEW
    again = client.post("/me/channels/code/", {"code": code}, follow=True).content.decode()
    assert "used already" in again
    work_off()
    assert [one["to"] for one in texts()] == [NEW, "13812345678"]
    assert "139****0009" in texts()[1]["text"]


def test_a_new_e_mail_address_signs_in_and_the_former_one_no_longer(alice, client):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    code = ask(alice, "New@Example.org", "email")
    assert mail.outbox[-1].to == ["new@example.org"]
    assert prove(alice, code) == ""
    work_off()
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert now_of(alice)[0] == "new@example.org"
    for login, status in (("alice@example.org", 200), ("new@example.org", 302)):
        answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert answer.status_code == status


def test_only_a_digest_is_left_once_the_code_was_sent(alice):
    addresses.ask_code(actor=actor_of(alice), channel="sms", address=NEW)
    with connection.cursor() as cursor:
        columns = "code, code_digest, address, address_index"
        cursor.execute(f"select {columns} from platform_core_addresscode")
        before = " ".join(cursor.fetchone())
    code = AddressCode.objects.get().code
    assert code not in before and NEW not in before
    work_off()
    assert AddressCode.objects.get().code == ""
    assert prove(alice, code) == ""


def test_a_code_runs_out_after_ten_minutes_and_is_then_not_sent_either(alice):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = ask(alice)
        clock.shift(599)
        assert "4 tries" in prove(alice, other_than(code))
        clock.shift(1)
        assert "run out" in prove(alice, code)
        addresses.ask_code(actor=actor_of(alice), channel="sms", address=NEW)
        clock.shift(601)
        work_off()
    assert len(texts()) == 1 and now_of(alice)[1] == "13812345678"


def test_five_wrong_tries_end_a_code(alice):
    code = ask(alice)
    said = [prove(alice, other_than(code)) for _time in range(5)]
    assert "1 try is left" in said[3] and "no longer works" in said[4]
    assert "no longer works" in prove(alice, code)
    assert prove(alice, ask(alice)) == ""


def test_five_codes_an_hour_for_a_person_and_for_an_address(alice):
    with time_machine.travel("2026-09-01 09:58:30+08:00", tick=False) as clock:
        for number in range(5):
            ask(alice, f"1390000000{number % 2}")
        assert "10:59" in refusal(alice, NEW)
        clock.shift(1800)
        for _time in range(2):
            ask(make_citizen(), "13900000000")
        assert "11:00" not in refusal(make_citizen(), "13900000000")
        clock.shift(1800)
        ask(alice, NEW)


def test_one_address_waits_at_a_time(alice):
    first = ask(alice)
    second = ask(alice, "new@example.org", "email")
    if first != second:
        assert prove(alice, first)
    assert prove(alice, second) == ""
    assert now_of(alice) == ("new@example.org", "13812345678")


def test_giving_up_forgets_the_address(alice, client):
    code = ask(alice)
    sign_in(client, alice)
    client.post("/me/channels/code/", {"do": "give_up"})
    assert "No address waits" in prove(alice, code)
    assert now_of(alice)[1] == "13812345678"


@pytest.mark.parametrize(
    ("channel", "address"),
    [("email", "x"), ("email", "a@b@c"), ("email", "x" * 300 + "@example.org"), ("sms", "12345"),
     ("sms", "\x00"), ("fax", NEW), ("email", "alice@example.org"), ("sms", "13812345678")],
)  # fmt: skip
def test_what_is_no_new_address_is_refused_at_its_field(alice, channel, address):
    assert refusal(alice, address, channel)
    assert not AddressCode.objects.exists()


def test_a_broken_address_is_mended_by_its_code(alice):
    alice.out_of_use = {"sms": "broken"}
    alice.save()
    assert prove(alice, ask(alice, "13812345678")) == ""
    assert now_of(alice)[1] == "13812345678"
    assert not alice.messages.exists()  # nothing was changed, so nobody is told


def test_an_address_of_another_account_stays_theirs(alice):
    bob = make_citizen("bob")
    EmailAddress.objects.create(user=bob, email=bob.email, primary=True, verified=True)
    assert "Another account" in prove(alice, ask(alice, "bob@example.org", "email"))
    assert now_of(alice)[0] == "alice@example.org"


def test_a_refused_number_is_said_on_the_page(alice, client, settings):
    settings.SMS_GATEWAY = f"{HERE}.NoSuchNumber"
    addresses.ask_code(actor=actor_of(alice), channel="sms", address=NEW)
    work_off()
    sign_in(client, alice)
    assert (
        "could not be delivered to 13900000009" in client.get("/me/channels/code/").content.decode()
    )


def test_a_visitor_of_the_demonstration_sees_the_code(alice, client, settings):
    settings.DEMO = True
    User.objects.filter(pk=alice.pk).update(is_demo=True)
    alice.refresh_from_db()
    sign_in(client, alice)
    client.post("/me/channels/sms/", {"address": NEW})
    work_off()
    page = client.get("/me/channels/code/").content.decode()
    assert re.search(r"\d{6}", texts()[0]["text"])[0] in page
    # Where letters really leave, nobody leads those of a shared account to a stranger.
    assert "Demonstration" in refusal(alice, "stranger@example.org", "email")


def test_old_codes_are_forgotten(alice):
    ask(alice)
    assert addresses.forget_codes() == 0
    with time_machine.travel(timezone.now() + addresses.KEPT, tick=False):
        assert addresses.forget_codes() == 1


def in_parallel(calls) -> list:
    barrier, results = threading.Barrier(len(calls)), []

    def run(call):
        barrier.wait()
        # A new thread reads the language of the settings.
        with translation.override("en"):
            results.append(call())
        connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_guesses_at_the_same_moment_are_counted_one_by_one(self, alice):
        code = ask(alice)
        wrong = [f"{(int(code) + n) % 10**6:06d}" for n in range(1, 11)]
        said = in_parallel([lambda digits=digits: prove(alice, digits) for digits in wrong])
        assert sum("left" in one for one in said) == 4
        assert AddressCode.objects.get().tries == 5
        assert prove(alice, code) and now_of(alice)[1] == "13812345678"

    def test_the_right_code_twice_changes_and_tells_once(self, alice):
        code = ask(alice)
        said = in_parallel([lambda: prove(alice, code)] * 4)
        assert said.count("") == 1
        assert all(not one or "used already" in one for one in said)
        work_off()
        assert [one["to"] for one in texts()] == [NEW, "13812345678"]

    def test_two_accounts_prove_one_e_mail_address(self, alice):
        bob = make_citizen("bob")
        codes = {one: ask(one, "shared@example.org", "email") for one in (alice, bob)}
        said = in_parallel([lambda one=one: prove(one, codes[one]) for one in codes])
        assert sorted(bool(one) for one in said) == [False, True]
        assert EmailAddress.objects.filter(email="shared@example.org", verified=True).count() == 1

    def test_askings_at_the_same_moment_keep_to_the_limit(self, alice):
        people = [alice, make_citizen("bob")] * 4

        def call(person):
            try:
                addresses.ask_code(actor=actor_of(person), channel="sms", address=NEW)
            except Unusable:
                return False
            return True

        assert sum(in_parallel([lambda one=one: call(one) for one in people])) == 5
        assert AddressCode.objects.filter(ended_at=None).count() <= 2
