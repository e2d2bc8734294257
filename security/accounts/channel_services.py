"""Writes of how a person wants to be told."""

from django.db import transaction

from security.audit.services import record_audit


@transaction.atomic
def choose_channels(*, actor, choices: dict[str, list[str]]) -> None:
    """Keep by which channels the person wants to be told, by kind of message."""
    user = actor.user
    user.told_by = {kind: sorted(set(channels)) for kind, channels in choices.items()}
    user.save(update_fields=["told_by"])
    record_audit(actor=actor, verb="account.channels", obj=user, after=user.told_by)
