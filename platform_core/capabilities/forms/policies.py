"""Who may see drafts and records: their owners, a firm's agents, and whom a hub lets in."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from platform_core.capabilities.files.subjects import register_need, register_subject
from security.access import Policy, may, register_policy
from security.accounts.selectors import firms_of, valid_mandates

from .models import Draft, Record
from .selectors import RECORD
from .uploads import is_in_draft

_doors: list[Callable] = []


def register_record_access(door: Callable) -> None:
    """Let a hub open records: `door(user, verb)` gives a Q over Record, or None.

    The hubs know which cases an official handles; this capability does not.
    """
    if door not in _doors:
        _doors.append(door)


class DraftPolicy(Policy):
    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated:
            return queryset.none()
        return queryset.filter(user=user)


class RecordPolicy(Policy):
    """Owners and agents see; changing goes through the case, whose hub decides."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated:
            return queryset.none()
        allowed = Q(pk__in=[])
        if verb == "view":
            firms = [firm.pk for firm in firms_of(user)]
            allowed = Q(created_by=user, firm=None, mandate=None) | Q(firm__in=firms)
            allowed |= Q(mandate__principal=user)
            allowed |= Q(mandate__in=valid_mandates().filter(agent=user))
        for door in _doors:
            more = door(user, verb)
            if more is not None:
                allowed |= more
        return queryset.filter(allowed)


def _may_see_record_file(user, subject_id: str, owner_key: str) -> bool:
    record = Record.objects.filter(pk=subject_id).first()
    return record is not None and may(user, "view", record)


register_policy(Draft, DraftPolicy())
register_policy(Record, RecordPolicy())
register_subject(RECORD, _may_see_record_file)
register_need(is_in_draft)
