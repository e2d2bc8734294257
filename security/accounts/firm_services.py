"""Writes of a firm's identity and its members: bound by the business register, given, suspended,
ended. Refusals are ValidationError, at a field where one is to blame, and PermissionDenied.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from security import identifiers
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Region

from .firm_guard import require_manager
from .firm_roles import LEGAL, last_day
from .models import Firm, FirmAgent, FirmRegistration, User
from .selectors import (
    firm_by_credit_code,
    firm_mandates,
    identity_of,
    registration_of,
    represented,
)
from .services import create_firm, grant_mandate


@transaction.atomic
def bind_firm(*, actor: Actor, credit_code: str, name: str) -> FirmAgent:
    """The person becomes the firm's legal representative, as the business register has it.

    Raises ValidationError at `credit_code` or `name`; at `representative` when the register names
    somebody else.
    """
    entry = _entry(credit_code, name)
    identity = identity_of(actor.user)
    if identity is None:
        verify = _("Verify your identity first, under “My data”.")
        raise ValidationError({"representative": [verify]})
    if identity.citizen_number_index != entry.representative_index:
        other = _("The register names somebody else as the legal representative.")
        raise ValidationError({"representative": [other]})
    return make_representative(actor=actor, entry=entry, user=actor.user)


def _entry(credit_code: str, name: str) -> FirmRegistration:
    problem = identifiers.credit_code_problem(credit_code)
    if problem:
        raise ValidationError({"credit_code": [problem]})
    entry = registration_of(credit_code)
    if entry is None:
        raise ValidationError({"credit_code": [_("The business register has no such code.")]})
    if "".join(name.split()) != "".join(entry.name.split()):
        raise ValidationError({"name": [_("The name does not match the business register.")]})
    if entry.state == FirmRegistration.State.DISSOLVED:
        raise ValidationError({"credit_code": [_("This firm is dissolved.")]})
    return entry


@transaction.atomic
def make_representative(*, actor: Actor, entry: FirmRegistration, user: User) -> FirmAgent:
    """`user` is the firm's legal representative from now on; whoever was before is no longer.

    A representative's mandate has no end of its own: it follows the register.
    """
    firm = firm_by_credit_code(entry.credit_code) or create_firm(
        actor=actor, name=entry.name, credit_code=entry.credit_code, region=entry.region
    )
    Firm.objects.select_for_update().get(pk=firm.pk)
    earlier = FirmAgent.objects.filter(firm=firm, role=LEGAL, ended_at=None).exclude(user=user)
    for mandate in earlier:
        _end(actor, mandate)
    _forget(user)
    return grant_mandate(actor=actor, firm=firm, user=user, role=LEGAL)


@transaction.atomic
def found_firm(
    *, actor: Actor, credit_code: str, name: str, region: Region, user: User
) -> FirmAgent:
    """Enter a firm that the business register does not know, with `user` as its representative;
    once the register knows it, its entry says who that is.

    Raises ValidationError at `credit_code` when the register has it or somebody represents it.
    """
    if registration_of(credit_code) is not None:
        known = _("The business register knows this firm by now.")
        raise ValidationError({"credit_code": [known]})
    firm = firm_by_credit_code(credit_code) or create_firm(
        actor=actor, name=name, credit_code=credit_code, region=region
    )
    Firm.objects.select_for_update().get(pk=firm.pk)
    if represented(firm):
        raise ValidationError({"credit_code": [_("Somebody represents this firm already.")]})
    _forget(user)
    return grant_mandate(actor=actor, firm=firm, user=user, role=LEGAL)


@transaction.atomic
def give_firm_mandate(
    *, actor: Actor, firm: Firm, user: User, role: str, valid_until: date | None, services=()
) -> FirmAgent:
    """A member who manages the firm's members gives `user` a role until `valid_until`."""
    known = FirmAgent.objects.select_for_update().filter(firm=firm, user=user, ended_at=None)
    held = known.first()
    require_manager(actor, firm, role, *([held.role] if held else []))
    today = timezone.localdate()
    if valid_until is None or not today <= valid_until <= last_day(today):
        raise ValidationError({"valid_until": [_("Choose a day from today to three years ahead.")]})
    _forget(user)
    return grant_mandate(
        actor=actor, firm=firm, user=user, role=role, valid_until=valid_until, services=services
    )


@transaction.atomic
def suspend_firm_mandate(*, actor: Actor, mandate: FirmAgent, is_suspended: bool) -> FirmAgent:
    """From this moment the member may nothing, or may again what the mandate says."""
    mandate = _locked(mandate)
    require_manager(actor, mandate.firm, mandate.role)
    mandate.suspended_at = timezone.now() if is_suspended else None
    mandate.save(update_fields=["suspended_at"])
    verb = "mandate.suspend" if is_suspended else "mandate.resume"
    record_audit(actor=actor, verb=verb, obj=mandate)
    _forget(mandate.user)
    return mandate


@transaction.atomic
def end_firm_mandate(*, actor: Actor, mandate: FirmAgent) -> FirmAgent:
    """The member is one no longer, from this moment: removed, or by their own wish. The last legal
    representative stays: a firm always has somebody who answers for it.
    """
    mandate = _locked(mandate)
    if mandate.role == LEGAL and not _has_another_representative(mandate):
        raise ValidationError(_("The last legal representative cannot be removed."))
    if actor.user is None or actor.user.pk != mandate.user_id:
        require_manager(actor, mandate.firm, mandate.role)
    _end(actor, mandate)
    return mandate


def _has_another_representative(mandate: FirmAgent) -> bool:
    others = firm_mandates().filter(firm=mandate.firm, role=LEGAL)
    return others.exclude(pk=mandate.pk).exists()


def _locked(mandate: FirmAgent) -> FirmAgent:
    # The firm's row first: two representatives who remove one another do so one after the other.
    Firm.objects.select_for_update().get(pk=mandate.firm_id)
    found = FirmAgent.objects.select_for_update(of=("self",)).select_related("firm", "user")
    mandate = found.get(pk=mandate.pk)
    if mandate.ended_at:
        raise ValidationError(_("This was settled already."))
    return mandate


@transaction.atomic
def change_registration(
    *, actor: Actor, entry: FirmRegistration, state: str | None = None,
    representative: tuple[str, str] | None = None,
) -> FirmRegistration:  # fmt: skip
    """The market organ changes the register: the firm is dissolved, or somebody else (name, number)
    represents it. A firm that is dissolved applies for nothing from this moment.
    """
    before = {"state": entry.state}
    if state:
        entry.state = state
    if representative:
        entry.representative, entry.representative_number = representative
    entry.save()
    firm = firm_by_credit_code(entry.credit_code)
    if firm is not None and state:
        is_dissolved = state == FirmRegistration.State.DISSOLVED
        firm.dissolved_on = timezone.localdate() if is_dissolved else None
        firm.save(update_fields=["dissolved_on"])
    if firm is not None and representative:
        _end_whom_the_register_no_longer_names(actor, firm, entry)
    record_audit(
        actor=actor, verb="registration.change", obj=entry, before=before,
        after={"state": entry.state, "representative": bool(representative)},
    )  # fmt: skip
    return entry


def _end_whom_the_register_no_longer_names(actor, firm: Firm, entry: FirmRegistration) -> None:
    for mandate in FirmAgent.objects.filter(firm=firm, role=LEGAL, ended_at=None):
        identity = identity_of(mandate.user)
        if identity is None or identity.citizen_number_index != entry.representative_index:
            _end(actor, mandate)


def _end(actor: Actor, mandate: FirmAgent) -> None:
    mandate.ended_at = timezone.now()
    mandate.save(update_fields=["ended_at"])
    record_audit(actor=actor, verb="mandate.end", obj=mandate, after={"ended_at": mandate.ended_at})
    _forget(mandate.user)


def _forget(user: User) -> None:
    """What this object remembers of its mandates is out of date."""
    user.__dict__.pop("_firm_mandates", None)
