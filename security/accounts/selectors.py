"""Reads of people, identities, firms and mandates."""

from __future__ import annotations

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import cache
from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, When
from django.utils import timezone

from security.crypto import blind_index
from security.identifiers import normalise

from . import demo
from .firm_roles import LEGAL, MANAGE, RIGHTS, allows
from .models import ApiToken, Firm, FirmAgent, FirmRegistration, Identity, PersonMandate, User


def identity_of(user) -> Identity | None:
    """The verified identity of `user`, or None; read once per user object."""
    if user is None or not user.is_authenticated:
        return None
    try:
        return user.identity
    except Identity.DoesNotExist:
        return None


def firm_mandates(today=None):
    """The mandates of firms that hold today."""
    today = today or timezone.localdate()
    return FirmAgent.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        valid_from__lte=today,
        suspended_at=None,
        ended_at=None,
    )


def only_representative_of(user) -> Firm | None:
    """A firm that would have no legal representative without this person; None when none would."""
    legal = firm_mandates().filter(role=FirmAgent.Role.LEGAL)
    others = legal.filter(firm=OuterRef("firm")).exclude(user=user)
    alone = legal.filter(user=user, firm__dissolved_on=None).exclude(Exists(others))
    found = alone.select_related("firm").first()
    return found.firm if found else None


def mandates_of(user) -> list[FirmAgent]:
    """The mandates of `user` that hold today, with their firms, by firm name; read once per user
    object.
    """
    if user is None or not user.is_authenticated:
        return []
    if not hasattr(user, "_firm_mandates"):
        valid = firm_mandates().filter(user=user).select_related("firm__region")
        user._firm_mandates = list(valid.order_by("firm__name", "pk"))
    return user._firm_mandates


def firms_of(user) -> list[Firm]:
    """The firms that `user` may act for today in any role, by name; read once per user object."""
    return [mandate.firm for mandate in mandates_of(user)]


def firms_with(user, right: str) -> list[Firm]:
    """The firms for which `user` may do `right` (see firm_roles) in some service."""
    return [one.firm for one in mandates_of(user) if _allows(one, right)]


def firm_mandate(user, firm) -> FirmAgent | None:
    """The mandate under which `user` acts for `firm` today, or None."""
    return next((one for one in mandates_of(user) if one.firm_id == firm.pk), None)


def may_for_firm(user, firm, right: str, service: str = "") -> bool:
    """Whether `user` may do `right` for `firm` in `service` at this moment; asks the database each
    time, so that a withdrawn mandate ends at once.
    """
    held = firm_mandates().filter(user=user, firm=firm).select_related("firm").first()
    return held is not None and _allows(held, right, service)


def services_limited_to(user, right: str) -> dict:
    """{firm id: [services "napp/item"]} of the firms where `user` may do `right` in some only."""
    return {
        one.firm_id: one.services
        for one in mandates_of(user)
        if one.services and _allows(one, right)
    }


def _allows(mandate: FirmAgent, right: str, service: str = "") -> bool:
    return allows(
        mandate.role, right, services=mandate.services, service=service,
        is_dissolved=mandate.firm.dissolved_on is not None,
    )  # fmt: skip


def members_of(firm):
    """Everybody whose mandate of the firm was not ended, representatives first, with their
    identities.
    """
    found = FirmAgent.objects.filter(firm=firm, ended_at=None).select_related("user__identity")
    order = [FirmAgent.Role.LEGAL, FirmAgent.Role.MANAGER, FirmAgent.Role.AGENT]
    rank = Choose(*(When(role=one, then=n) for n, one in enumerate(order)), default=len(order))
    return found.order_by(rank, "user__name", "pk")


def managers_of(firm) -> list[User]:
    """The people who may change the members of a firm today."""
    held = firm_mandates().filter(firm=firm).select_related("user")
    return [one.user for one in held if MANAGE in RIGHTS[one.role]]


def represented(firm) -> bool:
    """Whether the firm has a legal representative today."""
    return firm_mandates().filter(firm=firm, role=LEGAL).exists()


def registration_of(code: str) -> FirmRegistration | None:
    """The entry of the business register under this credit code, or None."""
    index = blind_index(normalise(code), "credit_code")
    return FirmRegistration.objects.filter(credit_code_index=index).select_related("region").first()


def registration_of_firm(firm) -> FirmRegistration | None:
    """The register's entry of a firm, or None."""
    found = FirmRegistration.objects.filter(credit_code_index=firm.credit_code_index)
    return found.select_related("region").first()


def firm_of(user, firm_id) -> Firm | None:
    """The firm with this id when `user` may act for it today, or None."""
    return next((firm for firm in firms_of(user) if str(firm.pk) == str(firm_id)), None)


def valid_mandates(today=None):
    """The mandates between people that hold today."""
    today = today or timezone.localdate()
    return PersonMandate.objects.filter(
        accepted_at__isnull=False,
        ended_at=None,
        valid_from__lte=today,
        valid_until__gte=today,
        principal__is_active=True,
        agent__is_active=True,
    )


def mandates_held(user, service: str = "") -> list[PersonMandate]:
    """For whom `user` may act today (in the service "napp/item"), by name of the principal."""
    if user is None or not user.is_authenticated:
        return []
    held = valid_mandates().filter(agent=user).select_related("principal__identity")
    found = list(held.order_by("principal__name", "pk"))
    return [one for one in found if one.covers(service)] if service else found


def mandate_holds(user, mandate: PersonMandate) -> bool:
    """Whether `user` may act under `mandate` at this moment; asks the database each time."""
    return user is not None and valid_mandates().filter(pk=mandate.pk, agent=user).exists()


def mandates_between(user):
    """All mandates that `user` gave or holds, newest first, those that wait for an answer too."""
    mine = PersonMandate.objects.filter(Q(principal=user) | Q(agent=user))
    return mine.select_related("principal__identity", "agent__identity").order_by("-asked_at")


def user_named(name: str, number: str) -> User | None:
    """The active person with this verified name and this citizen or mobile number, or None."""
    from security.identifiers import mobile_problem, plain_mobile

    people = User.objects.filter(is_active=True, kind=User.Kind.CITIZEN)
    if mobile_problem(number) is None:
        found = people.filter(phone_index=blind_index(plain_mobile(number), "mobile"))
    else:
        index = blind_index(normalise(number), "citizen_number")
        found = people.filter(identity__citizen_number_index=index)
    found = found.select_related("identity").order_by("pk")
    plain = "".join(name.split())
    return next((one for one in found if plain and _called(one) == plain), None)


def user_with_number(citizen_number: str) -> User | None:
    """The active account for which this citizen number is verified, or None."""
    index = blind_index(citizen_number, "citizen_number")
    found = User.objects.filter(identity__citizen_number_index=index, is_active=True)
    return found.select_related("identity").first()


def numbers_index(number: str) -> str | None:
    """The keyed index of a mobile or citizen number as it was typed; None when it is neither."""
    from security.identifiers import (
        citizen_number_problem,
        mobile_problem,
        plain_mobile,
    )

    if mobile_problem(number) is None:
        return blind_index(plain_mobile(number), "mobile")
    if citizen_number_problem(normalise(number)) is None:
        return blind_index(normalise(number), "citizen_number")
    return None


def number_indexes(user) -> set[str]:
    """The keyed indexes of this person's own verified numbers."""
    identity = identity_of(user)
    # Whoever registers with another person's number is not that person.
    has_mobile = user.out_of_use.get("sms") != User.Unused.UNPROVED
    found = {
        user.phone_index if has_mobile else None,
        identity.citizen_number_index if identity else None,
    }
    return {one for one in found if one}


def is_person_with(user, index: str, name: str) -> bool:
    """Whether `user` has this citizen number, or this mobile number and this verified name."""
    if not index or index not in number_indexes(user):
        return False
    identity = identity_of(user)
    if identity is None:
        return False
    return index == identity.citizen_number_index or _called(user) == "".join(name.split())


def people_with(index: str, name: str) -> list[User]:
    """The active citizens whom `is_person_with` lets through."""
    if not index:
        return []
    found = User.objects.filter(
        Q(phone_index=index) | Q(identity__citizen_number_index=index), is_active=True
    )
    people = found.select_related("identity").order_by("pk")[:10]
    return [one for one in people if is_person_with(one, index, name)]


def _called(user) -> str:
    identity = identity_of(user)
    return "".join((identity.real_name if identity else user.name).split())


def active_person(user_id) -> User | None:
    """The person with this id, unless the account is closed."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def firm_by_credit_code(code: str) -> Firm | None:
    """The firm with this unified social credit code, or None."""
    return Firm.objects.filter(credit_code_index=blind_index(code, "credit_code")).first()


def profile_answers(user, firm: Firm | None = None) -> dict[str, str]:
    """What is already known and need not be asked again, in plain text, for the person's own forms.

    Keys: name, citizen_number, mobile, email; with a firm also firm_name, credit_code, firm_region
    (region code). Only what is known is present.
    """
    if user is None or not user.is_authenticated:
        return {}
    identity = identity_of(user)
    known = {
        "name": identity.real_name if identity else user.name,
        "citizen_number": identity.citizen_number if identity else "",
        "mobile": user.phone,
        "email": user.email,
    }
    if firm:
        known |= {
            "firm_name": firm.name,
            "credit_code": firm.credit_code,
            "firm_region": firm.region.code if firm.region_id else "",
        }
    return {key: value for key, value in known.items() if value}


def account_key(credentials: dict) -> str:
    """A name for the account that these credentials try: its number, or what was typed when there
    is none.

    User name and e-mail of one account lead to the same name, so switching between them gains
    nothing.
    """
    typed = str(credentials.get("username") or credentials.get("email") or "").strip().lower()
    found = (
        User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)) if typed else None
    )
    number = None if found is None else found.order_by("pk").values_list("pk", flat=True).first()
    return str(number) if number else blind_index(typed, "sign-in")[:16]


def has_authenticator(user) -> bool:
    """Whether the person has set up an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def tokens_of(user):
    """The person's API tokens that still work, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())


def token_with_digest(digest: str) -> ApiToken | None:
    """The working token with this digest, with its active person, or None."""
    working = ApiToken.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
    return working.filter(digest=digest, user__is_active=True).select_related("user").first()


def people_found(text: str = "", *, kind: str = ""):
    """People by a part of the user name, name or e-mail, or by a whole mobile number; for
    administrators.
    """
    found = User.objects.all()
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(
            Q(username__icontains=text)
            | Q(name__icontains=text)
            | Q(email__iexact=text)
            | Q(phone_index=blind_index(text, "mobile"))
        )
    return found.order_by("username")


def demo_accounts() -> list[dict]:
    """The accounts that the sign-in page of a demonstration offers: title, name, username,
    password.
    """
    if not settings.DEMO:
        return []
    made = set(User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
    return [
        {
            "title": person.says, "name": person.name,
            "username": person.username, "password": demo.PASSWORD,
        }
        for person in demo.people()
        if person.says and person.username in made
    ]  # fmt: skip


def demo_second_factor(user) -> str:
    """The code that a demonstration person's authenticator app would show now; "" for everybody
    else.

    A code works once. Because many visitors share one demonstration person, a code that was used
    is made good again when it is shown.
    """
    if not settings.DEMO or user is None or not getattr(user, "is_demo", False):
        return ""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(demo.secret_of(user.username), counter))
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is None:
        return ""
    cache.delete(totp.TOTP(authenticator)._get_used_cache_key(code))
    return code


def demo_code(request) -> str:
    """`demo_second_factor` for whoever is signing in, or confirming who they are, in this
    request.
    """
    if request.user.is_authenticated:
        return demo_second_factor(request.user)
    stage = get_pending_stage(request)
    return demo_second_factor(stage.login.user) if stage else ""
