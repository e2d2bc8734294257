"""What whoever claimed a firm is told."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from platform_core.capabilities.notifications.services import notify
from service_hub.cases.words import in_both

from .models import FirmClaim

TITLES = {
    FirmClaim.State.ACCEPTED: gettext_noop("You represent %(firm)s here now"),
    FirmClaim.State.REFUSED: gettext_noop("Your claim of %(firm)s was refused"),
}
ACCEPTED = gettext_noop("Choose the firm to apply for it, and invite others under “Members”.")


def tell_claimant(claim: FirmClaim, *, actor) -> None:
    """One message when the claim is decided; a refusal says why."""
    title, is_accepted = TITLES[claim.state], claim.state == FirmClaim.State.ACCEPTED
    said = {"zh": claim.reason, "en": claim.reason}
    notify(
        actor=actor,
        recipient=claim.claimant,
        key="firm_claim.decided",
        title="{title}",
        body="{body}",
        values={
            "title": in_both(lambda: _(title) % {"firm": claim.name}),
            "body": in_both(lambda: _(ACCEPTED)) if is_accepted else said,
        },
        link=reverse("firm:claims"),
        dedupe=f"firm_claim:{claim.pk}",
    )
