"""Mandates between people: asked, given, accepted, ended, and entered at a counter."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from security.accounts import mandate_services, selectors
from security.accounts.models import PersonMandate
from security.actors import Actor
from security.audit.models import AuditEntry
from tests.factories import actor_of, make_citizen, make_official

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother(db):
    return make_citizen("mother", name="李国英", phone="13800000001")


@pytest.fixture
def son(db):
    return make_citizen("son", name="王伟")


def give(mother, son, **more):
    return mandate_services.give_mandate(
        actor=actor_of(mother), agent=son, **({"relation": "child"} | more)
    )


def test_what_is_given_holds_at_once_until_its_last_day(mother, son):
    mandate = give(mother, son, services=["a/b"])
    today = timezone.localdate()
    assert selectors.mandates_held(son) == [mandate]
    assert selectors.mandates_held(son, "a/b") and not selectors.mandates_held(son, "a/c")
    assert mandate.is_valid_on(today) and not mandate.is_valid_on(today + timedelta(days=366))
    assert not selectors.mandates_held(mother)


def test_what_is_asked_allows_nothing_before_it_is_accepted(mother, son):
    mandate = mandate_services.ask_mandate(actor=actor_of(son), principal=mother, relation="child")
    assert not selectors.mandate_holds(son, mandate)
    with pytest.raises(PermissionDenied):
        mandate_services.accept_mandate(actor=actor_of(son), mandate=mandate)
    mandate_services.accept_mandate(actor=actor_of(mother), mandate=mandate)
    assert selectors.mandate_holds(son, mandate)
    with pytest.raises(ValidationError):
        mandate_services.accept_mandate(actor=actor_of(mother), mandate=mandate)


@pytest.mark.parametrize("who", ["mother", "son"])
def test_either_ends_it_and_a_stranger_does_not(mother, son, who):
    mandate = give(mother, son)
    with pytest.raises(PermissionDenied):
        mandate_services.end_person_mandate(actor=actor_of(make_citizen()), mandate=mandate)
    user = {"mother": mother, "son": son}[who]
    mandate_services.end_person_mandate(actor=actor_of(user), mandate=mandate)
    assert not selectors.mandate_holds(son, mandate)
    with pytest.raises(ValidationError):
        mandate_services.end_person_mandate(actor=actor_of(user), mandate=mandate)


@pytest.mark.parametrize(
    "terms",
    [
        {"relation": "guardian"},
        {"relation": "king"},
        {"relation": ""},
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"valid_until": timezone.localdate() + timedelta(days=4000)},
    ],
)
def test_terms_that_cannot_be_are_refused(mother, son, terms):
    with pytest.raises(ValidationError):
        give(mother, son, **terms)
    assert not PersonMandate.objects.exists()


def test_nobody_gives_one_to_themselves(mother):
    with pytest.raises(ValidationError):
        give(mother, mother)


def test_a_new_one_takes_the_place_of_the_old_and_a_wish_does_not(mother, son):
    old = give(mother, son)
    new = give(mother, son, services=["a/b"])
    assert not selectors.mandate_holds(son, old) and selectors.mandate_holds(son, new)
    with pytest.raises(ValidationError):
        mandate_services.ask_mandate(actor=actor_of(son), principal=mother, relation="child")
    assert selectors.mandate_holds(son, new)


def test_a_closed_account_neither_acts_nor_is_acted_for(mother, son):
    mandate = give(mother, son)
    mother.is_active = False
    mother.save(update_fields=["is_active"])
    assert not selectors.mandate_holds(son, mandate)


class TestGuardians:
    def enter(self, official, mother, son, evidence="户口簿 330106-12"):
        return mandate_services.enter_guardianship(
            actor=actor_of(official), principal=mother, agent=son, evidence=evidence
        )

    def test_an_official_enters_one_with_its_evidence_sealed(self, mother, son):
        mandate = self.enter(make_official("olga"), mother, son)
        assert selectors.mandate_holds(son, mandate)
        row = PersonMandate.objects.filter(pk=mandate.pk).values_list("evidence", flat=True)
        assert "户口簿" not in str(row.get())
        assert PersonMandate.objects.get().evidence == "户口簿 330106-12"
        assert "户口簿" not in str(
            AuditEntry.objects.filter(verb__startswith="person_mandate").values()
        )

    def test_without_evidence_or_by_a_citizen_none_is_entered(self, mother, son):
        with pytest.raises(ValidationError):
            self.enter(make_official("olga"), mother, son, evidence=" ")
        with pytest.raises(PermissionDenied):
            self.enter(son, mother, son)

    def test_only_a_counter_or_the_guardian_ends_it(self, mother, son):
        official = make_official("olga")
        mandate = self.enter(official, mother, son)
        with pytest.raises(PermissionDenied):
            mandate_services.end_person_mandate(actor=actor_of(mother), mandate=mandate)
        with pytest.raises(ValidationError):
            give(mother, son)
        mandate_services.end_person_mandate(actor=actor_of(official), mandate=mandate)
        assert not selectors.mandate_holds(son, mandate)


@pytest.mark.parametrize(
    ("name", "number", "is_found"),
    [
        ("李国英", "138 0000 0001", True),
        ("李 国英", "+8613800000001", True),
        ("李国", "13800000001", False),
        ("", "13800000001", False),
        ("李国英", "13800000009", False),
        ("李国英", "\x00", False),
    ],
)
def test_a_person_is_found_by_name_and_number_together(mother, name, number, is_found):
    assert (selectors.user_named(name, number) == mother) is is_found


def test_a_person_is_found_by_the_citizen_number(mother):
    number = mother.identity.citizen_number
    assert selectors.user_named("李国英", number.lower()) == mother
    assert selectors.user_named("王伟", number) is None


def test_the_trail_says_for_whom_somebody_acted(mother, son):
    from security.audit.services import record_audit

    actor = Actor.of(son).under(give(mother, son))
    entry = record_audit(actor=actor, verb="x")
    assert entry.acting_as.startswith("for 李")
    assert "李国英" not in entry.acting_as
