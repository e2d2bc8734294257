"""The usual opinions that somebody may use or change. Reads only."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from security.organs.selectors import headed_ids, organs_of

from .models import Phrase


def phrases_of(user) -> QuerySet[Phrase]:
    """What `user` may use: their own, then those of their departments."""
    departments = organs_of(user)
    found = Phrase.objects.filter(Q(owner=user) | Q(department__in=departments))
    return found.select_related("department").order_by("department", "pk")


def phrases_for(user, node: str) -> list[Phrase]:
    """What `user` may use at the step `node`: what is for it, and what is for every step."""
    return list(phrases_of(user).filter(node__in=("", node)))


def may_change(user, phrase: Phrase) -> bool:
    """Its owner changes a person's own, the head a department's."""
    if phrase.owner_id is not None:
        return phrase.owner_id == user.pk
    return phrase.department_id in headed_ids(user)
