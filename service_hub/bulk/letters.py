"""What whoever filed a spreadsheet is told when it is through."""

from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from service_hub.cases.words import in_both

from .models import Batch


def tell_done(batch: Batch, counts, *, actor) -> None:
    """One message, whether it was filed to the end or stopped."""
    facts = {"name": batch.name, "filed": counts.filed, "left": counts.total - counts.filed}
    is_done = batch.state == Batch.State.DONE

    def title():
        return (_("Filed: %(name)s") if is_done else _("Stopped: %(name)s")) % facts

    def body():
        return _("%(filed)s rows are filed, %(left)s are not. You find each row’s result.") % facts

    notify(
        actor=actor,
        recipient=batch.by,
        key="batch.done",
        title="{title}",
        body="{body}",
        values={"title": in_both(title), "body": in_both(body)},
        link=reverse("firm:batch", args=[batch.pk]),
        dedupe=f"batch:{batch.pk}:done",
    )
