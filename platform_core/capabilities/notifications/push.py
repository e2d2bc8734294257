"""A message on its way to a person's device: what little it says, and the push service that carries
it.

The browser names the service, so only those of the setting PUSH_SERVICES are ever called. What is
sent names nobody and quotes nothing: a title of the kind, and the number of the message, which is
fetched after it was opened.
"""

import json
from email.utils import parseaddr
from functools import lru_cache
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from . import webpush
from .choices import MUST_ACT, kind_of
from .gateways import Refused

# Those of the browsers themselves, for where the operator names none.
WELL_KNOWN = [
    "https://fcm.googleapis.com",
    "https://*.push.services.mozilla.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
]
PORTS = {"https": 443, "http": 80}
SECONDS = 10
KEPT_SECONDS = 3 * 24 * 3600  # a device that is off for a weekend still hears of it
LENGTH = 300
GONE = {404, 410}
NEVER = {400, 413}
# An address, because the service ends stand above this platform.
PAGE = "/office/messages/{}/"


class Gone(Refused):
    """The device no longer takes messages: its person said so to the browser, or it was lost."""


class NotTaken(Exception):
    """The push service took nothing just now."""


class _StayHere(HTTPRedirectHandler):
    """A service that leads elsewhere could lead to a machine inside."""

    def redirect_request(self, *args, **kwargs):
        return None


_opener = build_opener(_StayHere)


def is_on() -> bool:
    """Whether this platform sends to devices at all."""
    return bool(services())


def services() -> list[str]:
    """The push services that may be called; PUSH_SERVICES "none" stands for none of them."""
    chosen = settings.PUSH_SERVICES or WELL_KNOWN
    return [] if chosen == ["none"] else chosen


def public_key() -> str:
    """What a browser subscribes with; "" when nothing is sent to devices."""
    return webpush.public_part(_key(settings.PUSH_KEY)) if is_on() else ""


def is_known(endpoint: str) -> bool:
    """Whether the address belongs to one of the push services that the operator allows.

    A name that begins with "*." in PUSH_SERVICES stands for every name below it; scheme and port
    have to be the same.
    """
    found = _split(endpoint)
    return found is not None and any(_is_of(found, _split(one)) for one in services())


def content(message) -> dict:
    """What a device is told, in the language in force."""
    title = headline(message.template)
    return {"title": title, "id": str(message.pk), "url": PAGE.format(message.pk)}


def headline(template: str) -> str:
    """The title of a kind of message."""
    for beginnings, words in HEADLINES:
        if template.startswith(beginnings):
            return str(words())
    return _("You have a new message")


HEADLINES = (
    (("notice",), lambda: _("You have a notice")),
    (("incident.",), lambda: _("You are called to an incident")),
    (("paper.",), lambda: _("An official document waits for you")),
    (
        ("task_", "work_", "supervision.", "report.", "opinion_asked"),
        lambda: _("Something waits for you"),
    ),
)


def hand_over(device, message, key: str) -> str:
    """Give a message for `device` to its push service; returns what the service calls it.

    Raises Gone when the device is lost, Refused when the service will never take this message, any
    other error when it may later. Push has no key for one that is sent twice: `Topic` lets the
    second replace the first on the way, and the number of the message does on the device.
    """
    found = _split(device.endpoint)
    if found is None or not is_known(device.endpoint):
        raise Refused("not an allowed push service")
    body = json.dumps(content(message), ensure_ascii=False).encode()
    request = Request(  # noqa: S310 - the scheme is one of the allowed services'
        device.endpoint,
        data=webpush.sealed(body, device.key, device.secret, length=LENGTH),
        headers=_headers(found, message),
        method="POST",
    )
    try:
        with _opener.open(request, timeout=SECONDS):
            return f"push:{key}"
    except HTTPError as error:
        error.close()
        if error.code in GONE:
            raise Gone(str(error.code)) from None
        if error.code in NEVER:
            raise Refused(str(error.code)) from None
        raise NotTaken(str(error.code)) from None


def _headers(service: SplitResult, message) -> dict:
    return {
        "Authorization": webpush.signature(
            _key(settings.PUSH_KEY),
            audience=f"{service.scheme}://{service.netloc}",
            contact=f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
            now=timezone.now(),
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_SECONDS),
        "Urgency": "high" if kind_of(message.template) == MUST_ACT else "normal",
        "Topic": webpush.encoded(message.pk.bytes),
    }


@lru_cache(maxsize=2)
def _key(secret: str):
    return webpush.signing_key(secret)


def _split(address: str) -> SplitResult | None:
    """The parts of an address without user, blanks or backslashes; None for any other."""
    if not address.isascii() or not address.isprintable() or set(address) & set(" \\@"):
        return None
    try:
        found = urlsplit(address)
        is_whole = found.scheme in PORTS and bool(found.hostname) and found.port != 0
    except ValueError:
        return None
    return found if is_whole else None


def _is_of(found: SplitResult, service: SplitResult | None) -> bool:
    if service is None or (found.scheme, _port(found)) != (service.scheme, _port(service)):
        return False
    if service.hostname.startswith("*."):
        return found.hostname.endswith(service.hostname[1:])
    return found.hostname == service.hostname


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]
