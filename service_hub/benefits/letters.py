"""What a firm is told when a new policy fits it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from platform_core.common.i18n import pick
from service_hub.cases.words import in_both

from .models import Benefit


def tell_fits(benefit: Benefit, firm, person, *, actor) -> None:
    """One message for each firm and manager."""

    def title():
        return _("A policy fits %(firm)s: %(title)s") % {
            "firm": firm.name, "title": pick(benefit.title),
        }  # fmt: skip

    notify(
        actor=actor,
        recipient=person,
        key="benefit.fits",
        title="{title}",
        body="{body}",
        values={"title": in_both(title), "body": benefit.gets},
        link=reverse("firm:policy", args=[benefit.pk]),
        dedupe=f"benefit:{benefit.pk}:{firm.pk}:{person.pk}",
    )
