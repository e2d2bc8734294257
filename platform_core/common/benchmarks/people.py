"""Headers of signed-in people, so that a measured request carries a real session and CSRF check."""

from __future__ import annotations

from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from django.utils.crypto import get_random_string

FORM = "application/x-www-form-urlencoded"


def headers_of(user) -> dict[str, str]:
    """Cookies of a new session of `user`, the second factor of staff included, and a CSRF token."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    now = timezone.now().timestamp()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "username": user.username},
        {"method": "mfa", "at": now, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    token = get_random_string(32)
    cookies = {
        settings.SESSION_COOKIE_NAME: session.session_key,
        settings.CSRF_COOKIE_NAME: token,
        settings.LANGUAGE_COOKIE_NAME: "zh-hans",
    }
    shown = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": shown, "X-CSRFToken": token}


def form(values: dict) -> tuple[dict[str, str], bytes]:
    """Headers and body of a posted form."""
    return {"Content-Type": FORM}, urlencode(values, doseq=True).encode()
