"""What the platform decides differently from allauth's defaults."""

from __future__ import annotations

import io

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from security.actors import Actor
from security.audit.services import record_audit, record_refusal
from security.crypto import seal, unseal

from . import guard, selectors
from .backends import AccountBackend

MFA_CONTEXT = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    """Counts tries before the hasher, and writes every sign-in, refusal and sign-out to the audit
    trail.
    """

    def get_client_ip(self, request) -> str:
        # Behind a Unix socket there is no address; the limits per account still hold.
        return guard.client_ip(request) or "::"

    def pre_authenticate(self, request, **credentials):
        account = selectors.account_key(credentials)
        if not guard.may_try(account, guard.client_ip(request)):
            record_refusal(
                actor=self._actor(request), verb="session.sign_in",
                obj=("security.user", account, ""), reason="locked",
            )  # fmt: skip
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user is None:
            return None
        # allauth also hands back people whose account is closed; they hear of a wrong password.
        if not AccountBackend().user_can_authenticate(user):
            self.authentication_failed(request, **credentials)
            return None
        guard.forgive(selectors.account_key(credentials), guard.client_ip(request))
        return user

    def authentication_failed(self, request, **credentials):
        record_refusal(
            actor=self._actor(request), verb="session.sign_in",
            obj=("security.user", selectors.account_key(credentials), ""), reason="password",
        )  # fmt: skip

    def login(self, request, user):
        super().login(request, user)
        record_audit(actor=self._actor(request, user), verb="session.sign_in", obj=user)

    def logout(self, request):
        if request.user.is_authenticated:
            record_audit(
                actor=self._actor(request, request.user), verb="session.sign_out", obj=request.user
            )
        super().logout(request)

    def _actor(self, request, user=None) -> Actor:
        return Actor.of(user, ip=guard.client_ip(request), request_id=request_id())


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors are sealed in the database; staff cannot drop theirs."""

    def encrypt(self, text: str) -> str:
        return seal(text, MFA_CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, MFA_CONTEXT)

    def can_delete_authenticator(self, authenticator) -> bool:
        return not authenticator.user.needs_second_factor

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, xmldecl=False, svgns=True)
        return picture.getvalue().decode()


def request_id() -> str:
    """The id that the request's log lines carry."""
    from structlog.contextvars import get_contextvars

    return str(get_contextvars().get("request_id", ""))
