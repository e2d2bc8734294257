"""Whoever may see a process may read the record it is about, and open its attachments."""

from django.db.models import Q

from platform_core.capabilities.forms.policies import register_record_access
from platform_core.capabilities.process.models import ProcessInstance
from security.access import visible_to


def records_of_tasks(user, verb: str) -> Q | None:
    """The records whose process an official may see; changing them stays with their owners."""
    if verb != "view" or not user.is_official:
        return None
    seen = visible_to(user, "see", ProcessInstance.objects.exclude(record=None))
    return Q(pk__in=seen.values("record"))


register_record_access(records_of_tasks)
