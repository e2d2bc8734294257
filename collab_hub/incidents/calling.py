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

from .models import Incident, IncidentRole
from .room import tell, write_line

CALL = "incident_call"
CLIMB = "incidents.climb"


def call_people(actor, incident: Incident, roles, at: datetime) -> None:
    """Tell everybody who holds one of `roles` and was not told yet, each person once."""
    people: dict[int, list[IncidentRole]] = {}
    for role in roles:
        if role.holder_id is None:
            write_line(actor, incident, "vacant", at, facts={"role": role.title})
        else:
            people.setdefault(role.holder_id, []).append(role)
    for held in people.values():
        call(actor, incident, held, at)


def call(actor, incident: Incident, roles: list[IncidentRole], at: datetime) -> None:
    """Tell the one holder of `roles` and start the clock that climbs up the tree."""
    person = roles[0].holder
    names = {key: _comma(key).join(role.title[key] for role in roles) for key in ("zh", "en")}
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


def _comma(key: str) -> str:
    return ", " if key == "en" else "\u3001"


def minutes_of(incident: Incident) -> timedelta:
    return timedelta(minutes=incident.escalate_minutes)


def climb_later(incident: Incident, person: int, step: int, told_at: datetime) -> None:
    send(
        topic=CLIMB, key=f"{CLIMB}:{incident.pk}:{person}:{told_at.isoformat()}:{step}",
        payload={"incident": str(incident.pk), "person": person, "step": step,
                 "told_at": told_at.isoformat()},
        due_at=told_at + minutes_of(incident) * (step + 1),
    )  # fmt: skip
