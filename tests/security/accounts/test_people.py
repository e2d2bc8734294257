"""Identities, firms, mandates, and for whom a request is made."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from security import access
from security.accounts import selectors, services
from security.accounts.models import Firm, Identity, User
from tests.factories import (
    MAKER,
    actor_of,
    citizen_number,
    credit_code,
    make_admin,
    make_citizen,
    make_firm,
    make_firm_agent,
    make_official,
    make_region,
    sign_in,
)

pytestmark = pytest.mark.django_db


def bind(client, number, name="陈小宁", **more):
    return client.post(
        "/accounts/profile/identity/", {"real_name": name, "citizen_number": number}, **more
    )


def test_binding_an_identity_by_hand(client):
    alice = sign_in(client, make_citizen("alice", verified=False))
    wrong = bind(client, citizen_number(9)[:-1] + "?")
    assert wrong.status_code == 200 and "18 characters" in wrong.content.decode()
    assert "陈小宁" in wrong.content.decode()
    assert bind(client, citizen_number(9).lower()).status_code == 302
    assert selectors.identity_of(User.objects.get(pk=alice.pk)).citizen_number == citizen_number(9)
    page = client.get("/accounts/profile/").content.decode()
    assert "陈*宁" in page and citizen_number(9) not in page


def test_a_number_belongs_to_one_account(client):
    alice = make_citizen("alice")
    sign_in(client, make_citizen("bob", verified=False))
    answer = bind(client, alice.identity.citizen_number)
    assert answer.status_code == 200 and "another account" in answer.content.decode()
    assert "alice" not in answer.content.decode().lower()
    assert Identity.objects.count() == 1


def test_an_area_that_never_was_is_refused():
    make_region("330106")
    born_since = citizen_number(3, born="20200101", area="330199")
    with pytest.raises(ValidationError, match="division"):
        services.verify_identity(
            actor=MAKER,
            user=make_citizen("alice", verified=False),
            real_name="陈宁",
            citizen_number=born_since,
        )


@pytest.mark.parametrize("code", ["", "91350100M000100Y44", "short"])
def test_a_firm_needs_a_right_code(code):
    with pytest.raises(ValidationError) as refusal:
        services.create_firm(actor=MAKER, name="公司", credit_code=code)
    assert "credit_code" in refusal.value.message_dict


def test_a_code_is_entered_once_however_it_is_typed():
    code = credit_code()
    services.create_firm(actor=MAKER, name="公司", credit_code=code)
    with pytest.raises(ValidationError, match="already"):
        services.create_firm(actor=MAKER, name="公司二", credit_code=f" {code.lower()} ")


def test_choosing_the_firm_to_act_for(client):
    one, two = make_firm("甲公司"), make_firm("乙公司")
    sign_in(client, make_firm_agent("carol", one, two))
    assert (
        client.post("/accounts/acting-firm/", {"firm": str(one.pk)})["Location"] == "/enterprise/"
    )
    assert client.get("/api/v1/me/").json()["acting_for"]["name"] == "甲公司"
    client.post("/accounts/acting-firm/", {"firm": str(two.pk), "next": "/enterprise/cases/"})
    assert client.get("/api/v1/me/").json()["acting_for"]["name"] == "乙公司"
    client.post("/accounts/acting-firm/", {"firm": ""})
    assert client.get("/api/v1/me/").json()["acting_for"] is None


@pytest.mark.parametrize("firm", ["stranger", "not-a-uuid", "00000000-0000-0000-0000-000000000000"])
def test_nobody_acts_for_a_firm_without_a_mandate(client, firm):
    sign_in(client, make_firm_agent("carol"))
    value = str(make_firm().pk) if firm == "stranger" else firm
    assert client.post("/accounts/acting-firm/", {"firm": value}).status_code == 404


def test_an_ended_mandate_ends_at_once(client):
    carol = make_firm_agent("carol")
    mandate = carol.mandates.get()
    sign_in(client, carol, firm=mandate.firm)
    assert client.get("/api/v1/me/").json()["acting_for"]
    yesterday = timezone.localdate() - timedelta(days=1)
    services.grant_mandate(
        actor=MAKER, firm=mandate.firm, user=carol, valid_from=yesterday, valid_until=yesterday
    )
    assert client.get("/api/v1/me/").json()["acting_for"] is None
    assert not access.may(User.objects.get(pk=carol.pk), "act", mandate.firm)


def test_going_back_leads_nowhere_else(client):
    carol = make_firm_agent("carol")
    sign_in(client, carol)
    firm = carol.mandates.get().firm
    for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post("/accounts/acting-firm/", {"firm": str(firm.pk), "next": address})
        assert answer["Location"] == "/enterprise/"


def test_the_profile_keeps_what_was_typed_and_says_what_is_wrong(client):
    alice = sign_in(client, make_citizen("alice"))
    wrong = client.post("/accounts/profile/", {"name": "阿" * 51})
    assert wrong.status_code == 200 and "阿" * 51 in wrong.content.decode()
    right = {"name": "阿丽𠮷", "phone": "139 0000 0009", "email": "evil@example.org"}
    assert client.post("/accounts/profile/", right).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.phone, alice.email) == ("阿丽𠮷", "", "alice@example.org")


def test_an_address_of_an_earlier_account_page_leads_to_the_page_of_addresses(client):
    sign_in(client, make_citizen("alice"))
    answer = client.post("/accounts/email/", {"action_add": "1", "email": "new@example.org"})
    assert answer["Location"] == "/me/channels/"
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_a_bound_identity_stays(client):
    alice = sign_in(client, make_citizen("alice"))
    assert bind(client, citizen_number(500)).status_code == 302
    assert Identity.objects.get(user=alice).citizen_number == alice.identity.citizen_number
    with pytest.raises(ValidationError, match="bound already"):
        services.verify_identity(
            actor=MAKER, user=alice, real_name="陈宁", citizen_number=citizen_number(500)
        )


def test_what_is_known_need_not_be_asked_again():
    region = make_region()
    firm = make_firm("甲公司", region=region)
    carol = make_firm_agent("carol", firm, phone="13900000001")
    known = selectors.profile_answers(carol, firm)
    assert known["citizen_number"] == carol.identity.citizen_number
    assert (
        known | {"mobile": "13900000001", "firm_name": "甲公司", "firm_region": "330106"} == known
    )
    assert selectors.profile_answers(None) == {}
    assert "firm_name" not in selectors.profile_answers(carol)


def test_who_sees_whom():
    alice, bob, root = make_citizen("alice"), make_official("bob"), make_admin()
    firm = make_firm()
    carol = make_firm_agent("carol", firm)
    seen = {
        user: set(access.visible_to(user, "view", User.objects.all()))
        for user in (alice, bob, root)
    }
    assert seen[alice] == {alice} and seen[bob] == {bob} and {alice, bob, carol} <= seen[root]
    assert access.may(carol, "act", firm) and not access.may(alice, "view", firm)
    assert not access.may(root, "view", alice.identity) and access.may(
        alice, "view", alice.identity
    )
    post = bob.posts.get()
    assert access.may(bob, "view", post) and not access.may(alice, "view", post)
    for user in (alice, None):
        assert access.may(user, "view", post.department) and not access.may(
            user, "change", post.department
        )
    assert not access.visible_to(None, "view", Firm.objects.all()).exists()
    root.is_active = False
    root.save(update_fields=["is_active"])
    assert not access.visible_to(root, "view", User.objects.all()).exists()


def test_the_actor_of_a_civil_servant_carries_the_post():
    bob = make_official("bob", kind="health")
    assert actor_of(bob).post.department.kind == "health"
