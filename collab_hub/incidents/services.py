"""Writes of incidents: activate, move tasks, tick lists, report, note messages, stand down."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, close_work_of_many
from platform_core.capabilities.documents.numbers import official_number, word_for
from platform_core.capabilities.documents.serials import take
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from platform_core.common.organs import organ_text
from platform_core.common.templatetags.ui import moment
from security.access import may
from security.organs.models import Region

from . import content as plans
from .activating import refusal
from .building import TASK, put_task, take_over
from .calling import CALL, call_people
from .models import (
    CheckEntry,
    Incident,
    IncidentPhase,
    IncidentTask,
    Level,
    OpenPoint,
    PlanVersion,
    SituationReport,
)
from .policies import may_move
from .room import begin, both, needed, now_or, write_line
from .words import CHANNELS

# The region's short name and the word for emergency response.
WORD = "{region}\u5e94\u6025"
State = IncidentTask.State
MOVES = {
    State.WAITING: {State.DOING, State.DONE, State.DROPPED},
    State.DOING: {State.WAITING, State.DONE, State.DROPPED},
    State.DONE: {State.DOING},
    State.DROPPED: {State.WAITING},
}
FUTURE = timedelta(minutes=5)
PAST = timedelta(days=366)


@transaction.atomic
def activate_incident(
    *,
    actor,
    version: PlanVersion,
    once: UUID,
    level: int,
    place: str,
    title=None,
    region: Region | None = None,
    occurred_at: datetime | None = None,
    is_another: bool = False,
    at: datetime | None = None,
) -> Incident:
    """Activate a plan: roles filled from posts, everybody called, tasks in the inboxes.

    Exactly once: `once` names the click, and a second one with it gives the same incident. While
    another incident of the same plan runs in the same division, Conflict names it (facts:
    incident), unless `is_another` says that this is a second event. Raises NotAllowed, Unusable at
    level, place, title or occurred_at.
    """
    at = now_or(at)
    plan = version.plan
    region = region or plan.owner.region
    one_at_a_time(f"incident:{plan.pk}:{region.pk}")
    known = Incident.objects.filter(once=once).first()
    if known is not None:
        return known
    if not may(actor.user, "activate", plan):
        raise NotAllowed(refusal(plan))
    if version.state != PlanVersion.State.APPROVED:
        raise Conflict(_("This version is not in force any more. Look at the plan again."))
    _one_at_a_time(plan, region, is_another)
    said = _checked(level, place, title or plan.title, occurred_at or at, at)
    word, year = word_for(WORD, plan.owner.region.name), timezone.localdate(at).year
    incident = Incident.objects.create(
        once=once, plan_version=version, organ=plan.owner, region=region, kind=plan.kind,
        number=official_number(word=word, year=year, serial=take(f"incident:{word}:{year}")),
        escalate_minutes=version.content.get("escalate_minutes") or plans.USUAL_ESCALATE,
        activated_at=at, activated_by=actor.user, **said,
    )  # fmt: skip
    write_line(
        actor, incident, "activate", at, note=incident.place,
        facts={"plan": plan.title, "version": version.number, "level": level,
               "occurred_at": incident.occurred_at.isoformat()},
    )  # fmt: skip
    piece = {part: plans.of(version.content, part) for part in plans.PARTS}
    call_people(actor, incident, take_over(actor, incident, piece, at), at)
    return incident


def _one_at_a_time(plan, region, is_another: bool) -> None:
    runs = Incident.objects.filter(
        plan_version__plan=plan, region=region, state=Incident.State.RUNNING
    )
    found = None if is_another else runs.select_related("activated_by").first()
    if found is not None:
        words = {"who": found.activated_by, "when": moment(found.activated_at),
                 "number": found.number}  # fmt: skip
        raise Conflict(
            _("%(who)s activated this plan already (%(number)s, %(when)s).") % words,
            incident=str(found.pk), **words,
        )  # fmt: skip


def _checked(level, place: str, title, occurred_at: datetime, at: datetime) -> dict:
    errors = {}
    if level not in Level.values:
        errors["level"] = [_("Choose one.")]
    place = str(place or "").replace("\x00", "").strip()
    if not place or len(place) > 200:
        errors["place"] = [_("Write where it is.")]
    title = both(title)
    if not title["zh"]:
        errors["title"] = [_("Write a name.")]
    if not at - PAST <= occurred_at <= at + FUTURE:
        errors["occurred_at"] = [_("Choose a moment of the last year.")]
    if errors:
        raise Unusable(errors)
    return {"level": level, "place": place, "title": title, "occurred_at": occurred_at}


@transaction.atomic
def move_task(
    *,
    actor,
    task: IncidentTask,
    version: int,
    to: str = "",
    phase: IncidentPhase | None = None,
    note: str = "",
    at: datetime | None = None,
) -> IncidentTask:
    """Move a task to another state, another phase, or both; with neither, `note` says how it goes.

    `version` is the one that the person saw: whoever is second gets Conflict with who was first and
    when (facts: who, at). Raises NotAllowed, Unusable at `to` or at `note` (dropping needs one).
    """
    incident = begin(actor, task.incident_id, "take_part")
    at = now_or(at)
    task = IncidentTask.objects.select_for_update(of=("self",)).select_related(
        "role__holder", "organ", "moved_by", "phase"
    ).get(pk=task.pk, incident=incident)  # fmt: skip
    commands = may(actor.user, "command", incident)
    if not may_move(actor.user, task, commands):
        raise NotAllowed(_("The task is another organ's."))
    if task.version != version:
        raise _too_late(task)
    to = to or task.state
    if to != task.state and to not in MOVES[task.state]:
        raise Unusable({"to": [_("A task that is “%(state)s” does not go there.")
                               % {"state": task.get_state_display()}]})  # fmt: skip
    if State.DROPPED in (to, task.state) and not commands:
        raise NotAllowed(_("Only those who command the incident do this."))
    note = needed(note, "note", is_needed=to == State.DROPPED and to != task.state)
    if phase is not None and phase.incident_id != incident.pk:
        raise Unusable({"phase": [_("Choose one that is there.")]})
    phase = phase or task.phase
    if to == task.state and phase.pk == task.phase_id and not note:
        return task
    return _moved(actor, incident, task, to, phase, note, at)


def _too_late(task: IncidentTask) -> Conflict:
    if task.moved_by is None:
        return Conflict(_("This page is out of date. Look again before you decide."))
    words = {"who": task.moved_by, "when": moment(task.moved_at), "title": str(task),
             "state": task.get_state_display()}  # fmt: skip
    return Conflict(
        _("%(who)s was faster (%(when)s): “%(title)s” is “%(state)s” now. Nothing was changed"
          " by you.") % words,
        who=task.moved_by_id, at=task.moved_at.isoformat(),
    )  # fmt: skip


def _moved(actor, incident, task, to: str, phase: IncidentPhase, note: str, at) -> IncidentTask:
    was = task.state
    facts = {"task": str(task.pk), "title": task.title, "from": was, "to": to}
    if phase.pk != task.phase_id:
        facts["phase"] = phase.title
    task.state, task.phase, task.moved_by, task.moved_at = to, phase, actor.user, at
    task.version += 1
    if to == State.DOING and was == State.WAITING:
        task.started_at = task.started_at or at
    task.done_at = at if to == State.DONE else None
    if to == State.DONE and note:
        task.result = note
    task.save()
    line = "move" if to != was else "shift" if "phase" in facts else "note"
    write_line(actor, incident, line, at, note=note, facts=facts)
    if to in (State.DONE, State.DROPPED):
        close_work(
            actor=actor, kind=TASK, obj=task, outcome="done", is_cancelled=to == State.DROPPED,
            at=at,
        )  # fmt: skip
    elif was in (State.DONE, State.DROPPED):
        put_task(actor, incident, task, task.role)
    return task


@transaction.atomic
def tick(*, actor, entry: CheckEntry, is_done: bool, at: datetime | None = None) -> CheckEntry:
    """Tick a line of a checklist, or take the tick back. Doing it twice changes nothing."""
    incident = begin(actor, entry.incident_id, "take_part")
    at = now_or(at)
    entry = CheckEntry.objects.get(pk=entry.pk, incident=incident)
    if bool(entry.checked_at) == is_done:
        return entry
    entry.checked_at, entry.checked_by = (at, actor.user) if is_done else (None, None)
    entry.save(update_fields=["checked_at", "checked_by"])
    write_line(
        actor, incident, "tick" if is_done else "untick", at,
        facts={"list": entry.title, "text": entry.text},
    )  # fmt: skip
    return entry


@transaction.atomic
def report_situation(
    *, actor, incident: Incident, text: str, figures: dict | None = None, at: datetime | None = None
) -> SituationReport:
    """The next situation report, numbered without gaps. A figure that is not given is carried
    forward from the one before. Raises Unusable at `text` or at a figure's key.
    """
    incident = begin(actor, incident, "take_part")
    at = now_or(at)
    text = needed(text, "text", longest=4000)
    last = incident.reports.first()
    report = SituationReport.objects.create(
        incident=incident, number=last.number + 1 if last else 1, text=text, at=at, by=actor.user,
        figures=plans.carried(incident.figures, last.figures if last else {}, figures or {}),
    )  # fmt: skip
    values = {key: one["value"] for key, one in report.figures.items()}
    write_line(
        actor, incident, "report", at, note=text, facts={"number": report.number, "figures": values}
    )
    return report


@transaction.atomic
def note_message(
    *,
    actor,
    incident: Incident,
    direction: str,
    counterpart: str,
    text: str,
    channel: str = "phone",
    needs_confirming: bool = False,
    happened_at: datetime | None = None,
    at: datetime | None = None,
):
    """Note a message that came in or went out; it cannot be changed afterwards. Returns its line.

    Raises Unusable at direction, channel, counterpart, text or happened_at.
    """
    incident = begin(actor, incident, "take_part")
    at = now_or(at)
    errors = {}
    if direction not in {"in", "out"}:
        errors["direction"] = [_("Choose one.")]
    if channel not in CHANNELS:
        errors["channel"] = [_("Choose one.")]
    if happened_at is not None and not at - PAST <= happened_at <= at + FUTURE:
        errors["happened_at"] = [_("Choose a moment of the last year.")]
    if errors:
        raise Unusable(errors)
    return write_line(
        actor, incident, "message", at, note=needed(text, "text"),
        facts={
            "direction": direction, "channel": channel,
            "counterpart": needed(counterpart, "counterpart", longest=120),
            "needs_confirming": bool(needs_confirming),
            "happened_at": (happened_at or at).isoformat(),
        },
    )  # fmt: skip


@transaction.atomic
def confirm_message(*, actor, incident: Incident, seq: int, at: datetime | None = None):
    """Note that a message of the log was confirmed. Raises Conflict with who did it already."""
    incident = begin(actor, incident, "take_part")
    at = now_or(at)
    message = incident.lines.filter(kind="message", seq=seq).first()
    if message is None or not message.facts.get("needs_confirming"):
        raise Conflict(_("There is nothing to confirm."))
    known = incident.lines.filter(kind="message_confirmed", facts__message=seq)
    known = known.select_related("actor").first()
    if known is not None:
        words = {"who": known.actor, "when": moment(known.at)}
        raise Conflict(_("%(who)s confirmed it already (%(when)s).") % words)
    return write_line(actor, incident, "message_confirmed", at, facts={"message": seq})


@transaction.atomic
def stand_down(*, actor, incident: Incident, note: str, at: datetime | None = None) -> Incident:
    """End the incident. What is not done stops waiting in inboxes and becomes an open point."""
    incident = begin(actor, incident, "command")
    at = now_or(at)
    note = needed(note, "note")
    incident.state, incident.ended_at, incident.ended_by = Incident.State.ENDED, at, actor.user
    incident.save(update_fields=["state", "ended_at", "ended_by"])
    write_line(actor, incident, "end", at, note=note)
    close_work(actor=actor, kind=CALL, obj=incident, is_cancelled=True, at=at)
    left = list(incident.tasks.filter(state__in=IncidentTask.OPEN).select_related("organ"))
    close_work_of_many(actor=actor, kind=TASK, objects=left, is_cancelled=True, at=at)
    for task in left:
        OpenPoint.objects.create(
            incident=incident, task=task, title=task.title, lead=task.organ,
            text=task.detail or task.title["zh"],
        )  # fmt: skip
        write_line(
            actor, incident, "point", at,
            facts={"title": task.title, "organ": organ_text(task.organ)},
        )  # fmt: skip
    return incident
