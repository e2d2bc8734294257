"""Who sees the records of processes, and whatever else waits.

Whoever may see a process may read the record it is about, and open its attachments.
"""

from django.db.models import Q, QuerySet

from platform_core.capabilities.forms.policies import register_record_access
from platform_core.capabilities.process.models import ProcessInstance
from security.access import Policy, register_policy, visible_to
from security.organs.selectors import headed_ids

from .holders import SHOWN, waits_for
from .models import WorkItem


def records_of_tasks(user, verb: str) -> Q | None:
    """The records whose process an official may see; changing them stays with their owners."""
    if verb != "view" or not user.is_official:
        return None
    seen = visible_to(user, "see", ProcessInstance.objects.exclude(record=None))
    return Q(pk__in=seen.values("record"))


register_record_access(records_of_tasks)


class WorkItemPolicy(Policy):
    """Verbs: "see", and "handle" for what waits for the person. Heads see what is the matter of
    their departments; whoever closed an item may look it up.
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated or not user.is_active:
            return queryset.none()
        mine = waits_for(user) & SHOWN
        if verb == "handle":
            return queryset.filter(mine, state=WorkItem.State.OPEN)
        if verb != "see":
            return queryset.none()
        others = Q(closed_by=user) | Q(assignee=user) | Q(pool_department__in=headed_ids(user))
        return queryset.filter(mine | (others & SHOWN))


register_policy(WorkItem, WorkItemPolicy())
