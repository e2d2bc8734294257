"""Applications that another system sends for its users: same checks, number and clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from security.actors import Actor
from security.audit.services import record_audit
from security.identifiers import plain_mobile
from service_hub.cases.models import Case
from service_hub.cases.parties import Party
from service_hub.cases.services import Receipt, file_values

from .desks import post_for
from .models import Intake
from .people import Person, found_person, name_of, not_oneself


@dataclass(frozen=True)
class Source:
    """Which system sends it, and under which number it is known there."""

    system: str
    number: str


@transaction.atomic
def file_for_partner(
    *,
    actor: Actor,
    item,
    person: Person,
    values: dict,
    source: Source,
    at: datetime | None = None,
) -> tuple[Receipt, bool]:
    """File a case that another system sends in the name of `person`: (receipt, whether it is new).

    The account of the system holds the post of a clerk who takes in matters of the item. The same
    number of the same system gets its first receipt again. Raises NotAllowed without such a post,
    Unusable at applicant, source or answers, Conflict when the number belongs to another matter.
    """
    post = post_for(actor.user, item.department_kind)
    if post is None:
        raise NotAllowed(_("Only clerks of the office that handles it, or of a hall, take it in."))
    source = _usable(source)
    one_at_a_time(f"partner:{source.system}:{source.number}")
    known = _known(source)
    if known is not None:
        return _again(actor, item, known), False
    firm, user, number = found_person(person, item)
    not_oneself(actor, user, number)
    intake = Intake(
        channel=Intake.Channel.API,
        window=source.system[:40],
        item=item,
        applicant=None if firm else user,
        firm=firm,
        name="" if firm or user else " ".join(person.name.split()),
        citizen_number="" if firm or user else number,
        mobile=plain_mobile(person.mobile) if person.mobile.strip() else "",
        clerk=actor.user,
        department=post.department,
        begun_at=at or timezone.now(),
    )
    intake.save(force_insert=True)
    party = Party(
        applicant=intake.applicant,
        firm=firm,
        name=name_of(intake),
        number=number,
        received_by=actor.user,
        organ=post.department,
        where={"system": source.system, "channel": "api"},
        source_system=source.system,
        external_number=source.number,
        source=intake,
    )
    record_audit(
        actor=actor, verb="intake.partner", obj=intake,
        after={"system": source.system, "number": source.number},
    )  # fmt: skip
    return file_values(actor=actor, item=item, values=values, party=party, at=at), True


def _usable(source: Source) -> Source:
    system, number = " ".join(source.system.split()), " ".join(source.number.split())
    errors = {}
    if not 2 <= len(system) <= 80:
        errors["source.system"] = [_("Name the system, with 2 to 80 characters.")]
    if not 1 <= len(number) <= 80:
        errors["source.number"] = [_("Give the number there, with at most 80 characters.")]
    if errors:
        raise Unusable(errors)
    return Source(system, number)


def _known(source: Source) -> Case | None:
    return (
        Case.objects.filter(source_system=source.system, external_number=source.number)
        .select_related("item")
        .first()
    )


def _again(actor: Actor, item, case: Case) -> Receipt:
    """The first receipt, for the account that sent it and the same item only."""
    if case.received_by_id != actor.user.pk or case.item_id != item.pk:
        raise Conflict(_("This number of this system belongs to another case."))
    return Receipt(case, case.follow_code)
