"""Makes the people of the demonstration. Refuses to without DEMO."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from security.actors import Actor
from security.organs.models import Department
from security.organs.selectors import region_by_code
from security.organs.services import appoint_to_many

from . import demo, mandate_services, services
from .models import Firm, User
from .selectors import firm_by_credit_code

SINCE = date(2018, 1, 1)


@transaction.atomic
def make_demo_people(*, actor: Actor) -> int:
    """Make whoever of `demo.people()` is missing, with identities, mandates and posts; returns
    how many.

    Regions and departments must be there. Safe to repeat.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("demonstration people are made only with DEMO on")
    taken = set(User.objects.values_list("username", flat=True))
    missing = [person for person in demo.people() if person.username not in taken]
    departments = Department.objects.in_bulk(field_name="code")
    for person in missing:
        if person.kind == User.Kind.CITIZEN:
            _make_citizen(actor, person)
        else:
            _make_staff(actor, person, departments)
    for person in missing:
        for username in person.acts_for:
            _let_act(person.username, username)
    # One hash for all: the password is printed on the sign-in page, and hashing is slow by design.
    User.objects.filter(is_demo=True, username__in=[person.username for person in missing]).update(
        password=make_password(demo.PASSWORD)
    )
    return len(missing)


def _make_citizen(actor: Actor, person: demo.Person) -> User:
    user = services.register_citizen(
        actor=actor, username=person.username, email=f"{person.username}@example.org",
        password=None, name=person.name, phone=person.mobile, is_demo=True,
    )  # fmt: skip
    services.verify_identity(
        actor=actor, user=user, real_name=person.name,
        citizen_number=person.citizen_number, source="demo",
    )  # fmt: skip
    for key in person.firms:
        services.grant_mandate(actor=actor, firm=_firm(actor, key), user=user, valid_from=SINCE)
    return user


def _let_act(agent: str, principal: str) -> None:
    people = User.objects.in_bulk([agent, principal], field_name="username")
    mandate_services.give_mandate(
        actor=Actor.of(people[principal]), agent=people[agent], relation="child"
    )


def _firm(actor: Actor, key: str) -> Firm:
    firm = demo.firms()[key]
    return firm_by_credit_code(firm.credit_code) or services.create_firm(
        actor=actor,
        name=firm.name,
        credit_code=firm.credit_code,
        region=region_by_code(firm.region),
    )


def _make_staff(actor: Actor, person: demo.Person, departments: dict[str, Department]) -> User:
    user = services.create_staff(
        actor=actor, username=person.username, email=f"{person.username}@gov.example",
        password=None, name=person.name, kind=person.kind, is_demo=True,
    )  # fmt: skip
    TOTP.activate(user, demo.secret_of(person.username))
    for (title, title_en, duties, is_head), places in groupby(person.posts, key=_terms):
        appoint_to_many(
            actor=actor,
            user=user,
            departments=[departments[f"{place.region}-{place.kind}"] for place in places],
            title=title,
            title_en=title_en,
            duties=duties,
            is_head=is_head,
            valid_from=SINCE,
        )
    return user


def _terms(place: demo.Place) -> tuple:
    return place.title, place.title_en, place.duties, place.is_head
