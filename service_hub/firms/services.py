"""A firm's members: bound, invited, changed, suspended, removed, with the letters that go with it.

The mandates themselves belong to the security base. Whoever is removed can do nothing from that
moment; what they had begun for the firm goes on in the hands of whoever removed them.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms.handing import hand_over_drafts
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from platform_core.common.outbox.services import send
from security.accounts import firm_services
from security.accounts.firm_guard import require_manager
from security.accounts.firm_roles import LEGAL, last_day
from security.accounts.models import FirmAgent
from security.accounts.selectors import (
    managers_of,
    numbers_index,
    people_with,
)
from security.audit.services import record_audit

from . import letters
from .guard import require_invited
from .history import note
from .models import FirmInvitation

TRIES = (20, 3600)
BINDINGS = (10, 3600)
INVITATION_DAYS = 14
EXPIRY = "firms.expiry"
DAYS_BEFORE = (30, 7)
RENEWED_FOR = timedelta(days=365)


@transaction.atomic
def bind(*, actor, credit_code: str, name: str) -> FirmAgent:
    """The person binds the firm whose legal representative the business register says they are.

    Raises Unusable at `credit_code`, `name` or `representative`.
    """
    if not is_within(f"bind-firm:{actor.user.pk}", *BINDINGS):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))
    mandate = _refusing(firm_services.bind_firm, actor=actor, credit_code=credit_code, name=name)
    note(mandate.firm, "bound", actor=actor, subject=actor.user)
    return mandate


@transaction.atomic
def invite_member(
    *, actor, firm, name: str, number: str = "", role: str, services=(), valid_until: date
) -> FirmInvitation:
    """Ask a person to be a member. With a number they are told, when they have an account; the link
    of the invitation can be given to them in any case.

    Raises Unusable with what is wrong, NotAllowed when the actor may not give this role.
    """
    if not is_within(f"invite:{actor.user.pk}", *TRIES):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))
    _refusing(require_manager, *(actor, firm, role))
    errors, index, name = {}, "", " ".join(name.split())
    if not 2 <= len(name) <= 50:
        errors["name"] = [_("Enter the name as it stands on the identity card.")]
    if number.strip():
        index = numbers_index(number) or ""
        if not index:
            errors["number"] = [_("This is neither a citizen number nor a mobile number.")]
    today = timezone.localdate()
    if valid_until is None or not today <= valid_until <= last_day(today):
        errors["valid_until"] = [_("Choose a day from today to three years ahead.")]
    if errors:
        raise Unusable(errors)
    invitation = FirmInvitation.objects.create(
        firm=firm, role=role, services=list(services)[:100], valid_until=valid_until, name=name,
        number=number.strip(), number_index=index, token=secrets.token_urlsafe(24), by=actor.user,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )  # fmt: skip
    record_audit(actor=actor, verb="firm.invite", obj=invitation, after={"role": role})
    note(firm, "invited", actor=actor, name=name)
    for person in people_with(index, name):
        letters.tell(
            person, "invited", actor=actor, firm=firm, day=valid_until, dedupe=str(invitation.pk),
            link=letters.link_of(invitation),
        )  # fmt: skip
    return invitation


@transaction.atomic
def settle_invitation(*, actor, invitation: FirmInvitation, is_accepted: bool) -> FirmInvitation:
    """The person named accepts or declines. Raises Conflict when it is settled or run out, and
    NotAllowed for anybody else.
    """
    invitation = _open(invitation)
    require_invited(actor.user, invitation)
    by, firm = invitation.by, invitation.firm
    if is_accepted:
        # Given in the name of whoever invited, who must still be one to give it.
        mandate = _refusing(
            firm_services.give_firm_mandate,
            actor=type(actor).of(by), firm=firm, user=actor.user, role=invitation.role,
            valid_until=invitation.valid_until, services=invitation.services,
        )  # fmt: skip
        _remind_of_expiry(mandate)
    _settle(actor, invitation, "accepted" if is_accepted else "declined")
    kind = "joined" if is_accepted else "declined"
    note(firm, kind, actor=actor, subject=actor.user)
    letters.tell(
        by, kind, actor=actor, firm=firm, name=invitation.name, day=invitation.valid_until,
        dedupe=str(invitation.pk), link=letters.members_link(),
    )  # fmt: skip
    return invitation


@transaction.atomic
def revoke_invitation(*, actor, invitation: FirmInvitation) -> FirmInvitation:
    """A manager takes an unanswered invitation back."""
    invitation = _open(invitation)
    _refusing(require_manager, *(actor, invitation.firm, invitation.role))
    note(invitation.firm, "revoked", actor=actor, name=invitation.name)
    return _settle(actor, invitation, "revoked")


def _open(invitation: FirmInvitation) -> FirmInvitation:
    found = FirmInvitation.objects.select_for_update(of=("self",)).select_related("firm", "by")
    found = found.get(pk=invitation.pk)
    if found.settled_at or found.expires_at <= timezone.now():
        raise Conflict(_("This invitation no longer holds."))
    return found


def _settle(actor, invitation: FirmInvitation, outcome: str) -> FirmInvitation:
    invitation.settled_at, invitation.outcome = timezone.now(), outcome
    invitation.save(update_fields=["settled_at", "outcome"])
    record_audit(actor=actor, verb="firm.invitation", obj=invitation, after={"outcome": outcome})
    return invitation


@transaction.atomic
def change_member(
    *, actor, mandate: FirmAgent, role: str, services=(), valid_until: date | None
) -> FirmAgent:
    """Another role, other services, or a later end: also how a mandate is renewed."""
    if mandate.role == LEGAL:
        raise NotAllowed(_("The mandate of a legal representative follows the register."))
    was_suspended = mandate.suspended_at
    mandate = _refusing(
        firm_services.give_firm_mandate,
        actor=actor, firm=mandate.firm, user=mandate.user, role=role, services=services,
        valid_until=valid_until,
    )  # fmt: skip
    if was_suspended:
        _refusing(
            firm_services.suspend_firm_mandate, actor=actor, mandate=mandate, is_suspended=True
        )
    _remind_of_expiry(mandate)
    _note_and_tell(actor, mandate, "changed")
    return mandate


@transaction.atomic
def renew_member(*, actor, mandate: FirmAgent) -> FirmAgent:
    """The same role and services for a year from today; also of a mandate that is over."""
    until = timezone.localdate() + RENEWED_FOR
    if mandate.valid_until and mandate.valid_until >= until:
        raise Conflict(_("It holds longer than that already."))
    return change_member(
        actor=actor, mandate=mandate, role=mandate.role, services=mandate.services,
        valid_until=until,
    )  # fmt: skip


@transaction.atomic
def suspend_member(*, actor, mandate: FirmAgent, is_suspended: bool) -> FirmAgent:
    """The member may nothing for a while, or may again."""
    mandate = _refusing(
        firm_services.suspend_firm_mandate,
        actor=actor, mandate=mandate, is_suspended=is_suspended,
    )  # fmt: skip
    _note_and_tell(actor, mandate, "suspended" if is_suspended else "resumed")
    return mandate


@transaction.atomic
def end_member(*, actor, mandate: FirmAgent) -> FirmAgent:
    """The member is removed or leaves. Their drafts for the firm go to whoever removed them, else
    to a manager.
    """
    mandate = _refusing(firm_services.end_firm_mandate, actor=actor, mandate=mandate)
    heir = actor.user
    if heir.pk == mandate.user_id:
        heir = next(iter(managers_of(mandate.firm)), None)
    if heir is not None:
        hand_over_drafts(actor=actor, firm=mandate.firm, of=mandate.user, to=heir)
    _note_and_tell(actor, mandate, "ended")
    return mandate


def _note_and_tell(actor, mandate: FirmAgent, kind: str) -> None:
    event = note(mandate.firm, kind, actor=actor, subject=mandate.user)
    if mandate.user != actor.user:
        letters.tell(
            mandate.user, kind, actor=actor, firm=mandate.firm, day=mandate.valid_until,
            dedupe=str(event.pk), link=reverse("portal:me"),
        )  # fmt: skip


def _remind_of_expiry(mandate: FirmAgent) -> None:
    """Timers that tell the member and the managers before the mandate ends."""
    for days in DAYS_BEFORE:
        on = mandate.valid_until - timedelta(days=days)
        if on <= timezone.localdate():
            continue
        until = mandate.valid_until.isoformat()
        send(
            topic=EXPIRY,
            key=f"{EXPIRY}:{mandate.pk}:{until}:{days}",
            payload={"mandate": mandate.pk, "until": until, "days": days},
            due_at=timezone.make_aware(datetime.combine(on, time(9))),
        )


@transaction.atomic
def warn_of_expiry(*, actor, mandate_id: int, until: str, days: int) -> int:
    """Tell whom it concerns; nobody when the mandate was renewed or ended meanwhile."""
    mandate = FirmAgent.objects.filter(pk=mandate_id, ended_at=None, valid_until=until)
    mandate = mandate.select_related("firm", "user__identity").first()
    if mandate is None:
        return 0
    people = {one.pk: one for one in [mandate.user, *managers_of(mandate.firm)]}
    for person in people.values():
        letters.tell(
            person, "expiring", actor=actor, firm=mandate.firm, name=str(mandate.user),
            day=mandate.valid_until, dedupe=f"{mandate.pk}:{until}:{days}",
            link=letters.members_link(),
        )  # fmt: skip
    return len(people)


def _refusing(deed, *args, **named):
    try:
        return deed(*args, **named)
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            raise Unusable(
                {key: said for key, said in error.message_dict.items() if key != NON_FIELD_ERRORS}
            ) from None
        raise Conflict(error.messages[0]) from None
    except PermissionDenied as error:
        raise NotAllowed(str(error)) from None
