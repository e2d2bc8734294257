"""Somebody who did not sign in keeps what they began: a random cookie, of which only a hash is
stored."""

import hashlib
import secrets

from django.conf import settings

COOKIE = "gov_visitor"
KEPT_SECONDS = 30 * 24 * 3600
_TOKEN_LENGTH = 43


def visitor_key(request, *, create: bool = False) -> str:
    """The owner key of this visitor: 64 hex digits, or "" when there is none and `create` is false.

    With `create` a view must pass its response through `keep_visitor` so that the cookie is set.
    """
    token = getattr(request, "_new_visitor", "") or request.COOKIES.get(COOKIE, "")
    if len(token) != _TOKEN_LENGTH:
        if not create:
            return ""
        token = request._new_visitor = secrets.token_urlsafe(32)
    return hashlib.sha256(f"visitor:{token}".encode()).hexdigest()


def keep_visitor(request, response):
    """Set the cookie that `visitor_key(create=True)` made for this request; returns the
    response."""
    token = getattr(request, "_new_visitor", "")
    if token:
        response.set_cookie(
            COOKIE,
            token,
            max_age=KEPT_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
