"""Signing in: brute force, the second factor of staff, the length of a session."""

import threading

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import connections
from django.test import Client

from security.accounts import selectors
from security.accounts.models import User
from security.audit.models import AuditEntry
from tests.factories import (
    PASSWORD,
    TOTP_SECRET,
    make_admin,
    make_auditor,
    make_citizen,
    make_official,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def code_now(secret=TOTP_SECRET):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def try_password(client, login, password, **more):
    return client.post(LOGIN, {"login": login, "password": password}, **more)


def test_citizen_signs_in_by_name_or_mail_and_lands_in_the_portal(client):
    make_citizen("alice")
    answer = try_password(client, "alice", PASSWORD)
    assert answer.status_code == 302 and answer["Location"] == "/accounts/after-login/"
    assert client.get("/accounts/after-login/")["Location"] == "/"
    other = Client()
    assert try_password(other, "alice@example.org", PASSWORD).status_code == 302
    assert AuditEntry.objects.filter(verb="session.sign_in", result="ok").count() == 2


@pytest.mark.parametrize(
    ("make", "home"),
    [(make_official, "/office/"), (make_admin, "/admin/"), (make_auditor, "/admin/")],
)
def test_staff_land_where_they_work(client, make, home):
    sign_in(client, make("bob"))
    assert client.get("/accounts/after-login/")["Location"] == home


def test_staff_are_asked_for_the_code_and_a_code_works_once(client):
    make_official("bob")
    answer = try_password(client, "bob", PASSWORD)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session  # still nobody
    code = code_now()
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/accounts/after-login/")["Location"] == "/office/"
    again = Client()
    try_password(again, "bob", PASSWORD)
    assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert "_auth_user_id" not in again.session


@pytest.mark.parametrize(
    "path", ["/", "/office/", "/office/inbox/", "/admin/", "/files/", "/accounts/profile/"]
)
def test_staff_without_second_factor_are_led_to_set_it_up(client, path):
    bob = make_staff("bob", kind="official", second_factor=False)
    sign_in(client, bob, second_factor=False)
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/2fa/totp/activate/")


def test_staff_who_did_not_use_it_in_this_session_are_asked(client):
    sign_in(client, make_admin(), second_factor=False)
    assert client.get("/admin/")["Location"].startswith("/accounts/2fa/reauthenticate/")
    answer = client.get("/api/v1/me/")
    assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"


def test_a_citizen_meets_no_wall(client):
    sign_in(client, make_citizen("alice"))
    assert client.get("/api/v1/me/").status_code == 200


def test_staff_cannot_drop_their_second_factor(client):
    bob = make_official("bob")
    sign_in(client, bob)
    client.post("/accounts/2fa/totp/deactivate/")
    assert bob.authenticator_set.filter(type="totp").exists()


def test_setting_up_the_second_factor_opens_the_way(client):
    bob = make_staff("bob", kind="admin", second_factor=False)
    try_password(client, "bob", PASSWORD)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200 and "<svg" in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda done, **more: done())
        answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200
    stored = bob.authenticator_set.get(type="totp").data["secret"]
    assert secret not in stored and stored.startswith("g1.")


def test_wrong_passwords_lock_the_account_and_tell_nothing(client):
    make_citizen("alice")
    known = [try_password(client, "alice", "wrong-guess-1").content.decode() for _ in range(7)]
    assert "Too many" in known[-1]
    assert "Too many" not in known[0]
    assert "Too many" in try_password(client, "alice", PASSWORD).content.decode()
    assert "_auth_user_id" not in client.session
    unknown = try_password(Client(REMOTE_ADDR="203.0.113.9"), "nobody", "wrong-guess-1")
    assert unknown.status_code == 200 and AuditEntry.objects.filter(result="refused").count() >= 7


def test_changing_between_name_and_mail_gains_no_tries(client):
    make_citizen("alice")
    for number in range(5):
        try_password(client, ["alice", "ALICE", "alice@example.org"][number % 3], "wrong-guess-1")
    assert "Too many" in try_password(client, "alice@example.org", PASSWORD).content.decode()


def test_a_forged_address_changes_nothing(client):
    make_citizen("alice")
    for number in range(5):
        try_password(client, "alice", "wrong", headers={"x-forwarded-for": f"198.51.100.{number}"})
    answer = try_password(client, "alice", PASSWORD, headers={"x-forwarded-for": "198.51.100.77"})
    assert "Too many" in answer.content.decode()


def test_the_last_trusted_proxy_names_the_address(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    make_citizen("alice")
    header = {"x-forwarded-for": "6.6.6.6, 203.0.113.5"}
    try_password(client, "alice", PASSWORD, headers=header)
    assert AuditEntry.objects.get(verb="session.sign_in").ip == "203.0.113.5"


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_the_same_moment_pass_no_more_than_the_limit(settings):
    make_citizen("alice")
    checked = []
    plain = User.check_password
    User.check_password = lambda self, raw: (checked.append(1), plain(self, raw))[1]

    def attack():
        try:
            for _ in range(5):
                try_password(Client(), "alice", "wrong-guess-1")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attack) for _ in range(6)]
    try:
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    finally:
        User.check_password = plain
    assert 1 <= len(checked) <= 5


def test_staff_are_signed_out_after_lying_idle(client):
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False) as clock:
        sign_in(client, make_admin())
        assert client.get("/admin/").status_code == 200
        clock.shift(14 * 60)
        assert client.get("/admin/").status_code == 200
        clock.shift(16 * 60)
        assert client.get("/admin/")["Location"].startswith("/accounts/login/")
        assert "_auth_user_id" not in client.session


def test_no_session_outlives_the_working_day(client):
    with time_machine.travel("2026-11-23 09:00+08:00", tick=False) as clock:
        sign_in(client, make_citizen("alice"))
        for _ in range(9):
            answer = client.get("/accounts/profile/")
            clock.shift(3600)
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("change", ["password", "kind", "closing"])
def test_sessions_end_with_the_rights_they_were_opened_for(client, change):
    alice = make_citizen("alice")
    sign_in(client, alice)
    assert client.get("/api/v1/me/").status_code == 200
    if change == "password":
        alice.set_password("another-password-1")
        alice.save()
    elif change == "kind":
        alice.kind = User.Kind.AUDITOR
        alice.save()
    else:
        alice.is_active = False
        alice.save(update_fields=["is_active"])
    assert client.get("/api/v1/me/").status_code in {401, 403}


def test_a_demonstration_account_works_only_in_a_demonstration(client, settings):
    settings.DEMO = True
    alice = make_citizen("alice", is_demo=True)
    sign_in(client, alice)
    assert client.get("/api/v1/me/").status_code == 200
    settings.DEMO = False
    assert client.get("/api/v1/me/").status_code in {401, 403}
    assert try_password(Client(), "alice", PASSWORD).status_code == 200


def test_registering_and_resetting_the_password(client, mailoutbox):
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    given = {
        "name": "陈小宁", "username": "xiaoning", "email": "xiaoning@example.org",
        "phone": "138 0000 0001",
        "password1": "a-good-long-one-7", "password2": "a-good-long-one-7",
    }  # fmt: skip
    wrong = client.post("/accounts/signup/", {**given, "phone": "12345"})
    assert wrong.status_code == 200 and "11 digits" in wrong.content.decode()
    assert "xiaoning@example.org" in wrong.content.decode()  # what was typed stays
    assert client.post("/accounts/signup/", given).status_code == 302
    user = User.objects.get(username="xiaoning")
    assert (user.kind, user.phone, user.name) == ("citizen", "13800000001", "陈小宁")
    # Nobody has proved either address yet: nothing is sent there, and the number is nobody's name.
    assert user.address_for("email") == user.address_for("sms") == ""
    assert selectors.number_indexes(user) == set()
    confirm = next(word for word in mailoutbox[0].body.split() if "/confirm-email/" in word)
    assert client.post("/" + confirm.split("/", 3)[3]).status_code == 302
    user.refresh_from_db()
    assert (user.address_for("email"), user.address_for("sms")) == ("xiaoning@example.org", "")
    client.post("/accounts/logout/")
    client.post("/accounts/password/reset/", {"email": "xiaoning@example.org"})
    letter = mailoutbox[-1].body
    link = next(word for word in letter.split() if "/password/reset/key/" in word)
    path = "/" + link.split("/", 3)[3]
    form = client.get(path, follow=True)
    new = {"password1": "b-good-long-one-8", "password2": "b-good-long-one-8"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    assert try_password(Client(), "xiaoning", "b-good-long-one-8").status_code == 302


def test_resetting_says_the_same_for_unknown_people(client):
    make_citizen("alice")
    known = client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_register_makes_one_account(browser):
    given = {
        "name": "陈小宁", "username": "xiaoning", "email": "xiaoning@example.org",
        "phone": "", "password1": "a-good-long-one-7", "password2": "a-good-long-one-7",
    }  # fmt: skip
    answers = []
    together = threading.Barrier(3)

    def click():
        try:
            together.wait()
            answers.append(browser().post("/accounts/signup/", given).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(answers) == 3 and set(answers) <= {200, 302}
    assert User.objects.filter(username="xiaoning").count() == 1
