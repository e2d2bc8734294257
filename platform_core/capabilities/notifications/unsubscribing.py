"""The link in each letter with which its reader does without letters of that kind: signed, so that
it works without signing in, and without an end, because letters are kept.
"""

from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .choices import KINDS, MUST_ACT

SALT = "notifications.unsubscribe"


def token_of(user_id: int, kind: str) -> str:
    """What the link carries: whose letters, and of which kind."""
    return signing.Signer(salt=SALT, sep=".").sign(f"{user_id}-{kind}")


def whose(token: str) -> tuple[int, str] | None:
    """(user id, kind) of a link; None when it was not made by us."""
    try:
        user_id, _dash, kind = signing.Signer(salt=SALT, sep=".").unsign(token).partition("-")
    except signing.BadSignature:
        return None
    return (int(user_id), kind) if kind in KINDS and kind != MUST_ACT else None


def link_for(user_id: int, kind: str) -> str:
    """The whole address of the page."""
    return urljoin(settings.SITE_URL, reverse("unsubscribe", args=[token_of(user_id, kind)]))
