"""Reads of people, identities, firms and mandates."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from security.crypto import blind_index

from .models import ApiToken, Firm, FirmAgent, Identity, User


def identity_of(user) -> Identity | None:
    """The verified identity of `user`, or None; read once per user object."""
    if user is None or not user.is_authenticated:
        return None
    return Identity.objects.filter(user=user).first() if not _loaded(user) else _loaded(user)[0]


def mandates_of(user) -> list[FirmAgent]:
    """The mandates of `user` that are valid today, with their firms, by firm name."""
    if user is None or not user.is_authenticated:
        return []
    today = timezone.localdate()
    valid = FirmAgent.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today), user=user, valid_from__lte=today
    )
    return list(valid.select_related("firm__region").order_by("firm__name", "pk"))


def firms_of(user) -> list[Firm]:
    """The firms that `user` may act for today, by name."""
    return [mandate.firm for mandate in mandates_of(user)]


def firm_of(user, firm_id) -> Firm | None:
    """The firm with this id when `user` may act for it today, or None."""
    return next((firm for firm in firms_of(user) if str(firm.pk) == str(firm_id)), None)


def user_by_phone(number: str) -> User | None:
    """The active person who registered this mobile number, or None."""
    from security.identifiers import plain_mobile

    index = blind_index(plain_mobile(number), "mobile")
    return User.objects.filter(phone_index=index, is_active=True).order_by("pk").first()


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


def tokens_of(user):
    """The person's API tokens that still work, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())


def people_found(text: str = "", *, kind: str = ""):
    """People by a part of the user name, name or e-mail, or by a whole mobile number; for administrators."""
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


def _loaded(user) -> list[Identity] | None:
    """The identity that was already loaded with the user, as a list of one (or of None)."""
    if Identity.user.field.remote_field.get_cache_name() in user._state.fields_cache:
        return [user._state.fields_cache[Identity.user.field.remote_field.get_cache_name()]]
    return None
