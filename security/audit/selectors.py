"""Reads of the audit trail."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from security.access import visible_to

from .models import AuditEntry


def entries(
    user,
    *,
    verb: str = "",
    actor_id: int | None = None,
    object_type: str = "",
    object_id: str = "",
    result: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """The entries that `user` may read, newest first, narrowed by whatever is given.

    `verb` also matches as the beginning of a dotted verb ("case" finds "case.file"); `since` and
    `until` are days, both included.
    """
    found = visible_to(user, "view", AuditEntry.objects.select_related("actor"))
    exact = {
        "actor": actor_id, "object_type": object_type, "object_id": object_id, "result": result,
        "at__date__gte": since, "at__date__lte": until,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if verb:
        found = found.filter(verb__startswith=verb)
    return found.order_by("-id")
