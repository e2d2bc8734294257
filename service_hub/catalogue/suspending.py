"""Writes: an organ takes no cases for an item for some time; it is back by itself on the day."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed
from security.audit.services import record_audit

from . import selectors
from .models import ImplementingItem
from .suspension import checked, covers, is_due_or_running

FIELDS = ["notice", "suspended_from", "suspended_until"]


def is_suspended(item: ImplementingItem, on: date | None = None) -> bool:
    """Whether the organ takes no cases for `item` on the day `on` (default: today)."""
    return bool(item.notice) and covers(item, on or timezone.localdate())


@transaction.atomic
def suspend_implementing(
    *, actor, item, notice: dict, start_on: date | None = None, end_on: date | None = None
) -> ImplementingItem:
    """Take no new cases from `start_on` (default: now) to `end_on` (default: until further
    notice); the guide shows `notice` ({"zh", "en"}). Running cases go on.

    Raises Unusable at "zh", "en", "until"; Conflict when it is suspended already.
    """
    today = timezone.localdate()
    item = _locked(actor, item)
    said = checked(notice, start_on, end_on, today)
    if is_due_or_running(item, today):
        raise Conflict(_("It is suspended already."))
    item.notice, item.suspended_from, item.suspended_until = said, start_on, end_on
    item.save(update_fields=FIELDS)
    after = {"notice": said, "from": str(start_on or today), "until": str(end_on or "")}
    record_audit(actor=actor, verb="catalogue.suspend", obj=item, after=after)
    return item


@transaction.atomic
def resume_implementing(*, actor, item) -> ImplementingItem:
    """Take new cases again before the day. Raises Conflict unless it is suspended."""
    item = _locked(actor, item)
    if not item.notice:
        raise Conflict(_("It is not suspended any more."))
    item.notice = item.suspended_from = item.suspended_until = None
    item.save(update_fields=FIELDS)
    record_audit(actor=actor, verb="catalogue.resume", obj=item)
    return item


def _locked(actor, item) -> ImplementingItem:
    item = ImplementingItem.objects.select_for_update().get(pk=item.pk)
    if not selectors.may_change(actor.user, item):
        raise NotAllowed(_("This item is looked after by another organ."))
    return item
