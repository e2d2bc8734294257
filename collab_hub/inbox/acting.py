"""What a person does with an item from the list: its kind's actions, taking it from a pool."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.process.delegation.selectors import standing_in
from platform_core.capabilities.process.moves import must_be_opinion
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.templatetags.ui import moment
from platform_core.common.work import work_kind
from security.access import get_or_404, may
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.selectors import active_posts

from .models import WorkItem


@transaction.atomic
def act_on_work(*, actor: Actor, work_id, action: str, version: int, opinion: str = "") -> WorkItem:
    """Carry out one action of the item's kind; returns the item as it is then.

    Http404 for strangers, NotAllowed for whom it does not wait for, Conflict when it has changed
    since `version`, Unusable for an action that the kind does not have, an opinion that it asks or
    one that is too long.
    """
    item = lock_work(actor=actor, work_id=work_id, version=version)
    chosen = work_kind(item.kind).action(action)
    if chosen is None:
        raise Unusable({"action": [_("Open it first: this cannot be done from the list.")]})
    opinion = opinion.strip()
    must_be_opinion(opinion)
    if chosen.asks and not opinion:
        raise Unusable({"opinion": [_("Write a few words: this action needs them.")]})
    chosen.act(actor=actor, item=item, opinion=opinion)
    item.refresh_from_db()
    return item


@transaction.atomic
def claim_work(*, actor: Actor, work_id, version: int) -> WorkItem:
    """Take an item out of the pool for oneself. Raises as `act_on_work`."""
    item = lock_work(actor=actor, work_id=work_id, version=version)
    if item.assignee_id is not None:
        raise too_late(item)
    item.assignee, item.claimed_at = _claims_for(actor.user, item), timezone.now()
    item.version += 1
    item.save(update_fields=["assignee", "version", "claimed_at"])
    before, after = {"assignee": None}, {"assignee": item.assignee_id}
    record_audit(actor=actor, verb="work.claim", obj=item, before=before, after=after)
    return item


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
