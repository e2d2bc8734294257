"""What goes out: the text of an e-mail or text message in one language, handed to its provider."""

import smtplib
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from . import push
from .choices import kind_of, may_unsubscribe
from .gateways import Refused, sms_gateway, voice_gateway
from .models import Delivery, PushDevice
from .unsubscribing import link_for

MAIL_DOMAIN = "govplatform.example"
# An address, because the service ends stand above this platform.
CHANNELS_PAGE = "/me/channels/"
FOR_GOOD = 500


def language_of(user, otherwise: str = "") -> str:
    """ "zh" or "en": the person's own language, else `otherwise`."""
    language = (user.language if user else "") or otherwise
    return "en" if language.startswith("en") else "zh"


def hand_over(delivery: Delivery, idempotency_key: str) -> str:
    """Give a delivery to its provider; returns the provider's reference. Raises Refused."""
    message, user = delivery.message, delivery.message.recipient
    language = language_of(user, message.language)
    title, body = message.title[language], message.body[language]
    with translation.override("en" if language == "en" else "zh-hans"):
        if delivery.channel == Delivery.Channel.PUSH:
            return _to_device(delivery, idempotency_key)
        if delivery.channel == Delivery.Channel.SMS:
            return text(delivery.address, "\n".join([title, body, *_where(user)]), idempotency_key)
        body, headers = _with_links(delivery, body)
        return letter(
            to=delivery.address,
            title=title,
            body=body,
            reference=reference_of(delivery.pk, idempotency_key),
            headers=headers,
        )


def _to_device(delivery: Delivery, idempotency_key: str) -> str:
    found = PushDevice.objects.filter(pk=delivery.address, user=delivery.message.recipient_id)
    device = found.filter(user__is_active=True).first()
    if device is None:
        raise Refused("no such device")
    return push.hand_over(device, delivery.message, idempotency_key)


def text(to: str, words: str, key: str) -> str:
    """Send a text message. Raises Refused when the number will never take it."""
    return sms_gateway().send(to=to, text=words, key=key)


def call(to: str, words: str, key: str) -> str:
    """Call a number and read `words`. Raises Refused when the number will never answer."""
    return voice_gateway().send(to=to, text=words, key=key)


def letter(*, to: str, title: str, body: str, reference: str, headers: dict | None = None) -> str:
    """Send an e-mail; returns `reference`, its Message-ID. Raises Refused for an address that the
    server refuses for good.
    """
    mail = EmailMessage(
        subject=" ".join(title.split()),
        body=body,
        to=[to],
        headers={"Message-ID": reference, "Auto-Submitted": "auto-generated", **(headers or {})},
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        if code < FOR_GOOD:
            raise
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise Refused(f"{code} {words}") from None
    return reference


def reference_of(thing_id, idempotency_key: str) -> str:
    """The Message-ID. Servers drop a second letter with the same one: the best that SMTP offers."""
    return f"<{idempotency_key}.{thing_id}@{MAIL_DOMAIN}>"


def _where(user) -> list[str]:
    if user is None:
        return []
    return [_("To change how you are told: %(link)s") % {"link": _absolute(CHANNELS_PAGE)}]


def _with_links(delivery: Delivery, body: str) -> tuple[str, dict]:
    """The body with the link to the matter and the one to do without; RFC 8058 has the headers."""
    message, user = delivery.message, delivery.message.recipient
    if message.link:
        body = f"{body}\n\n{_absolute(message.link)}"
    # Somebody's own choice does not reach where a message was asked for by itself.
    if user is None or delivery.address != user.email or not may_unsubscribe(message.template):
        return body, {}
    link = link_for(user.pk, kind_of(message.template))
    words = _("No more e-mails of this kind: %(link)s") % {"link": link}
    return f"{body}\n\n--\n{words}", {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _absolute(link: str) -> str:
    return urljoin(settings.SITE_URL, link)
