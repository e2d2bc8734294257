"""What happens when allauth reports something."""

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals
from django.dispatch import receiver

from security.actors import Actor
from security.audit.services import record_audit

from . import channel_services
from .adapter import request_id
from .guard import client_ip


@receiver(signals.authenticator_added)
def second_factor_set_up(request, user, authenticator, **more):
    """Setting it up proved possession, so the session counts as one with a second factor."""
    if authenticator.type == "totp":
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    _record(request, user, "second_factor.add", authenticator)


@receiver(signals.authenticator_removed)
def second_factor_dropped(request, user, authenticator, **more):
    _record(request, user, "second_factor.remove", authenticator)


@receiver(signals.authenticator_reset)
def recovery_codes_renewed(request, user, authenticator, **more):
    _record(request, user, "second_factor.renew", authenticator)


@receiver(account_signals.email_confirmed)
def address_confirmed(request, email_address, **more):
    user = email_address.user
    actor = Actor.of(user, ip=client_ip(request), request_id=request_id())
    channel_services.confirm_address(actor=actor, user=user, email=email_address.email)


def _record(request, user, verb, authenticator):
    actor = Actor.of(user, ip=client_ip(request), request_id=request_id())
    record_audit(actor=actor, verb=verb, obj=user, after={"type": authenticator.type})
