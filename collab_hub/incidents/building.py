"""From what a plan says to the rows of an incident: at the activation, and whenever something is
added to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from collab_hub.inbox.work import put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.common.organs import organ_text
from security.organs.duties import standing_group
from security.organs.models import Department
from security.organs.selectors import departments_at, users_holding

from . import content as plans
from .models import (
    CheckEntry,
    Incident,
    IncidentPhase,
    IncidentRole,
    IncidentTask,
    Resource,
)
from .room import write_line

TASK = "incident_task"
WARN_SHARE = 0.2


def content_of(incident: Incident) -> dict:
    """What the incident has, in the form of a plan's content; titles and keys only where nothing
    more is asked of it.
    """
    keyed = {row.pk: row.key for row in incident.roles.all()}
    lists = {row.list_key: {"key": row.list_key, "title": row.title}
             for row in incident.checks.all()}  # fmt: skip
    return {
        "phases": [{"key": row.key, "title": row.title} for row in incident.phases.all()],
        "roles": [
            {"key": row.key, "title": row.title, "organ": row.organ.kind, "duty": row.duty,
             "above": keyed.get(row.above_id, ""), "commands": row.commands}
            for row in incident.roles.select_related("organ")
        ],
        "tasks": [{"key": key, "title": title}
                  for key, title in incident.tasks.values_list("key", "title")],
        "checks": list(lists.values()),
        "resources": [{"key": key, "title": title}
                      for key, title in incident.resources.values_list("key", "title")],
        "figures": list(incident.figures),
    }  # fmt: skip


def take_over(actor, incident: Incident, piece: dict, at: datetime) -> list[IncidentRole]:
    """Make the rows of `piece`, whose keys are new here; returns the roles that are new. Tasks are
    in the log and in the inbox of whoever has the role.
    """
    roles = _roles(incident, plans.of(piece, "roles"))
    for one in plans.of(piece, "phases"):
        IncidentPhase.objects.create(incident=incident, key=one["key"], title=one["title"])
    phases = {row.key: row for row in incident.phases.all()}
    known = {row.key: row for row in incident.roles.select_related("organ", "holder")}
    for one in plans.of(piece, "tasks"):
        open_task(actor, incident, one, phases[one["phase"]], known[one["role"]], at)
    for one in plans.of(piece, "checks"):
        CheckEntry.objects.bulk_create(
            CheckEntry(
                incident=incident, phase=phases[one["phase"]], list_key=one["key"],
                title=one["title"], text=text,
            )
            for text in one["items"]
        )  # fmt: skip
    for one in plans.of(piece, "resources"):
        Resource.objects.create(
            incident=incident, key=one["key"], title=one["title"], unit=one.get("unit", ""),
            needed=one.get("needed") or 0, place=one.get("place", ""),
        )  # fmt: skip
    if plans.of(piece, "figures"):
        incident.figures = [*incident.figures, *plans.of(piece, "figures")]
        incident.save(update_fields=["figures"])
    return roles


def _roles(incident: Incident, entries: list[dict]) -> list[IncidentRole]:
    """The roles, those above first, each with whoever holds the post today; vacant without."""
    organs = departments_at(incident.region)
    known = {row.key: row for row in incident.roles.all()}
    made = []
    for one, _depth in plans.in_tree_order(entries):
        organ = organs.get(one["organ"]) or incident.organ
        row = IncidentRole.objects.create(
            incident=incident, key=one["key"], title=one["title"], organ=organ, duty=one["duty"],
            above=known.get(one.get("above") or ""), commands=bool(one.get("commands")),
            holder=first_holder(one["duty"], organ),
        )  # fmt: skip
        known[row.key] = row
        made.append(row)
    return made


def first_holder(duty: str, organ: Department):
    """Who has the duty in the organ today, the longest-serving first; None when nobody has."""
    return next(iter(users_holding([standing_group(duty)], organ)), None)


def open_task(
    actor, incident: Incident, entry: dict, phase: IncidentPhase, role: IncidentRole, at: datetime
) -> IncidentTask:
    """One task, in the log and in the inbox."""
    time = timedelta(minutes=entry["minutes"])
    task = IncidentTask.objects.create(
        incident=incident, phase=phase, role=role, organ=role.organ, key=entry["key"],
        title=entry["title"], detail=entry.get("detail", ""), given_at=at, due_at=at + time,
        warn_at=at + time * (1 - WARN_SHARE),
    )  # fmt: skip
    write_line(
        actor, incident, "task", at,
        facts={
            "task": str(task.pk), "title": task.title, "organ": organ_text(role.organ),
            "due_at": task.due_at.isoformat(),
        },
    )  # fmt: skip
    put_task(actor, incident, task, role)
    return task


def put_task(actor, incident: Incident, task: IncidentTask, role: IncidentRole | None) -> None:
    """Let the task wait for whoever has the role, or for the role's post in the organ."""
    holder = role.holder if role else None
    put_work(
        actor=actor, kind=TASK, obj=task, title=task.title, number=incident.number,
        person=holder, department=task.organ,
        groups=[standing_group(role.duty)] if role and holder is None else (),
        reason=in_both(lambda: _("Your task in %(number)s") % {"number": incident.number}),
        due_at=task.due_at, warn_at=task.warn_at,
        address=("incident_task", [incident.pk, task.pk]),
    )  # fmt: skip
