"""Writes of the resource list: received, lent to an organ, given back, used up. Never below zero:
the resource's row is locked, and the table says the same.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from platform_core.common.organs import organ_text
from security.organs.models import Department

from .models import Holding, Incident, Resource
from .room import begin, now_or, write_line

MOST = 10**8


def _locked(actor, incident: Incident, resource: Resource, amount, verb: str):
    incident = begin(actor, incident, verb)
    if not isinstance(amount, int) or not 1 <= amount <= MOST:
        raise Unusable({"amount": [_("Write a whole number from 1.")]})
    return incident, incident.resources.select_for_update().get(pk=resource.pk)


def _holding(resource: Resource, organ: Department) -> Holding:
    return Holding.objects.get_or_create(resource=resource, organ=organ)[0]


def _note(actor, incident, kind: str, resource: Resource, amount: int, organ, at, note="") -> None:
    facts = {"resource": resource.title["zh"], "title": resource.title, "amount": amount,
             "unit": resource.unit}  # fmt: skip
    if organ is not None:
        facts |= {"organ": organ.name, "organ_title": organ_text(organ)}
    write_line(actor, incident, kind, at, note=note, facts=facts)


@transaction.atomic
def receive(
    *, actor, incident: Incident, resource: Resource, amount: int, place: str = "",
    at: datetime | None = None,
) -> Resource:  # fmt: skip
    """So much of it came in and lies at `place`. Raises Unusable at amount."""
    incident, found = _locked(actor, incident, resource, amount, "take_part")
    found.total += amount
    if found.total > MOST:
        raise Unusable({"amount": [_("Write a whole number from 1.")]})
    found.place = place.replace("\x00", "").strip()[:200] or found.place
    found.save(update_fields=["total", "place"])
    _note(actor, incident, "receive", found, amount, None, now_or(at), found.place)
    return found


@transaction.atomic
def lend(
    *, actor, incident: Incident, resource: Resource, amount: int, organ: Department,
    at: datetime | None = None,
) -> Resource:  # fmt: skip
    """Give so much of it to an organ. Raises Unusable at amount when there is not enough."""
    incident, found = _locked(actor, incident, resource, amount, "command")
    if amount > found.free:
        words = {"n": found.free, "unit": found.unit}
        raise Unusable({"amount": [_("Only %(n)s %(unit)s are free.") % words]})
    found.out += amount
    found.save(update_fields=["out"])
    held = _holding(found, organ)
    held.amount += amount
    held.save(update_fields=["amount"])
    _note(actor, incident, "lend", found, amount, organ, now_or(at))
    return found


@transaction.atomic
def give_back(
    *, actor, incident: Incident, resource: Resource, amount: int, organ: Department,
    at: datetime | None = None,
) -> Resource:  # fmt: skip
    """An organ gives so much back. Raises Unusable at amount when it has less."""
    return _ends(actor, incident, resource, amount, organ, at, is_used=False)


@transaction.atomic
def use_up(
    *, actor, incident: Incident, resource: Resource, amount: int, organ: Department,
    at: datetime | None = None,
) -> Resource:  # fmt: skip
    """An organ has used up so much of what it has; it does not come back."""
    return _ends(actor, incident, resource, amount, organ, at, is_used=True)


def _ends(actor, incident, resource, amount, organ, at, *, is_used: bool) -> Resource:
    incident, found = _locked(actor, incident, resource, amount, "take_part")
    held = _holding(found, organ)
    if amount > held.amount:
        words = {"n": held.amount, "unit": found.unit}
        raise Unusable({"amount": [_("The organ has only %(n)s %(unit)s.") % words]})
    held.amount -= amount
    held.save(update_fields=["amount"])
    found.out -= amount
    found.total -= amount if is_used else 0
    found.save(update_fields=["out", "total"])
    kind = "use_up" if is_used else "give_back"
    _note(actor, incident, kind, found, amount, organ, now_or(at))
    return found
