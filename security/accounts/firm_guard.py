"""Who may deal with the members of a firm."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from security.actors import Actor

from .firm_roles import gives
from .models import Firm, FirmAgent
from .selectors import firm_mandates


def require_manager(actor: Actor, firm: Firm, *roles: str) -> FirmAgent | None:
    """The actor's own mandate, which lets them deal with members of these roles. Raises
    PermissionDenied. The platform itself may always.
    """
    if actor.is_system:
        return None
    held = firm_mandates().filter(user=actor.user, firm=firm).first() if actor.user else None
    if held is None or not all(gives(held.role, role) for role in roles):
        raise PermissionDenied(_("Your role in the firm does not let you change these members."))
    return held
