"""Reads of the audit trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from security.access import visible_to

from .models import AuditEntry


def entries(
    user,
    *,
    verb: str = "",
    actor_id: int | None = None,
    who: str = "",
    organ: str = "",
    object_type: str = "",
    object_types: tuple[str, ...] = (),
    object_id: str = "",
    result: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """The entries that `user` may read, newest first, narrowed by whatever is given.

    `who` is a part of the name or the whole sign-in name, `organ` the beginning of the organ's name
    in which the person acted. `verb` also matches as the beginning of a dotted verb ("case" finds
    "case.file"); `since` and `until` are days, both included.
    """
    found = visible_to(user, "view", AuditEntry.objects.select_related("actor"))
    exact = {
        "actor": actor_id, "object_type": object_type, "object_id": object_id, "result": result,
        "at__gte": since and _midnight(since), "object_type__in": object_types,
        "at__lt": until and _midnight(until) + timedelta(days=1),
        "acting_as__startswith": organ,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if who:
        found = found.filter(Q(actor_name__icontains=who) | Q(actor__username=who))
    if verb:
        found = found.filter(verb__startswith=verb)
    return found.order_by("-id")


def _midnight(day: date) -> datetime:
    """The beginning of a day; of one outside of all clocks, that of the nearest one inside."""
    day = min(max(day, date(1970, 1, 1)), date(9000, 1, 1))
    return timezone.make_aware(datetime.combine(day, time.min))


def entries_about(objects: list[tuple[str, str]], limit: int = 2000) -> list[AuditEntry]:
    """The entries about any of `objects`, given as (type, id), oldest first, at most `limit`.

    For modules that show one thing's history: they ask the thing's own policy before. One query.
    """
    about = Q(pk__in=[])
    for kind, identifier in objects:
        about |= Q(object_type=kind, object_id=str(identifier))
    return list(AuditEntry.objects.filter(about).select_related("actor").order_by("id")[:limit])
