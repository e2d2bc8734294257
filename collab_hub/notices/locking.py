"""The row of a notice, held by whoever may change it."""

from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed
from security.access import may
from security.actors import Actor

from .models import Notice


def locked(actor: Actor, notice: Notice) -> Notice:
    """The notice for whoever manages it, while it is under way. Raises Conflict, NotAllowed."""
    found = Notice.objects.select_for_update(of=("self",)).select_related("department")
    found = found.get(pk=notice.pk)
    if not may(actor.user, "manage", found):
        raise NotAllowed(_("The sender and the heads of the organ do this."))
    if found.state != Notice.State.SENT:
        raise Conflict(_("This notice is not under way."))
    return found
