"""Who is called: the contact tree is told, answers, and what climbs up it while nobody answers;
successors of whoever leaves.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, move_work
from platform_core.capabilities.process.delegation.selectors import standing_in
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from security.actors import Actor
from security.organs.selectors import organs_of

from .building import TASK, put_task
from .calling import CALL, call, chain_of, climb_later, next_up, tell_vacant
from .models import Incident, IncidentRole, IncidentTask
from .room import begin, locked, needed, now_or, tell, write_line
from .seats import candidates, vacant


@transaction.atomic
def climb(*, actor: Actor, incident_id, person_id: int, step: int, told_at: datetime) -> bool:
    """Nobody confirmed in time: tell the next one up the contact tree, above its top the heads of
    the commanding organ. Stops at the confirmation, at a successor, or when the incident is over.
    """
    incident = locked(incident_id)
    roles = list(incident.roles.select_related("holder"))
    waits = [one for one in roles if one.holder_id == person_id and one.confirmed_at is None
             and one.told_at == told_at]  # fmt: skip
    if not incident.is_running or not waits:
        return False
    chain = chain_of(roles, waits[0].key)
    above, is_top = next_up(incident, chain, step, person_id)
    at = now_or(None)
    for person in above:
        said = {"name": waits[0].holder.name, "title": pick(incident.title)}
        tell(
            actor, incident, person, "climb",
            lambda said=said: (
                _("No answer from %(name)s") % said,
                _("“%(title)s”: not confirmed in time. Reach them, or name a successor.") % said,
            ),
            f"climb:{person_id}:{told_at.isoformat()}", page="incident_people",
        )  # fmt: skip
    write_line(
        actor, incident, "climb", at,
        facts={"person": person_id, "name": waits[0].holder.name, "role": waits[0].title,
               "to": [person.name for person in above]},
    )  # fmt: skip
    if not is_top:
        climb_later(incident, person_id, step + 1, told_at)
    return True


@transaction.atomic
def note_vacancies(*, actor: Actor, incident_id) -> int:
    """Whoever held a role has left its organ: it stands in the log once, and the next one up the
    contact tree is told to name a successor. Returns how many are new.
    """
    incident, new = locked(incident_id), 0
    if not incident.is_running:
        return new
    roles = list(incident.roles.select_related("holder"))
    empty = vacant(roles)
    for role in (one for one in roles if one.pk in empty and one.holder_id):
        noted = {"facts__key": role.key, "facts__person": role.holder_id}
        if not incident.lines.filter(kind="vacant", **noted).exists():
            tell_vacant(actor, incident, role, roles, now_or(None))
            new += 1
    return new


@transaction.atomic
def confirm_call(*, actor, incident: Incident, person=None, at: datetime | None = None) -> int:
    """The actor confirms that they know, or that they reached `person`; returns for how many roles.

    For others: whoever commands, or holds a role above. Once confirmed, a second time says who was
    first.
    """
    incident = begin(actor, incident, "take_part")
    at, person = now_or(at), person or actor.user
    roles = list(incident.roles.filter(holder=person).select_related("above", "confirmed_by"))
    if not roles:
        raise NotAllowed(_("No role of this incident is theirs."))
    if person.pk != actor.user.pk and not _may_answer_for(actor, incident, roles):
        raise NotAllowed(_("Whoever commands, or stands above in the contact tree, does this."))
    open_ones = [one for one in roles if one.confirmed_at is None]
    if not open_ones:
        raise Conflict(_("%(who)s confirmed it already.") % {"who": roles[0].confirmed_by})
    IncidentRole.objects.filter(pk__in=[one.pk for one in open_ones]).update(
        confirmed_at=at, confirmed_by=actor.user
    )
    write_line(actor, incident, "confirm", at, facts={"person": person.pk, "name": person.name})
    close_work(actor=actor, kind=CALL, obj=incident, person=person, outcome="confirm", at=at)
    return len(open_ones)


def _may_answer_for(actor, incident: Incident, roles: list[IncidentRole]) -> bool:
    if incident.organ_id in organs_of(actor.user):
        return True
    stands_for = {one.principal.pk for one in standing_in(actor.user)}
    if stands_for & {one.holder_id for one in roles}:
        return True
    mine = incident.roles.filter(holder=actor.user, organ__in=organs_of(actor.user))
    held = {one.pk: one for one in mine}
    return any(one.commands for one in held.values()) or any(one.above_id in held for one in roles)


@transaction.atomic
def set_holder(
    *, actor, incident: Incident, role: IncidentRole, person, reason: str = "",
    at: datetime | None = None,
) -> IncidentRole:  # fmt: skip
    """Give a role to a successor or deputy: they are called, and the role's open tasks move to
    them. Raises Unusable for somebody who has no post in the organ, Conflict when they have it.
    """
    incident = begin(actor, incident, "take_part")
    at = now_or(at)
    role = incident.roles.select_related("organ", "holder", "above").get(pk=role.pk)
    if not (_may_answer_for(actor, incident, [role]) or role.organ_id in organs_of(actor.user)):
        raise NotAllowed(_("Whoever commands, or works for the role's organ, does this."))
    if person is None or person.pk not in {
        one.pk for one in candidates([role], most=None)[role.pk]
    }:
        raise Unusable({"person": [_("Choose somebody who works for the role's organ.")]})
    before = role.holder
    if before is not None and before.pk == person.pk:
        raise Conflict(_("%(who)s has this role already.") % {"who": person})
    role.holder = person
    role.save(update_fields=["holder"])
    write_line(
        actor, incident, "holder", at, note=needed(reason, "reason", is_needed=False),
        facts={"role": role.title, "from": before.name if before else "", "to": person.name},
    )  # fmt: skip
    unanswered = incident.roles.filter(holder=before, confirmed_at=None)
    if before is not None and not unanswered.exists():
        close_work(actor=actor, kind=CALL, obj=incident, person=before, is_cancelled=True)
    for task in IncidentTask.objects.filter(role=role, state__in=IncidentTask.OPEN):
        if before is not None:
            move_work(actor=actor, kind=TASK, obj=task, person=before, to_person=person)
        else:
            close_work(actor=actor, kind=TASK, obj=task, is_cancelled=True)
        task.organ = role.organ
        put_task(actor, incident, task, role)
    call(actor, incident, [role], at)
    return role
