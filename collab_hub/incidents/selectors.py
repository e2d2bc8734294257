"""Reads of plans and incidents."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from platform_core.capabilities.process.models import ProcessInstance
from platform_core.common.chained import broken_at
from platform_core.common.trace import readable
from security.access import get_or_404, may, visible_to
from security.access.policies import is_admin, is_auditor
from security.accounts.models import User
from security.audit.selectors import entries_about
from security.identifiers import mask_numbers
from security.organs.models import Department, Region
from security.organs.selectors import active_posts, departments_found, regions_below

from .models import (
    CheckEntry,
    Holding,
    Incident,
    IncidentLine,
    IncidentRole,
    IncidentTask,
    OpenPoint,
    Plan,
    PlanVersion,
    Resource,
)
from .policies import PROCESSES

BOXES = ("running", "ended")
MOST_FOUND = 20


def sees_incidents(user) -> bool:
    """Whether the page is in the person's menu."""
    return bool(active_posts(user)) or is_auditor(user) or is_admin(user)


# -- plans -----------------------------------------------------------------------------------------


def plans_for(user) -> QuerySet[Plan]:
    """The plans that `user` reads, with the number in force (`in_force`) and whether a version
    waits (`waits`).
    """
    found = visible_to(user, "read", Plan.objects.select_related("owner"))
    return found.annotate(
        in_force=Max("versions__number", filter=Q(versions__state="approved")),
        waits=Count("versions", filter=Q(versions__state="asked")),
    ).order_by("kind", "made_at", "pk")


def plan_for(user, plan_id, verb: str = "read") -> Plan:
    """The plan when `user` may do `verb` with it, else Http404."""
    return get_or_404(user, verb, Plan.objects.select_related("owner__region"), pk=plan_id)


def versions_of(plan: Plan) -> list[PlanVersion]:
    return list(plan.versions.select_related("asked_by", "decided_by"))


def version_in_force(plan: Plan) -> PlanVersion | None:
    return plan.versions.filter(state="approved").select_related("plan__owner__region").first()


def versions_to_use(user) -> list[PlanVersion]:
    """The plans in force of which a piece may be added to an incident."""
    plans = visible_to(user, "use", Plan.objects.all())
    found = PlanVersion.objects.filter(state="approved", plan__in=plans)
    return list(found.select_related("plan__owner").order_by("plan__made_at", "pk"))


def regions_for(owner: Department) -> list[Region]:
    """Where an organ's plan may be activated: its own division and those directly below."""
    return [owner.region, *regions_below(owner.region)]


# -- incidents -------------------------------------------------------------------------------------


def _rows() -> QuerySet[Incident]:
    return Incident.objects.select_related("organ", "region", "activated_by")


def incidents_for(user, *, box: str = "", text: str = "") -> QuerySet[Incident]:
    """What `user` reads: running or ended ones, or both; the newest first. Counted along: tasks
    (`tasks_all`), done (`tasks_done`) and late ones (`tasks_late`).
    """
    found = visible_to(user, "read", _rows())
    if box in BOXES:
        found = found.filter(state=box)
    if text:
        in_title = Q(title__zh__icontains=text) | Q(title__en__icontains=text)
        found = found.filter(in_title | Q(number__icontains=text) | Q(place__icontains=text))
    late = Q(tasks__state__in=IncidentTask.OPEN, tasks__due_at__lt=timezone.now())
    return found.annotate(
        tasks_all=Count("tasks", filter=~Q(tasks__state="dropped")),
        tasks_done=Count("tasks", filter=Q(tasks__state="done")),
        tasks_late=Count("tasks", filter=late),
    ).order_by("-activated_at", "pk")


def running_ids() -> list:
    """The keys of all incidents that run, for the platform's own clock."""
    return list(Incident.objects.filter(state="running").values_list("pk", flat=True))


def running_count(user) -> int:
    """How many incidents run in which the organs of `user` take part."""
    return visible_to(user, "take_part", Incident.objects.filter(state="running")).count()


def running_of(user, plan: Plan) -> list[Incident]:
    """What runs of this plan."""
    found = visible_to(user, "read", _rows()).filter(state="running", plan_version__plan=plan)
    return list(found.order_by("-activated_at"))


def incident_for(user, incident_id, verb: str = "read") -> Incident:
    """The incident when `user` may do `verb` with it, else Http404."""
    return get_or_404(user, verb, _rows(), pk=incident_id)


def may_command(user, incident: Incident) -> bool:
    return may(user, "command", incident)


def may_take_part(user, incident: Incident) -> bool:
    return may(user, "take_part", incident)


def tasks_of(incident: Incident) -> list[IncidentTask]:
    return list(incident.tasks.select_related("phase", "role__holder", "organ__region", "moved_by"))


def task_in(incident: Incident, task_id) -> IncidentTask | None:
    found = incident.tasks.select_related("phase", "role__holder", "organ", "moved_by")
    return found.filter(pk=task_id).first()


def task_of_item(item) -> IncidentTask:
    """The task that an item of the inbox stands for."""
    return IncidentTask.objects.get(pk=item.object_id)


def incident_of_item(item) -> Incident:
    return Incident.objects.get(pk=item.object_id)


def roles_of(incident: Incident) -> list[IncidentRole]:
    return list(incident.roles.select_related("holder", "organ__region", "confirmed_by"))


def official(person_id: int | None) -> User | None:
    """The active official with this id, or None."""
    return User.objects.filter(pk=person_id, kind=User.Kind.OFFICIAL, is_active=True).first()


def role_in(incident: Incident, role_id: int | None) -> IncidentRole | None:
    return incident.roles.filter(pk=role_id).select_related("holder", "organ").first()


def checks_of(incident: Incident) -> list[CheckEntry]:
    return list(incident.checks.select_related("phase", "checked_by"))


def check_in(incident: Incident, entry_id: int | None) -> CheckEntry | None:
    return incident.checks.filter(pk=entry_id).first()


def reports_of(incident: Incident) -> list:
    return list(incident.reports.select_related("by"))


def resources_of(incident: Incident) -> list[Resource]:
    held = Holding.objects.filter(amount__gt=0).select_related("organ")
    return list(incident.resources.prefetch_related(Prefetch("holdings", held, to_attr="held")))


def resource_in(incident: Incident, resource_id: int | None) -> Resource | None:
    return incident.resources.filter(pk=resource_id).first()


def organs_in(incident: Incident) -> list[Department]:
    """The organs that take part: the commanding one, and those with a role or a task."""
    named = Q(pk=incident.organ_id) | Q(
        pk__in=incident.roles.values("organ")
    ) | Q(pk__in=incident.tasks.values("organ"))  # fmt: skip
    return list(departments_found().filter(named).order_by("path"))


def lines_of(incident: Incident, kinds: tuple[str, ...] = ()) -> list[IncidentLine]:
    """The log, oldest first; only lines of some kinds when these are given."""
    found = incident.lines.select_related("actor", "organ").order_by("seq")
    return list(found.filter(kind__in=kinds) if kinds else found)


def processes_read(user, incident: Incident) -> set[str]:
    """The keys of the processes beside the incident whose history `user` may read. One query."""
    found = ProcessInstance.objects.filter(subject_type=PROCESSES, subject_id=str(incident.pk))
    return {str(key) for key in readable(user, "see", found).values_list("pk", flat=True)}


def points_of(incident: Incident) -> list[OpenPoint]:
    return list(incident.points.select_related("lead__region", "task"))


def point_in(incident: Incident, point_id: str) -> OpenPoint | None:
    found = incident.points.filter(state=OpenPoint.State.OPEN)
    return next((one for one in found if str(one.pk) == point_id), None)


def log_fault(incident: Incident, lines: list[IncidentLine]) -> int | None:
    """The number of the first line of the log that does not fit, None when it is intact. The end is
    held by the audit trail, which has every digest.
    """
    fault = broken_at(lines, incident.pk)
    if fault is not None:
        return fault
    rows = entries_about([(incident._meta.label_lower, str(incident.pk))])
    digests = [row.after["digest"] for row in rows if (row.after or {}).get("digest")]
    known = {mask_numbers(line.digest) for line in lines}
    is_whole = len(digests) == len(lines) and all(digest in known for digest in digests)
    return None if is_whole else len(lines) + 1


def figures(incident: Incident, now: datetime) -> dict[str, int]:
    """How it stands: tasks open, late and done, people who did not confirm. Two queries."""
    is_open = Q(state__in=IncidentTask.OPEN)
    counted = incident.tasks.aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=is_open & Q(due_at__lt=now)),
        done=Count("pk", filter=Q(state="done")),
    )
    unanswered = incident.roles.filter(confirmed_at=None, told_at__isnull=False)
    return counted | {"unanswered": unanswered.values("holder").distinct().count()}
