"""Writes of open points: what remains after an incident, handed over to supervision."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from platform_core.common.events import emit
from platform_core.common.organs import organ_text
from security.organs.models import Department

from .models import Incident, OpenPoint
from .room import begin, both, locked, needed, now_or, room_url, write_line

SOURCE = "incident"
WORK_ENDS = time(18)


def _end_of_work(day: date | None, at: datetime) -> datetime | None:
    if day is None:
        return None
    if day <= timezone.localdate(at):
        raise Unusable({"due_on": [_("Choose a day after today.")]})
    return timezone.make_aware(datetime.combine(day, WORK_ENDS))


@transaction.atomic
def add_point(
    *, actor, incident: Incident, title, text: str, lead: Department, due_on: date | None = None,
    at: datetime | None = None,
) -> OpenPoint:  # fmt: skip
    """Note what remains to be done and who answers for it. Raises Unusable at its fields."""
    incident = begin(actor, incident, "command", running=False)
    at, title = now_or(at), both(title)
    if not title["zh"]:
        raise Unusable({"title": [_("Write a name.")]})
    point = OpenPoint.objects.create(
        incident=incident, title=title, text=needed(text, "text"), lead=lead,
        due_at=_end_of_work(due_on, at),
    )  # fmt: skip
    write_line(
        actor, incident, "point", at, note=point.text,
        facts={"title": title, "organ": organ_text(lead)},
    )  # fmt: skip
    return point


@transaction.atomic
def hand_over_point(*, actor, point: OpenPoint, at: datetime | None = None) -> OpenPoint:
    """Have the point supervised once the incident is over: a proposal to the organ that supervises
    its lead. Raises Conflict while it runs, or when that was done.
    """
    incident = begin(actor, point.incident_id, "command", running=False)
    at = now_or(at)
    if incident.is_running:
        raise Conflict(_("Stand the incident down first."))
    point = (
        incident.points.select_for_update(of=("self",))
        .select_related("lead__region")
        .get(pk=point.pk)
    )
    if point.state != OpenPoint.State.OPEN:
        raise Conflict(_("It was handed over already."))
    point.state = OpenPoint.State.HANDED
    point.save(update_fields=["state"])
    write_line(
        actor, incident, "hand_over", at,
        facts={"title": point.title, "organ": organ_text(point.lead)},
    )  # fmt: skip
    emit(
        "supervision.wanted", actor=actor, source=SOURCE, object_type=point._meta.label,
        object_id=str(point.pk), title=point.title, requirement=point.text, lead=point.lead,
        assisting=(), due_at=point.due_at, url=room_url(incident, "incident_review"),
    )  # fmt: skip
    return point


@transaction.atomic
def note_outcome(*, actor, point_id, outcome: str) -> None:
    """Supervision ended with this outcome; a point that was not opened there is open again."""
    known = OpenPoint.objects.filter(pk=point_id).first()
    if known is None:
        return
    incident = locked(known.incident_id)
    point = incident.points.select_related("lead__region").get(pk=known.pk)
    if point.state != OpenPoint.State.HANDED:
        return
    is_dropped = outcome == "dropped"
    point.state = OpenPoint.State.OPEN if is_dropped else OpenPoint.State.CLOSED
    point.save(update_fields=["state"])
    write_line(
        actor, incident, "point_answered", now_or(None),
        facts={"title": point.title, "organ": organ_text(point.lead), "is_dropped": is_dropped},
    )  # fmt: skip
