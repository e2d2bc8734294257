"""Who may see which task and which process.

Officials see what waits for them or their pool, what they took part in, and, as heads, whatever is
the matter of their department. Nobody else sees anything: applicants follow their case instead.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.selectors import headed_ids

from .models import ProcessInstance, Task
from .permissions import mine_condition, pool_condition


class TaskPolicy(Policy):
    """Verbs: "see", "handle" for what waits for the person, and "view" for the list of open tasks
    (steps, organs and moments, nothing of the applicant) that administrators and auditors read.
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated or not user.is_active:
            return queryset.none()
        pool = pool_condition(user)
        waiting = mine_condition(user)
        if verb == "handle":
            if pool is not None:
                waiting |= Q(assignee=None) & pool
            return queryset.filter(waiting, state=Task.State.OPEN)
        if verb == "view":
            may_view = is_admin(user) or is_auditor(user)
            return queryset if may_view else queryset.none()
        if verb != "see":
            return queryset.none()
        if pool is not None:
            waiting |= pool
        headed = headed_ids(user)
        if headed:
            waiting |= Q(pool_department__in=headed)
        mine = Task.objects.filter(Q(assignee=user) | Q(closed_by=user)).values("instance")
        return queryset.filter(waiting | Q(closed_by=user) | Q(instance__in=mine) | _begun(user))


class InstancePolicy(Policy):
    """Verb: "see", for whoever may see one of its tasks."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if verb != "see":
            return queryset.none()
        tasks = TaskPolicy().visible(user, "see", Task.objects.all())
        return queryset.filter(Q(pk__in=tasks.values("instance")))


def _begun(user) -> Q:
    # An applicant's own page is the case; only officials read internal opinions of what they began.
    return Q(instance__starter=user) if user.is_official else Q(pk__in=[])


register_policy(Task, TaskPolicy())
register_policy(ProcessInstance, InstancePolicy())
