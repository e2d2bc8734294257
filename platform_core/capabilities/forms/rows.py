"""Drafts as rows: how long they are kept, locked, and closed. Called inside the services'
transactions.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed
from security.actors import Actor

from . import selectors
from .models import Draft, Record

KEPT_DAYS = 30
KEPT_DAYS_ANONYMOUS = 7


def expiry(user):
    return timezone.now() + timedelta(days=KEPT_DAYS if user else KEPT_DAYS_ANONYMOUS)


def lock(draft: Draft) -> Draft:
    """The draft's row as it is now, locked until the end of the transaction."""
    return selectors.with_relations().select_for_update(of=("self",)).get(pk=draft.pk)


def check(draft: Draft, actor: Actor, owner_key: str) -> None:
    """Refuse a locked draft that is not the actor's or was sent already."""
    if not selectors.is_owner(draft, actor.user, owner_key):
        raise NotAllowed(_("This draft belongs to somebody else."))
    if draft.submitted_at:
        raise Conflict(_("This was sent already."), record=str(draft.record_id or ""))


def locked(draft: Draft, actor: Actor, owner_key: str) -> Draft:
    """The draft's row, locked, after making sure that it is the actor's and not yet sent."""
    found = lock(draft)
    check(found, actor, owner_key)
    return found


def close(draft: Draft, record: Record | None) -> None:
    draft.record, draft.submitted_at = record, timezone.now()
    emptied = ("data", "filled", "sources", "rivals", "stamps")
    for name in emptied:
        setattr(draft, name, {})
    draft.save(update_fields=["record", "submitted_at", *emptied, "updated_at"])
