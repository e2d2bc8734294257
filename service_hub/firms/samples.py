"""The demonstration firms in the business register, their representatives and members."""

from datetime import date

from django.utils import timezone

from platform_core.common.samples import register_sample
from security.accounts import demo
from security.accounts.firm_roles import last_day
from security.accounts.models import FirmAgent, FirmRegistration, User
from security.accounts.selectors import identity_of, registration_of
from security.actors import Actor
from security.organs.selectors import region_by_code

from . import services

# Of each firm: who represents it, industry, employees, capital, registered on.
FACTS = {
    "qiming": ("zhaojing", "manufacturing", 86, 8_000_000, date(2012, 5, 18)),
    "yunxi": ("zhaojing", "software", 24, 2_000_000, date(2021, 9, 6)),
    "zhenghe": ("xuhao", "manufacturing", 320, 50_000_000, date(2006, 3, 22)),
}
INVITED = {"qiming": ("chenning", "viewer"), "zhenghe": ("zhaojing", "agent")}


@register_sample("firms", order=61)
def firms_of_the_register() -> str:
    """Nothing where the register has them already or the people are missing."""
    people = (
        User.objects.filter(is_demo=True).select_related("identity").in_bulk(field_name="username")
    )
    made = 0
    for key, firm in demo.firms().items():
        username, industry, staff, capital, since = FACTS[key]
        region, identity = region_by_code(firm.region), identity_of(people.get(username))
        if registration_of(firm.credit_code) or region is None or identity is None:
            continue
        FirmRegistration.objects.create(
            name=firm.name, credit_code=firm.credit_code, representative=identity.real_name,
            representative_number=identity.citizen_number, kind="limited", industry=industry,
            staff=staff, capital=capital, region=region, registered_on=since,
        )  # fmt: skip
        mandate = services.bind(
            actor=Actor.of(people[username]), credit_code=firm.credit_code, name=firm.name
        )
        _invite(mandate, people, *INVITED.get(key, ("", "")))
        made += 1
    return f"{made} added"


def _invite(mandate: FirmAgent, people: dict, username: str, role: str) -> None:
    identity = identity_of(people.get(username))
    if identity is None:
        return
    services.invite_member(
        actor=Actor.of(mandate.user), firm=mandate.firm, name=identity.real_name,
        number=identity.citizen_number, role=role,
        valid_until=last_day(timezone.localdate()).replace(day=1),
    )  # fmt: skip
