"""Writes of people, identities, firms and mandates."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from security import identifiers
from security.actors import Actor
from security.audit.services import record_audit
from security.crypto import blind_index
from security.organs.models import Region
from security.organs.selectors import region_exists_between

from .models import Firm, FirmAgent, Identity, User
from .rules import follow_kind

ACTING_FIRM = "acting_firm"
# Sent inside the transaction, with `identity` and `actor`: platforms above may know the number.
identity_verified = Signal()


@transaction.atomic
def register_citizen(
    *,
    actor: Actor,
    username: str,
    email: str,
    password: str | None,
    name: str = "",
    phone: str = "",
    is_demo: bool = False,
    is_proved: bool = True,
) -> User:
    """A person opens an account. A mobile number is kept sealed and without country code.

    With `is_proved` False nothing is sent to either address before its owner has proved it.
    """
    user = User(username=username, email=email, name=name, kind=User.Kind.CITIZEN, is_demo=is_demo)
    user.phone = _usable_mobile(phone)
    if not is_proved:
        channels = [one for one in ("email", "sms") if user.own_address(one)]
        user.out_of_use = dict.fromkeys(channels, User.Unused.UNPROVED.value)
    user.set_password(password)
    user.full_clean()
    _insert(user, {"username": [_("This user name is taken.")]})
    record_audit(actor=actor, verb="user.register", obj=user, after={"kind": user.kind})
    return user


@transaction.atomic
def create_staff(
    *,
    actor: Actor,
    username: str,
    email: str,
    password: str | None,
    name: str,
    kind: str,
    is_demo: bool = False,
) -> User:
    """An account for a civil servant, an administrator or an auditor; without a password until it
    is reset.

    Administrators and auditors enter the admin site; only administrators have all rights there.
    """
    user = User(username=username, email=email, name=name, kind=kind, is_demo=is_demo)
    follow_kind(user)
    user.set_password(password)
    user.full_clean()
    _insert(user, {"username": [_("This user name is taken.")]})
    record_audit(actor=actor, verb="user.create", obj=user, after={"kind": kind})
    return user


@transaction.atomic
def change_profile(*, actor: Actor, user: User, name: str) -> User:
    """The person changes their name. Addresses change in `channel_services`, once proved."""
    before = {"name": user.name}
    user.name = name
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name"])
    record_audit(
        actor=actor, verb="user.change", obj=user, before=before, after={"name": user.name}
    )
    return user


@transaction.atomic
def verify_identity(
    *, actor: Actor, user: User, real_name: str, citizen_number: str, source: str = "self"
) -> Identity:
    """Bind a real name and citizen number to the account. Raises ValidationError at the wrong
    field.

    A number belongs to one account only; the answer does not say to whose. An identity that is
    bound stays: otherwise an account could change into somebody else with all its cases.
    """
    if Identity.objects.filter(user=user).exists():
        stays = _("Your identity is bound already. To correct it, go to a counter or call 12345.")
        raise ValidationError({"citizen_number": [stays]})
    errors = {}
    real_name = " ".join(real_name.split())
    number = identifiers.normalise(citizen_number)
    if not 2 <= len(real_name) <= 50:
        errors["real_name"] = [_("Enter your name as it stands on the identity card.")]
    problem = identifiers.citizen_number_problem(number, region_exists=_area_was_in_force(number))
    if problem:
        errors["citizen_number"] = [problem]
    if errors:
        raise ValidationError(errors)
    identity = Identity(
        user=user, real_name=real_name, citizen_number=number,
        verified_at=timezone.now(), source=source,
    )  # fmt: skip
    taken = _("This number is already bound to another account. Sign in there or call 12345.")
    _insert(identity, {"citizen_number": [taken]})
    if not user.name:
        user.name = real_name
        user.save(update_fields=["name"])
    record_audit(
        actor=actor, verb="identity.verify", obj=identity,
        after={"real_name": real_name, "citizen_number": number, "source": source},
    )  # fmt: skip
    identity_verified.send(sender=Identity, identity=identity, actor=actor)
    return identity


@transaction.atomic
def correct_real_name(*, actor: Actor, identity: Identity, real_name: str) -> Identity:
    """Put a verified name right, on a request that two people decided on; the name by which the
    account is called follows where it was the same. Raises ValidationError at `real_name`.
    """
    real_name = " ".join(real_name.split())
    if not 2 <= len(real_name) <= 50:
        said = _("Enter your name as it stands on the identity card.")
        raise ValidationError({"real_name": [said]})
    user = User.objects.select_for_update().get(pk=identity.user_id)
    before = identity.real_name
    identity.real_name = real_name
    identity.save(update_fields=["real_name"])
    if user.name == before:
        user.name = real_name
        user.save(update_fields=["name"])
    record_audit(
        actor=actor, verb="identity.correct", obj=identity,
        before={"real_name": before}, after={"real_name": real_name},
    )  # fmt: skip
    return identity


@transaction.atomic
def create_firm(*, actor: Actor, name: str, credit_code: str, region: Region | None = None) -> Firm:
    """Enter a firm under its unified social credit code.

    Raises ValidationError at the wrong field.
    """
    code = identifiers.normalise(credit_code)
    errors = {}
    if not name.strip():
        errors["name"] = [_("Enter the name as it stands on the business licence.")]
    problem = identifiers.credit_code_problem(code)
    if problem:
        errors["credit_code"] = [problem]
    elif Firm.objects.filter(credit_code_index=blind_index(code, "credit_code")).exists():
        errors["credit_code"] = [_("A firm with this code is already entered.")]
    if errors:
        raise ValidationError(errors)
    firm = Firm(name=name.strip(), credit_code=code, region=region)
    _insert(firm, {"credit_code": [_("A firm with this code is already entered.")]})
    record_audit(
        actor=actor, verb="firm.create", obj=firm,
        after={"name": firm.name, "credit_code": code, "region": region},
    )  # fmt: skip
    return firm


@transaction.atomic
def grant_mandate(
    *,
    actor: Actor,
    firm: Firm,
    user: User,
    role: str = FirmAgent.Role.AGENT,
    valid_from: date | None = None,
    valid_until: date | None = None,
    services=(),
) -> FirmAgent:
    """`user` may act for `firm` from `valid_from` (today) until the end of `valid_until` (open), in
    `services` ("napp/item") or in all.
    """
    terms = {
        "role": role,
        "valid_from": valid_from or timezone.localdate(),
        "valid_until": valid_until,
        "services": list(services)[:100],
        "suspended_at": None,
        "ended_at": None,
    }
    mandate, _is_new = FirmAgent.objects.update_or_create(firm=firm, user=user, defaults=terms)
    record_audit(
        actor=actor, verb="mandate.grant", obj=mandate, after={"firm": firm, "user": user, **terms}
    )
    return mandate


@transaction.atomic
def choose_firm(*, actor: Actor, session, firm: Firm | None) -> None:
    """From now on the person acts for `firm` in this session, or for themselves when it is None.

    Every request checks the mandate again, so ending one takes effect at once.
    """
    if firm is None:
        session.pop(ACTING_FIRM, None)
        return
    session[ACTING_FIRM] = str(firm.pk)
    record_audit(actor=actor, verb="firm.act_for", obj=firm)


def _insert(row, taken: dict[str, list[str]]) -> None:
    """Insert `row`; whoever was a moment later than somebody else hears `taken`."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(taken) from None


def _usable_mobile(phone: str) -> str:
    if not phone.strip():
        return ""
    problem = identifiers.mobile_problem(phone)
    if problem:
        raise ValidationError({"phone": [problem]})
    return identifiers.plain_mobile(phone)


def _area_was_in_force(number: str):
    """Checks areas of Zhejiang against the register; numbers from before its record began pass."""
    born = identifiers.birth_on(number)

    def was_in_force(code: str) -> bool:
        if not born or not code.startswith("33") or not Region.objects.filter(level=3).exists():
            return True
        return born < RECORD_BEGINS or region_exists_between(code, born, timezone.localdate())

    return was_in_force


# Divisions before this day are not in the register (see organs/data); older numbers pass.
RECORD_BEGINS = date(2018, 1, 1)
