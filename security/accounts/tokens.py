"""API tokens: how a program shows for whom it asks."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header

from . import selectors

KEYWORD = "Token"


def new_secret() -> str:
    """A token of 256 random bits."""
    return f"gov_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    """What is kept of a token.

    It is random enough that a plain hash cannot be reversed by trying.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenAuthentication(BaseAuthentication):
    """`Authorization: Token gov_…`.

    Works until the token ends, is revoked, or its person may not sign in.
    """

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != KEYWORD.lower().encode():
            return None
        if len(words) != 2:
            raise exceptions.AuthenticationFailed(
                _("Send the token as: Authorization: Token <token>")
            )
        token = selectors.token_with_digest(digest_of(words[1].decode("latin-1")))
        if token is None or (token.user.is_demo and not settings.DEMO):
            raise exceptions.AuthenticationFailed(
                _("The token is unknown, has ended or was revoked.")
            )
        return token.user, token

    def authenticate_header(self, request) -> str:
        return KEYWORD


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """Describes the tokens in the OpenAPI document."""

    target_class = ApiTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "Authorization: Token <token>, issued at /api/v1/tokens/",
        }  # fmt: skip
