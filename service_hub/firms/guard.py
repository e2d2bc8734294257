"""Whom an invitation lets in."""

from django.utils.translation import gettext as _

from platform_core.common.errors import NotAllowed
from security.accounts.selectors import identity_of, is_person_with

from .models import FirmInvitation


def require_invited(user, invitation: FirmInvitation) -> None:
    """Raise NotAllowed unless `user` is the person named, with a verified identity."""
    identity = identity_of(user)
    if identity is None:
        raise NotAllowed(_("Verify your identity first, under “My data”."))
    name = "".join(invitation.name.split())
    is_named = "".join(identity.real_name.split()) == name
    if invitation.number_index:
        is_named = is_named and is_person_with(user, invitation.number_index, name)
    if not is_named:
        raise NotAllowed(_("This invitation is for somebody else."))
