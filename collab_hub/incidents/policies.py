"""Who reads an incident, takes part in it and commands it; who keeps plans."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.selectors import active_posts, organs_of

from .activating import activating_organs
from .models import Incident, IncidentRole, IncidentTask, Plan

NOBODY = Q(pk__in=[])
# What processes beside an incident are about.
PROCESSES = "collab_hub.incident"


def commanded_by(user) -> Q:
    """Incidents of the own organs, and those where one holds a role that commands."""
    mine = organs_of(user)
    role = IncidentRole.objects.filter(
        incident=OuterRef("pk"), commands=True, holder=user, organ__in=mine
    )
    return Q(organ__in=mine) | Exists(role)


def shared_by(user) -> Q:
    """Incidents in which the own organs have a role or a task."""
    mine = organs_of(user)
    role = IncidentRole.objects.filter(incident=OuterRef("pk"), organ__in=mine)
    task = IncidentTask.objects.filter(incident=OuterRef("pk"), organ__in=mine)
    return Q(organ__in=mine) | Exists(role) | Exists(task)


def seen_from_above(user) -> Q:
    """Incidents commanded by organs below the own ones."""
    found = NOBODY
    for post in active_posts(user):
        found |= Q(organ__path__startswith=post.department.path)
    return found


class IncidentPolicy(Policy):
    """Verbs: "command" (the commanding organ, and whoever holds a commanding role), "take_part"
    (organs with a role or a task), "read" (these, those above, auditors and administrators).
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated or not user.is_active:
            return queryset.none()
        if verb == "read" and (is_admin(user) or is_auditor(user)):
            return queryset
        if not active_posts(user):
            return queryset.none()
        allowed = {
            "command": lambda: commanded_by(user),
            "take_part": lambda: shared_by(user),
            "read": lambda: shared_by(user) | seen_from_above(user),
        }.get(verb)
        return queryset.filter(allowed()) if allowed else queryset.none()


class PlanPolicy(Policy):
    """Verbs: "keep" (the people of the organ), "activate" (see `activating.py`), "read" (the organ,
    those above, auditors and administrators), "use" (every official: a piece of a plan in force may
    be added anywhere).
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated or not user.is_active:
            return queryset.none()
        if verb == "read" and (is_admin(user) or is_auditor(user)):
            return queryset
        mine = organs_of(user)
        if not mine:
            return queryset.none()
        if verb == "keep":
            return queryset.filter(owner__in=mine)
        if verb == "activate":
            return queryset.filter(owner__in=activating_organs(user))
        if verb == "use":
            return queryset
        if verb != "read":
            return queryset.none()
        found = Q(owner__in=mine)
        for post in active_posts(user):
            found |= Q(owner__path__startswith=post.department.path)
        return queryset.filter(found)


def may_move(user, task: IncidentTask, commands: bool) -> bool:
    """Whether `user` may move the task: its organ's people, and whoever commands."""
    return commands or task.organ_id in organs_of(user)


register_policy(Incident, IncidentPolicy())
register_policy(Plan, PlanPolicy())
