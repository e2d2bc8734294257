"""The page on which people let one another act: asked, given, accepted, ended, refused."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from platform_core.capabilities.notifications.selectors import messages_of
from platform_core.common.errors import NotAllowed
from security.accounts import mandate_services
from security.accounts.models import PersonMandate
from service_hub.mandates import selectors, services, tasks
from tests.factories import actor_of, make_citizen
from tests.service_hub.portal.test_views import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother(db):
    return make_citizen("mother", name="李国英", phone="13800000001")


@pytest.fixture
def mandate(mother, alice):
    return mandate_services.give_mandate(actor=actor_of(mother), agent=alice, relation="child")


def values(**changes):
    return {
        "way": "give", "name": "Alice", "number": "13800002046", "relation": "child",
        "valid_until": "2027-01-01",
    } | changes  # fmt: skip


def test_giving_asking_accepting_and_ending(portal, alice, mother):
    asked = values(way="ask", name="李国英", number="13800000001")
    answer = portal(alice).post("/me/mandates/", asked, follow=True)
    assert "Has not agreed yet" in text_of(answer)
    mandate = PersonMandate.objects.get()
    assert "wants to act for you" in text_of(portal(mother).get("/me/mandates/"))
    assert messages_of(mother).get().link == "/me/mandates/"
    portal(mother).post(f"/me/mandates/{mandate.pk}/", {"do": "accept"})
    mandate.refresh_from_db()
    assert mandate.accepted_at
    portal(alice).post(f"/me/mandates/{mandate.pk}/", {"do": "end"})
    assert portal(mother).post("/me/mandates/", values()).status_code == 302
    assert PersonMandate.objects.get(ended_at=None).agent == alice


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("number", "\x00"), ("number", "13999999999"), ("relation", "guardian"),
        ("valid_until", "2020-01-01"), ("valid_until", "x"), ("services", "no/thing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(portal, alice, mother, field, value):
    answer = portal(mother).post("/me/mandates/", values(**{field: value}))
    assert answer.status_code == 422
    assert "Error:" in text_of(answer)
    assert not PersonMandate.objects.exists()


def test_naming_people_is_slowed_down(portal, alice, mother):
    client = portal(mother)
    for _ in range(12):
        answer = client.post("/me/mandates/", values(number="13900000000"))
    assert "Too many tries" in text_of(answer)


def test_a_stranger_settles_nothing(portal, bob, mandate):
    answer = portal(bob).post(f"/me/mandates/{mandate.pk}/", {"do": "end"})
    assert answer.status_code == 404
    mandate.refresh_from_db()
    assert mandate.ended_at is None


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same(portal, alice, number, django_assert_max_num_queries):
    for n in range(number):
        mandate_services.give_mandate(
            actor=actor_of(make_citizen(f"p{n}")), agent=alice, relation="other",
            services=["housing_fund/rent"],
        )  # fmt: skip
    client = portal(alice)
    client.get("/me/mandates/")
    with django_assert_max_num_queries(18):
        client.get("/me/mandates/")


def holding(mother, alice, days: int) -> PersonMandate:
    """The mandate with so many days left; fewer than none: it ran out."""
    mandate = mandate_services.give_mandate(actor=actor_of(mother), agent=alice, relation="child")
    until = timezone.localdate() + timedelta(days=days)
    PersonMandate.objects.filter(pk=mandate.pk).update(valid_until=until)
    mandate.refresh_from_db()
    return mandate


def test_whoever_gave_a_mandate_that_ends_soon_renews_it_in_one_step(portal, alice, mother):
    mandate = holding(mother, alice, 12)
    (line,) = selectors.mandate_lines(mother)["given"]
    assert line.light == {"level": "y", "words": "12 days left"}
    assert "Renew for a year" not in text_of(portal(alice).get("/me/mandates/"))
    portal(alice).post(f"/me/mandates/{mandate.pk}/", {"do": "renew"})
    mandate.refresh_from_db()
    assert (mandate.valid_until - timezone.localdate()).days == 12
    assert "Renew for a year" in text_of(portal(mother).get("/me/mandates/"))
    for _press in range(2):
        portal(mother).post(f"/me/mandates/{mandate.pk}/", {"do": "renew"})
    mandate.refresh_from_db()
    assert (mandate.valid_until - timezone.localdate()).days == 365
    assert mandate.ended_at is None
    assert "renewed" in messages_of(alice).get().body["en"]
    assert selectors.mandate_lines(mother)["given"][0].light["level"] == "g"


def test_what_ran_out_or_was_revoked_stands_under_ended(portal, alice, mother):
    mandate = holding(mother, alice, -3)
    found = selectors.mandate_lines(alice)
    assert not found["held"] and [one.mandate for one in found["ended"]] == [mandate]
    assert "I acted for them" in text_of(portal(alice).get("/me/mandates/"))
    portal(mother).post(f"/me/mandates/{mandate.pk}/", {"do": "renew"})
    assert [one.mandate for one in selectors.mandate_lines(alice)["held"]] == [mandate]
    portal(alice).post(f"/me/mandates/{mandate.pk}/", {"do": "end"})
    (line,) = selectors.mandate_lines(mother)["ended"]
    assert line.ended_on == timezone.localdate() and not line.may_renew


def test_both_are_told_before_the_end_each_time_once(alice, mother):
    mandate = holding(mother, alice, 20)
    for ahead, expected in ((0, 1), (1, 1), (14, 2), (15, 2)):
        day = timezone.now() + timedelta(days=ahead)
        with time_machine.travel(day, tick=False):
            tasks.remind()
        for person in (alice, mother):
            assert messages_of(person).count() == expected, ahead
    assert mandate.valid_until.isoformat() in messages_of(mother)[0].body["en"]


def test_a_guardian_is_not_renewed_online(alice, mother):
    mandate = holding(mother, alice, 5)
    PersonMandate.objects.filter(pk=mandate.pk).update(relation="guardian")
    with pytest.raises(NotAllowed):
        services.renew_mandate(actor=actor_of(mother), mandate=mandate)
