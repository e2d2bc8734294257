"""Writes of mandates between people: asked for, given, accepted, ended, entered at a counter.

A mandate is a private matter of two people (Civil Code art. 161 to 175): the principal gives it or
agrees to it and ends it at any time. Guardianship is not theirs to give: an official enters it with
the evidence that was shown, and only an official or the guardian ends it. Refusals are
ValidationError, at a field where one is to blame, and PermissionDenied.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from security.actors import Actor
from security.audit.services import record_audit

from .models import PersonMandate, User

LONGEST_DAYS = 5 * 366
RENEWED_DAYS = 365
Relation = PersonMandate.Relation


@transaction.atomic
def give_mandate(
    *, actor: Actor, agent: User, relation: str, services=(), valid_until: date | None = None
) -> PersonMandate:
    """The actor lets `agent` act for them, in `services` ("napp/item") or in all."""
    return _enter(
        actor, principal=actor.user, agent=agent, relation=_given(relation), services=services,
        valid_until=valid_until, accepted_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def ask_mandate(
    *, actor: Actor, principal: User, relation: str, services=(), valid_until: date | None = None
) -> PersonMandate:
    """The actor asks to act for `principal`; nothing is allowed before they accept."""
    return _enter(
        actor, principal=principal, agent=actor.user, relation=_given(relation), services=services,
        valid_until=valid_until, accepted_at=None,
    )  # fmt: skip


@transaction.atomic
def enter_guardianship(
    *, actor: Actor, principal: User, agent: User, evidence: str, services=(),
    valid_until: date | None = None,
) -> PersonMandate:  # fmt: skip
    """An official enters a guardian after seeing the evidence, whose note is kept sealed."""
    user = actor.user
    if user is None or user.kind not in (User.Kind.OFFICIAL, User.Kind.ADMIN):
        raise PermissionDenied(_("A guardian is entered at a counter."))
    if user.pk in (principal.pk, agent.pk):
        raise PermissionDenied(_("You cannot enter a mandate of your own."))
    if len(evidence.strip()) < 5:
        raise ValidationError({"evidence": [_("Say which document showed the guardianship.")]})
    return _enter(
        actor, principal=principal, agent=agent, relation=Relation.GUARDIAN, services=services,
        valid_until=valid_until, accepted_at=timezone.now(), granted_by=user,
        evidence=evidence.strip()[:1000],
    )  # fmt: skip


@transaction.atomic
def accept_mandate(*, actor: Actor, mandate: PersonMandate) -> PersonMandate:
    """The principal agrees to what was asked of them."""
    mandate = _locked(mandate)
    if actor.user is None or mandate.principal_id != actor.user.pk:
        raise PermissionDenied(_("Only the person concerned may agree to this."))
    if mandate.ended_at or mandate.accepted_at:
        raise ValidationError(_("This was settled already."))
    mandate.accepted_at = timezone.now()
    mandate.save(update_fields=["accepted_at"])
    record_audit(actor=actor, verb="person_mandate.accept", obj=mandate)
    return mandate


@transaction.atomic
def end_person_mandate(*, actor: Actor, mandate: PersonMandate) -> PersonMandate:
    """Declined, revoked or given up: from this moment the agent may nothing."""
    mandate = _locked(mandate)
    if not _may_end(actor.user, mandate):
        raise PermissionDenied(_("A guardianship is ended at a counter."))
    if mandate.ended_at:
        raise ValidationError(_("This was settled already."))
    _end(actor, mandate)
    return mandate


@transaction.atomic
def renew_mandate(*, actor: Actor, mandate: PersonMandate) -> PersonMandate:
    """Whoever gave it lets it hold a year from today, also when it ran out: what was filed under it
    stays in the agent's hands.
    """
    mandate, today = _locked(mandate), timezone.localdate()
    if actor.user is None or mandate.principal_id != actor.user.pk:
        raise PermissionDenied(_("Only the person concerned may agree to this."))
    if mandate.relation == Relation.GUARDIAN:
        raise PermissionDenied(_("A guardian is entered at a counter."))
    if mandate.ended_at or mandate.accepted_at is None:
        raise ValidationError(_("This was settled already."))
    before, until = mandate.valid_until, today + timedelta(days=RENEWED_DAYS)
    if before >= until:
        raise ValidationError(_("It holds longer than that already."))
    mandate.valid_until = until
    mandate.save(update_fields=["valid_until"])
    record_audit(
        actor=actor, verb="person_mandate.renew", obj=mandate, before={"valid_until": before},
        after={"valid_until": until},
    )  # fmt: skip
    return mandate


def _may_end(user, mandate: PersonMandate) -> bool:
    if user is None:
        return False
    if mandate.relation == Relation.GUARDIAN and mandate.agent_id != user.pk:
        return user.kind in (User.Kind.OFFICIAL, User.Kind.ADMIN)
    return user.pk in (mandate.principal_id, mandate.agent_id)


def _locked(mandate: PersonMandate) -> PersonMandate:
    return PersonMandate.objects.select_for_update().get(pk=mandate.pk)


def _given(relation: str) -> str:
    if relation not in Relation.values or relation == Relation.GUARDIAN:
        raise ValidationError({"relation": [_("Choose what you are to each other.")]})
    return relation


def _end(actor: Actor, mandate: PersonMandate) -> None:
    mandate.ended_at, mandate.ended_by = timezone.now(), actor.user
    mandate.save(update_fields=["ended_at", "ended_by"])
    record_audit(actor=actor, verb="person_mandate.end", obj=mandate)


def _enter(actor: Actor, *, principal, agent, services, valid_until, **terms) -> PersonMandate:
    today = timezone.localdate()
    valid_until = valid_until or today + timedelta(days=365)
    if principal.pk == agent.pk:
        raise ValidationError({"number": [_("You need no mandate for yourself.")]})
    if not today <= valid_until <= today + timedelta(days=LONGEST_DAYS):
        raise ValidationError({"valid_until": [_("Choose a day from today to five years ahead.")]})
    between = PersonMandate.objects.select_for_update().filter(
        principal=principal, agent=agent, ended_at=None
    )
    for old in between:
        # What holds is never swept away by a mere wish; an expired one makes room.
        if terms["accepted_at"] is None and old.valid_until >= today:
            raise ValidationError(_("You asked for this already, or you may act for this person."))
        if old.relation == Relation.GUARDIAN and terms["relation"] != Relation.GUARDIAN:
            raise ValidationError(_("This person is entered as a guardian at a counter."))
        _end(actor, old)
    mandate = PersonMandate(
        principal=principal, agent=agent, services=list(services)[:100],
        valid_from=today, valid_until=valid_until, **terms,
    )  # fmt: skip
    try:
        with transaction.atomic():
            mandate.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("This was settled already.")) from None
    record_audit(
        actor=actor,
        verb="person_mandate.give" if mandate.accepted_at else "person_mandate.ask",
        obj=mandate,
        after={"relation": mandate.relation, "services": mandate.services,
               "valid_until": valid_until},
    )  # fmt: skip
    return mandate
