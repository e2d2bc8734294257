"""What an official changes in the inbox itself; what happens to a task is the process capability's."""

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from security.actors import Actor
from security.audit.services import record_audit

from .models import SavedFilter
from .query import InboxQuery

MAX_FILTERS = 20
NAME_LENGTH = SavedFilter._meta.get_field("name").max_length


@transaction.atomic
def save_filter(*, actor: Actor, name: str, query: InboxQuery) -> SavedFilter:
    """Keep a view under a name. Raises Unusable for an empty or taken name or too many filters."""
    own = _own_filters(actor)
    name = _usable_name(name, own)
    if own.count() >= MAX_FILTERS:
        message = _("You keep %(count)s filters already. Remove one first.")
        raise Unusable({"name": [message % {"count": MAX_FILTERS}]})
    last = own.aggregate(last=Max("order"))["last"] or 0
    saved = SavedFilter.objects.create(
        user=actor.user, name=name, query=query.address(), order=last + 1
    )
    record_audit(actor=actor, verb="inbox.save_filter", obj=saved, after={"name": name})
    return saved


@transaction.atomic
def rename_filter(*, actor: Actor, filter_id: int, name: str) -> SavedFilter:
    """Give a kept view another name. Raises Http404 for somebody else's, Unusable for a bad name."""
    own = _own_filters(actor)
    saved = _own_filter(own, filter_id)
    before = saved.name
    saved.name = _usable_name(name, own.exclude(pk=saved.pk))
    saved.save(update_fields=["name"])
    record_audit(
        actor=actor,
        verb="inbox.rename_filter",
        obj=saved,
        before={"name": before},
        after={"name": saved.name},
    )
    return saved


@transaction.atomic
def delete_filter(*, actor: Actor, filter_id: int) -> None:
    """Forget a kept view. Raises Http404 when it is not the actor's own."""
    saved = _own_filter(_own_filters(actor), filter_id)
    record_audit(actor=actor, verb="inbox.delete_filter", obj=saved, before={"name": saved.name})
    saved.delete()


def _own_filters(actor: Actor):
    # The lock makes two saves of one name take turns, so the second gets the message, not an error.
    list(type(actor.user).objects.select_for_update(no_key=True).filter(pk=actor.user.pk))
    return SavedFilter.objects.filter(user=actor.user)


def _own_filter(own, filter_id: int) -> SavedFilter:
    try:
        return own.get(pk=filter_id)
    except SavedFilter.DoesNotExist:
        raise Http404 from None


def _usable_name(name: str, others) -> str:
    name = " ".join(str(name).replace("\x00", "").split())
    if not name:
        raise Unusable({"name": [_("Give the filter a name, for example “Late this week”.")]})
    if len(name) > NAME_LENGTH:
        message = _("Use at most %(count)s characters.") % {"count": NAME_LENGTH}
        raise Unusable({"name": [message]})
    if others.filter(name=name).exists():
        raise Unusable({"name": [_("You have a filter with this name already.")]})
    return name
