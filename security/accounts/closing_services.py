"""Closing an account for good, at the wish of its person (Personal Information Protection Law)."""

from __future__ import annotations

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from security.actors import Actor
from security.audit.services import record_audit
from security.privacy.models import Consent

from .models import ApiToken, FirmAgent, Identity, PersonMandate, User

MADE_UP = "closed-"


@transaction.atomic
def close_account(*, actor: Actor, user: User) -> User:
    """End an account: name, contacts, identity, secrets, consents and choices are gone, a made-up
    name takes the place of the user name, and nobody signs in any more. Its mandates were ended.

    The empty account stays, because the cases that the law has kept name it. The identity number is
    free for a new account. Sessions end with the next request, since the password is gone.
    """
    for model in (EmailAddress, Authenticator, ApiToken, Consent, Identity):
        model.objects.filter(user=user).delete()
    user = User.objects.select_for_update().get(pk=user.pk)
    user.username = MADE_UP + secrets.token_hex(8)
    user.name = user.email = user.phone = user.language = ""
    user.told_by, user.out_of_use, user.is_active = {}, {}, False
    user.set_unusable_password()
    user.save()
    record_audit(actor=actor, verb="user.close", obj=user)
    return user


@transaction.atomic
def end_mandates(*, actor: Actor, user: User) -> int:
    """End every mandate for and by a person, of people and of firms; how many. What a kept case
    rests on stays as ended, the rest is deleted.
    """
    between = Q(principal=user) | Q(agent=user)
    ended = PersonMandate.objects.filter(between, ended_at=None)
    count = ended.update(ended_at=timezone.now(), ended_by=user)
    for mandate in PersonMandate.objects.filter(between):
        try:
            with transaction.atomic():
                mandate.delete()
        except ProtectedError:
            mandate.evidence = ""
            mandate.save(update_fields=["evidence"])
    count += FirmAgent.objects.filter(user=user).delete()[0]
    record_audit(actor=actor, verb="mandate.end_all", obj=user, after={"count": count})
    return count
