"""Giving out and revoking API tokens."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from security.actors import Actor
from security.audit.services import record_audit

from .models import ApiToken, User
from .selectors import has_authenticator
from .tokens import digest_of, new_secret

MAX_DAYS = 365


@transaction.atomic
def issue_token(
    *, actor: Actor, user: User, label: str, days: int = 90, has_second_factor: bool
) -> tuple[ApiToken, str]:
    """A new token of `user` that ends after `days`, and its secret, which is not kept and cannot
    be shown again.

    Whoever is staff, or has set up a second factor, must have used it to ask; otherwise
    PermissionDenied.
    """
    if (user.needs_second_factor or has_authenticator(user)) and not has_second_factor:
        raise PermissionDenied(_("Sign in with your second factor and ask for the token there."))
    secret = new_secret()
    token = ApiToken.objects.create(
        user=user, label=label, digest=digest_of(secret), hint=secret[:8],
        expires_at=timezone.now() + timedelta(days=min(days, MAX_DAYS)),
    )  # fmt: skip
    record_audit(
        actor=actor, verb="token.issue", obj=token,
        after={"user": user.pk, "label": label, "expires_at": token.expires_at},
    )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """The token stops working with the next request."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record_audit(actor=actor, verb="token.revoke", obj=token, after={"user": token.user_id})
    return token
