"""Calling people: they are told once, it waits in their inbox, and a clock starts that climbs up
the contact tree.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from collab_hub.inbox.work import put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.common.i18n import pick
from platform_core.common.outbox.services import send
from security.accounts.models import User
from security.organs.duties import standing_group
from security.organs.selectors import officials_of, users_holding

from . import content as plans
from .models import Incident, IncidentRole
from .room import tell, write_line
from .seats import is_present

CALL = "incident_call"
CLIMB = "incidents.climb"


def call_people(actor, incident: Incident, roles, at: datetime) -> None:
    """Tell everybody who holds one of `roles` and was not told yet, each person once."""
    people: dict[int, list[IncidentRole]] = {}
    for role in roles:
        if role.holder_id is None:
            everybody = list(incident.roles.select_related("holder"))
            tell_vacant(actor, incident, role, everybody, at)
        else:
            people.setdefault(role.holder_id, []).append(role)
    for held in people.values():
        call(actor, incident, held, at)


def call(actor, incident: Incident, roles: list[IncidentRole], at: datetime) -> None:
    """Tell the one holder of `roles` and start the clock that climbs up the tree."""
    person = roles[0].holder
    names = in_both(lambda: _(", ").join(pick(role.title) for role in roles))
    IncidentRole.objects.filter(pk__in=[role.pk for role in roles]).update(
        told_at=at, confirmed_at=None, confirmed_by=None
    )
    write_line(
        actor, incident, "call", at, facts={"person": person.pk, "name": person.name, "role": names}
    )

    def words():
        said = {"title": pick(incident.title), "place": incident.place, "role": pick(names)}
        return (
            _("Emergency: %(title)s") % said,
            _("You are: %(role)s. Place: %(place)s. Confirm that you know.") % said,
        )

    tell(actor, incident, person, "call", words, f"call:{at.isoformat()}", page="incident_people")
    put_work(
        actor=actor, kind=CALL, obj=incident, title=incident.title, person=person,
        department=roles[0].organ,
        number=incident.number, reason=in_both(lambda: _("You are called: confirm")),
        due_at=at + minutes_of(incident), address=("incident_people", [incident.pk]),
    )  # fmt: skip
    climb_later(incident, person.pk, 0, at)


def chain_of(roles: list[IncidentRole], key: str) -> list[int]:
    """Who stands above the role with `key`, step by step; see `content.chain_above`."""
    keyed = {one.pk: one.key for one in roles}
    return plans.chain_above(
        key,
        {one.key: keyed.get(one.above_id, "") for one in roles},
        {one.key: one.holder_id if is_present(one.holder) else None for one in roles},
    )


def next_up(incident: Incident, chain: list[int], step: int, person) -> tuple[list, bool]:
    """(who is told at this step, whether the tree ends here)."""
    if step < len(chain):
        return list(User.objects.filter(pk=chain[step])), False
    heads = users_holding([standing_group("head")], incident.organ) or officials_of(incident.organ)
    return [one for one in heads if one.pk != person and one.pk not in chain][:3], True


def tell_vacant(
    actor, incident: Incident, role: IncidentRole, roles: list[IncidentRole], at: datetime
) -> None:
    """Nobody holds the role, or its holder left: the next one up is told to name a successor."""
    name = role.holder.name if role.holder else ""
    above, _top = next_up(incident, chain_of(roles, role.key), 0, role.holder_id)
    said = {"role": role.title, "title": incident.title, "name": name}

    def words():
        shown = {key: pick(value) for key, value in said.items()}
        if name:
            body = _("“%(title)s”: %(name)s holds no post there any more. Name a successor.")
        else:
            body = _("“%(title)s”: nobody holds the post. Name somebody.")
        return _("Vacant: %(role)s") % shown, body % shown

    for person in above:
        dedupe = f"vacant:{role.pk}:{role.holder_id}"
        tell(actor, incident, person, "climb", words, dedupe, page="incident_people")
    write_line(
        actor, incident, "vacant", at,
        facts={"role": role.title, "key": role.key, "person": role.holder_id, "name": name},
    )  # fmt: skip


def minutes_of(incident: Incident) -> timedelta:
    return timedelta(minutes=incident.escalate_minutes)


def climb_later(incident: Incident, person: int, step: int, told_at: datetime) -> None:
    send(
        topic=CLIMB, key=f"{CLIMB}:{incident.pk}:{person}:{told_at.isoformat()}:{step}",
        payload={"incident": str(incident.pk), "person": person, "step": step,
                 "told_at": told_at.isoformat()},
        due_at=told_at + minutes_of(incident) * (step + 1),
    )  # fmt: skip
