"""Writes of claims: sent with a licence, proposed, accepted by a second person, or refused.

Whoever is accepted represents the firm until the business register has an entry of it.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.files.services import link_file
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from security import identifiers
from security.access import may
from security.accounts.firm_services import found_firm
from security.accounts.selectors import (
    firm_by_credit_code,
    identity_of,
    registration_of,
    represented,
)
from security.audit.services import record_audit
from service_hub.firms.history import note

from .letters import tell_claimant
from .models import FirmClaim
from .policies import SUBJECT
from .selectors import responsible

State = FirmClaim.State
TRIES = (10, 3600)
# Five working days, as for accepting an application (Administrative Licensing Law art. 32).
WORKING_DAYS = 5
LONGEST = 1000


@transaction.atomic
def send_claim(
    *, actor, credit_code: str, name: str, region, licence, at: datetime | None = None
) -> FirmClaim:
    """The person claims a firm; `licence` is the id of a file that they sent. The clock begins.

    Raises Unusable with what is wrong, Conflict after too many tries.
    """
    if not is_within(f"firm-claim:{actor.user.pk}", *TRIES):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))
    at, name = at or timezone.now(), " ".join(name.split())
    department = responsible(region) if region else None
    errors = _problems(actor.user, credit_code, name, department, licence)
    if errors:
        raise Unusable(errors)
    claim = FirmClaim(
        claimant=actor.user, name=name, credit_code=identifiers.normalise(credit_code),
        region=region, department=department, sent_at=at,
        due_at=workcalendar.if_known(workcalendar.due_at, at, WORKING_DAYS),
        warn_at=workcalendar.if_known(workcalendar.warn_at, at, WORKING_DAYS),
    )  # fmt: skip
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        raise Unusable({"credit_code": [_("You have sent this claim already.")]}) from None
    try:
        link_file(actor=actor, file_id=licence, subject_type=SUBJECT, subject_id=claim.pk)
    except Unusable as error:
        raise Unusable({"licence": error.errors[""]}) from None
    record_audit(actor=actor, verb="firm_claim.send", obj=claim)
    return claim


def _problems(user, credit_code: str, name: str, department, licence) -> dict[str, list[str]]:
    errors = {}
    if identity_of(user) is None:
        errors["identity"] = [_("Verify your identity first, under “My data”.")]
    if problem := identifiers.credit_code_problem(credit_code) or _taken(credit_code):
        errors["credit_code"] = [problem]
    if not 2 <= len(name) <= 200:
        errors["name"] = [_("Enter the name as it stands on the business licence.")]
    if department is None:
        errors["region"] = [_("No organ looks at claims there. Please call 12345.")]
    if not licence:
        errors["licence"] = [_("Attach the business licence.")]
    return errors


def _taken(credit_code: str) -> str:
    code = identifiers.normalise(credit_code)
    if registration_of(code) is not None:
        return _("The business register knows this firm. Bind it with code and name.")
    firm = firm_by_credit_code(code)
    if firm is not None and represented(firm):
        return _("Somebody represents this firm already. Ask them to invite you.")
    return ""


@transaction.atomic
def withdraw_claim(*, actor, claim: FirmClaim) -> FirmClaim:
    """The claimant takes it back while it is open."""
    claim = _open(claim)
    if not may(actor.user, "own", claim):
        raise NotAllowed(_("Only whoever sent it takes it back."))
    return _decided(actor, claim, State.WITHDRAWN)


@transaction.atomic
def propose_claim(*, actor, claim: FirmClaim) -> FirmClaim:
    """An official has compared the licence and proposes to accept; a second one decides."""
    claim = _handled(actor, claim)
    if claim.state != State.SENT:
        raise Conflict(_("Somebody else was faster. This is how it stands now."))
    claim.state, claim.proposed_by = State.PROPOSED, actor.user
    claim.save(update_fields=["state", "proposed_by"])
    record_audit(actor=actor, verb="firm_claim.propose", obj=claim)
    return claim


@transaction.atomic
def accept_claim(*, actor, claim: FirmClaim, at: datetime | None = None) -> FirmClaim:
    """A second official accepts: the firm is entered, the claimant represents it and is told.

    Raises Conflict when the register, or somebody else's claim, was faster.
    """
    claim = _handled(actor, claim)
    if claim.state != State.PROPOSED:
        raise Conflict(_("Somebody else was faster. This is how it stands now."))
    if not may(actor.user, "confirm", claim):
        raise NotAllowed(_("A reviewer of the organ who did not propose it accepts."))
    if not claim.claimant.is_active or identity_of(claim.claimant) is None:
        raise Conflict(_("The account of the claimant was closed."))
    try:
        mandate = found_firm(
            actor=actor, credit_code=claim.credit_code, name=claim.name, region=claim.region,
            user=claim.claimant,
        )  # fmt: skip
    except ValidationError as error:
        raise Conflict(error.messages[0]) from None
    claim = _decided(actor, claim, State.ACCEPTED, at=at)
    note(mandate.firm, "claimed", actor=actor, subject=claim.claimant)
    tell_claimant(claim, actor=actor)
    return claim


@transaction.atomic
def refuse_claim(*, actor, claim: FirmClaim, reason: str, at: datetime | None = None) -> FirmClaim:
    """An official refuses, with a reason that the claimant reads. Raises Unusable at "reason"."""
    claim = _handled(actor, claim)
    reason = reason.replace("\x00", "").strip()
    if not 5 <= len(reason) <= LONGEST:
        raise Unusable({"reason": [_("Give the reason. The person reads it.")]})
    claim.reason = reason
    claim = _decided(actor, claim, State.REFUSED, at=at)
    tell_claimant(claim, actor=actor)
    return claim


@transaction.atomic
def forget_claims(*, actor, user) -> int:
    """Take back the open claims of a person whose account closes; how many."""
    mine = list(FirmClaim.objects.select_for_update().filter(
        claimant=user, state__in=FirmClaim.OPEN
    ))  # fmt: skip
    for claim in mine:
        _decided(actor, claim, State.WITHDRAWN)
    return len(mine)


def _open(claim: FirmClaim) -> FirmClaim:
    found = FirmClaim.objects.select_for_update(of=("self",))
    claim = found.select_related("claimant", "region").get(pk=claim.pk)
    if claim.state not in FirmClaim.OPEN:
        raise Conflict(_("This was settled already."))
    return claim


def _handled(actor, claim: FirmClaim) -> FirmClaim:
    claim = _open(claim)
    if not may(actor.user, "handle", claim):
        raise NotAllowed(_("The organ that registers firms in that place looks at this."))
    return claim


def _decided(actor, claim: FirmClaim, state: str, *, at=None) -> FirmClaim:
    claim.state, claim.decided_by, claim.decided_at = state, actor.user, at or timezone.now()
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    record_audit(actor=actor, verb="firm_claim.decide", obj=claim, after={"state": state})
    return claim
