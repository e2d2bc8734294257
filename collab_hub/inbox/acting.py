"""What a person does with an item from the list: its kind's actions, taking it, putting it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.process.delegation.selectors import standing_in
from platform_core.capabilities.process.moves import must_be_storable
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.templatetags.ui import moment
from platform_core.common.work import work_kind
from security.access import get_or_404, may
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.selectors import active_posts

from .models import WorkItem

LONGEST_OPINION = 2000


@transaction.atomic
def act_on_work(*, actor: Actor, work_id, action: str, version: int, opinion: str = "") -> WorkItem:
    """Carry out one action of the item's kind; returns the item as it is then.

    Http404 for strangers, NotAllowed for whom it does not wait for, Conflict when it has changed
    since `version`, Unusable for an action that the kind does not have or an opinion that it asks.
    """
    item = lock_work(actor=actor, work_id=work_id, version=version)
    chosen = work_kind(item.kind).action(action)
    if chosen is None:
        raise Unusable({"action": [_("Open it first: this cannot be done from the list.")]})
    opinion = opinion.strip()
    must_be_storable("opinion", opinion)
    if chosen.asks and not opinion:
        raise Unusable({"opinion": [_("Write a few words: this action needs them.")]})
    chosen.act(actor=actor, item=item, opinion=opinion[:LONGEST_OPINION])
    item.refresh_from_db()
    return item


@transaction.atomic
def claim_work(*, actor: Actor, work_id, version: int) -> WorkItem:
    """Take an item out of the pool for oneself. Raises as `act_on_work`."""
    item = lock_work(actor=actor, work_id=work_id, version=version)
    if item.assignee_id is not None:
        raise too_late(item)
    return _given(actor, item, _claims_for(actor.user, item), "work.claim")


@transaction.atomic
def release_work(*, actor: Actor, work_id, version: int) -> WorkItem:
    """Put an item back into the pool it came from. Raises as `act_on_work`."""
    item = lock_work(actor=actor, work_id=work_id, version=version)
    if not may_release(item):
        raise NotAllowed(_("This was not taken from a pool."))
    return _given(actor, item, None, "work.release")


def _claims_for(user, item: WorkItem):
    """Who has an item that `user` takes: what a deputy takes stays the principal's."""
    for share in [(post.department_id, post.group_ids) for post in active_posts(user)]:
        if _covers(item, *share):
            return user
    for one in standing_in(user):
        limit = not one.napps or item.napp_id in one.napps
        if limit and any(_covers(item, *pool) for pool in one.pools):
            return one.principal
    return user


def _covers(item: WorkItem, department: int, groups) -> bool:
    is_shared = not item.pool_groups or set(groups) & set(item.pool_groups)
    return department == item.pool_department_id and bool(is_shared)


def may_release(item: WorkItem) -> bool:
    """Whether somebody took it from a pool, so that it can go back there."""
    return item.assignee_id is not None and item.is_from_pool


def lock_work(*, actor: Actor, work_id, version: int) -> WorkItem:
    """The open item as it was seen, locked, for an actor for whom it waits."""
    found = get_or_404(actor.user, "see", WorkItem.objects.all(), pk=work_id)
    item = WorkItem.objects.select_for_update().get(pk=found.pk)
    if item.state != WorkItem.State.OPEN or item.version != version:
        raise too_late(item)
    if not may(actor.user, "handle", item):
        raise NotAllowed(_("This waits for somebody else."))
    return item


def too_late(item: WorkItem) -> Conflict:
    """Who was faster and when, as far as the row tells."""
    if item.state == WorkItem.State.DONE and item.closed_by:
        words = {"who": item.closed_by, "when": moment(item.closed_at)}
        return Conflict(_("%(who)s was faster (%(when)s). Nothing was changed by you.") % words)
    if item.state != WorkItem.State.OPEN:
        return Conflict(_("This is no longer needed. Nothing was changed by you."))
    return Conflict(_("This page is out of date. Look again before you decide."))


def _given(actor: Actor, item: WorkItem, person, verb: str) -> WorkItem:
    before = {"assignee": item.assignee_id}
    item.assignee = person
    item.version += 1
    item.claimed_at = timezone.now() if person else None
    item.save(update_fields=["assignee", "version", "claimed_at"])
    record_audit(
        actor=actor, verb=verb, obj=item, before=before, after={"assignee": item.assignee_id}
    )
    return item
