"""One register of consents (Personal Information Protection Law arts. 14 to 16): given to a text
of a version, withdrawn as easily, and no longer used from that moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from security.accounts.models import User
from security.actors import Actor
from security.audit.services import record_audit

from .models import Consent


@dataclass(frozen=True)
class Kind:
    """A use of data that needs consent. `changed(user, is_given)` makes the module follow it, in
    the same transaction; a new `version` of the text needs a new consent.
    """

    key: str
    title: object
    text: object
    version: int = 1
    changed: Callable | None = None


_kinds: dict[str, Kind] = {}


def register_consent(kind: Kind) -> None:
    """Add a kind of consent, or replace the one with the same key."""
    _kinds[kind.key] = kind


def kinds() -> list[Kind]:
    """All registered kinds, by key."""
    return [_kinds[key] for key in sorted(_kinds)]


def consents_of(user):
    """Every consent the person ever gave, newest first."""
    return Consent.objects.filter(user=user).order_by("-given_at", "-pk")


@transaction.atomic
def give_consent(*, actor: Actor, key: str) -> Consent:
    """The person agrees to the text in force; agreeing again changes nothing.

    Raises KeyError for an unknown kind.
    """
    kind = _kinds[key]
    _lock(actor.user)
    current = Consent.objects.filter(user=actor.user, kind=key, withdrawn_at=None).first()
    if current and current.version == kind.version:
        return current
    now = timezone.now()
    if current:
        current.withdrawn_at = now
        current.save(update_fields=["withdrawn_at"])
    given = Consent.objects.create(
        user=actor.user, kind=key, version=kind.version, given_at=now, channel=actor.channel
    )
    _follow(kind, actor, True)
    record_audit(actor=actor, verb="consent.give", obj=given, after={"kind": key})
    return given


@transaction.atomic
def withdraw_consent(*, actor: Actor, key: str) -> None:
    """The person no longer agrees, or says no at the first question; the use stops at once.

    Raises KeyError for an unknown kind.
    """
    kind = _kinds[key]
    _lock(actor.user)
    current = Consent.objects.filter(user=actor.user, kind=key, withdrawn_at=None)
    current.update(withdrawn_at=timezone.now())
    _follow(kind, actor, False)
    record_audit(actor=actor, verb="consent.withdraw", obj=actor.user, after={"kind": key})


@transaction.atomic
def withdraw_all(*, actor: Actor, user) -> None:
    """End every consent of a person, when they asked for the deletion of their data."""
    Consent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=timezone.now())
    for kind in kinds():
        if kind.changed:
            kind.changed(user, False)
    record_audit(actor=actor, verb="consent.withdraw_all", obj=user)


def _lock(user) -> None:
    # Two presses at the same moment come one after the other.
    User.objects.select_for_update().get(pk=user.pk)


def _follow(kind: Kind, actor: Actor, is_given: bool) -> None:
    if kind.changed:
        kind.changed(actor.user, is_given)
