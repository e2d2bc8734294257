"""Writes that add to a running incident: one phase, role, task, list, resource or figure; a piece
of another plan; a process.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.capabilities.process.services import start_process
from platform_core.common.errors import Conflict, Unusable

from . import content as plans
from .building import content_of, take_over
from .calling import call_people
from .models import Incident, PlanVersion
from .offered import processes_offered
from .policies import PROCESSES
from .room import begin, both, locked, now_or, write_line


@transaction.atomic
def add_part(
    *, actor, incident: Incident, part: str, values: dict, at: datetime | None = None
) -> Incident:
    """Add one entry of a part ("tasks", "roles" …) while the incident runs. Raises Unusable at its
    fields. New roles are filled and called, new tasks wait for whoever has their role.
    """
    incident = begin(actor, incident, "command")
    at = now_or(at)
    here = content_of(incident)
    values = {**values, "title": both(values.get("title"))}
    errors = plans.faults_of(here, part, values)
    if errors:
        raise Unusable(errors)
    entry = {"key": plans.new_key(here, part), **values}
    write_line(actor, incident, "part", at, facts={"part": part, "title": entry["title"]})
    call_people(actor, incident, take_over(actor, incident, {part: [entry]}, at), at)
    return incident


@transaction.atomic
def add_piece(
    *, actor, incident: Incident, version: PlanVersion, phase: str = "", at: datetime | None = None
) -> Incident:
    """Add one phase of a plan in force, with its tasks, lists and the roles they need; "" adds the
    whole plan. Roles that are there already are not made twice. The same piece is added once.
    """
    incident = begin(actor, incident, "command")
    at = now_or(at)
    if version.state != PlanVersion.State.APPROVED:
        raise Conflict(_("This version is not in force any more. Look at the plan again."))
    if phase and phase not in plans.keys(version.content, "phases"):
        raise Unusable({"piece": [_("Choose one that is there.")]})
    named = {"version": version.pk, "phase": phase}
    before = incident.lines.filter(kind="piece", facts__version=version.pk, facts__phase=phase)
    if before.exists():
        raise Conflict(_("This piece was added already."))
    titles = {one["key"]: one["title"] for one in plans.of(version.content, "phases")}
    write_line(
        actor, incident, "piece", at,
        facts={**named, "title": version.plan.title, "piece": titles.get(phase)},
    )  # fmt: skip
    piece = plans.fitted(plans.piece_of(version.content, phase), content_of(incident))
    call_people(actor, incident, take_over(actor, incident, piece, at), at)
    return incident


@transaction.atomic
def start_beside(*, actor, incident: Incident, napp: str, process: str, at: datetime | None = None):
    """Start a process of an N-app that only officials use, about this incident. Returns it; raises
    Unusable at `process` when it is not offered.
    """
    incident = begin(actor, incident, "command")
    at = now_or(at)
    chosen = next(
        (one for one in processes_offered(actor.user) if (one.napp, one.key) == (napp, process)),
        None,
    )
    if chosen is None:
        raise Unusable({"process": [_("Choose one that is there.")]})
    found = start_process(
        actor=actor, napp_version=chosen.version, process_key=process, subject_type=PROCESSES,
        subject_id=str(incident.pk), subject_label=incident.title, subject_number=incident.number,
        region=incident.region, department=incident.organ, at=at,
    )  # fmt: skip
    write_line(
        actor, incident, "process", at,
        facts={"process": str(found.pk), "title": chosen.title},
    )  # fmt: skip
    if found.ended_at is not None:
        note_process_end(actor=actor, process=found, outcome=found.outcome, at=at)
    return found


@transaction.atomic
def note_process_end(*, actor, process, outcome: str, at: datetime) -> None:
    """Put into the log how a process that was begun beside an incident ended, once, also after the
    incident is over. Nothing before its beginning stands there.
    """
    incident = locked(process.subject_id)
    of_it = incident.lines.filter(facts__process=str(process.pk))
    begun = of_it.filter(kind="process").first()
    if begun is None or of_it.filter(kind="process_closed").exists():
        return
    write_line(
        actor, incident, "process_closed", at,
        facts={"process": str(process.pk), "title": begun.facts["title"], "outcome": outcome},
    )  # fmt: skip
