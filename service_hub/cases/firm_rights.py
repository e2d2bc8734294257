"""What a member of a firm may do with the firm's cases, asked at the moment of the deed."""

from django.utils.translation import gettext as _

from platform_core.common.errors import NotAllowed
from security.accounts.selectors import may_for_firm


def require_in_firm(actor, firm, right: str, item) -> None:
    """Raise NotAllowed when the actor is a person without `right` (see firm_roles) for `firm` in
    the service `item`. Officials and the platform act under rules of their own.
    """
    user = actor.user
    if firm is None or user is None or user.is_official:
        return
    if not may_for_firm(user, firm, right, f"{item.napp.slug}/{item.key}"):
        raise NotAllowed(_("Your mandate of the firm does not cover this service."))
