"""Firms with entries in the business register, and members in every role."""

from datetime import date, timedelta

from django.utils import timezone

from security.accounts.models import FirmAgent, FirmRegistration
from security.accounts.selectors import identity_of
from security.accounts.services import create_firm, grant_mandate
from tests.factories import MAKER, credit_code, make_citizen, make_region


def register_firm(representative, *, name="测试纺织有限公司", code="", **more) -> FirmRegistration:
    """An entry of the register that names `representative`."""
    identity = identity_of(representative)
    facts = {
        "kind": "limited", "industry": "manufacturing", "staff": 46, "capital": 5_000_000,
        "registered_on": date(2019, 3, 1), "region": make_region("330106"),
    }  # fmt: skip
    return FirmRegistration.objects.create(
        name=name, credit_code=code or credit_code(), representative=identity.real_name,
        representative_number=identity.citizen_number, **(facts | more),
    )  # fmt: skip


def make_members(*roles):
    """(firm, {role: person}) of a new registered firm; the representative is always there."""
    people = {role: make_citizen() for role in ("legal", *roles)}
    entry = register_firm(people["legal"])
    firm = create_firm(
        actor=MAKER, name=entry.name, credit_code=entry.credit_code, region=entry.region
    )
    for role, person in people.items():
        until = None if role == "legal" else timezone.localdate() + timedelta(days=300)
        grant_mandate(actor=MAKER, firm=firm, user=person, role=role, valid_until=until)
    return firm, people


def mandate_of(firm, person) -> FirmAgent:
    return FirmAgent.objects.get(firm=firm, user=person)
