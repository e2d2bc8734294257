"""Writes of a person's own addresses: a new one is used once the code sent to it was typed."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from platform_core.common.errors import Unusable
from platform_core.common.outbox.services import send
from security import identifiers
from security.accounts.channel_services import Taken, use_address
from security.accounts.models import User
from security.actors import Actor
from security.audit.services import record_audit
from security.crypto import blind_index

from . import letters
from .choices import OUTSIDE
from .demonstration import keeps_its_code, may_change
from .gateways import Refused
from .models import AddressCode, Delivery
from .services import notify_by_template
from .templates import template_by_key
from .wording import filled

End = AddressCode.End
LASTS = timedelta(minutes=10)
TRIES = 5
SENDS_AN_HOUR = 5
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


@transaction.atomic
def ask_code(*, actor: Actor, channel: str, address: str) -> AddressCode:
    """Send a code to `address`, which from then on is the only one that waits.

    Raises Unusable at "address": not an address, in use already, or too many codes in an hour.
    """
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    address = _usable(channel, address)
    if not may_change(user, channel):
        raise _wrong(_("Demonstration accounts keep their addresses where messages really leave."))
    if user.address_for(channel).lower() == address.lower():
        raise _wrong(_("We reach you there already."))
    now = timezone.now()
    _count(user, address, now)
    _end(AddressCode.objects.filter(user=user), now, End.REPLACED)
    digits = f"{secrets.randbelow(10**6):06d}"
    code = AddressCode(
        user=user, channel=channel, address=address, code=digits, expires_at=now + LASTS
    )
    code.code_digest = _digest(code, digits)
    code.save(force_insert=True)
    payload = {"code": str(code.pk), "language": get_language() or ""}
    send(topic="notifications.code", key=f"notifications.code:{code.pk}", payload=payload)
    record_audit(actor=actor, verb="account.address_code", obj=user, after={"channel": channel})
    return code


def prove_address(*, actor: Actor, digits: str) -> AddressCode:
    """The person typed the code: their waiting address is used from now on, the former one is told.

    Raises Unusable at "code" with what is wrong; a wrong code counts.
    """
    code, problem = _try(actor, "".join(digits.split()))
    if problem:
        raise Unusable({"code": [problem]})
    return code


@transaction.atomic
def give_up_address(*, actor: Actor) -> None:
    """The address that waits for its code is forgotten; the present one stays."""
    _end(AddressCode.objects.filter(user=actor.user), timezone.now(), End.GIVEN_UP)


@transaction.atomic
def send_code(*, code_id, language: str, idempotency_key: str) -> None:
    """Hand a code to the provider, unless it ended or ran out meanwhile; after that only its digest
    is left. A refusal for good is noted for the page; any other error is the caller's to try again.
    """
    code = (
        AddressCode.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=code_id, ended_at=None, sent_at=None, refused_at=None)
        .first()
    )
    now = timezone.now()
    if code is None or code.expires_at <= now:
        return
    try:
        _hand_over(code, letters.language_of(code.user, language), idempotency_key)
    except Refused:
        code.refused_at = now
    else:
        code.sent_at = now
    if not keeps_its_code(code.user, code.channel):
        code.code = ""
    code.save()


def forget_codes() -> int:
    """Delete codes that nobody needs any more; returns how many rows."""
    return AddressCode.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


@transaction.atomic
def _try(actor: Actor, digits: str) -> tuple[AddressCode | None, str]:
    """(the code, what is wrong). Returned, not raised: the count of a wrong try must stay."""
    # Codes are typed one after the other, however many arrive at once.
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    code = AddressCode.objects.filter(user=user).order_by("-created_at").first()
    problem = _problem(code, digits)
    if problem:
        return code, problem
    former, worked = user.own_address(code.channel), user.address_for(code.channel)
    try:
        use_address(actor=actor, user=user, channel=code.channel, address=code.address)
    except Taken:
        _end(AddressCode.objects.filter(user=user), timezone.now(), End.GIVEN_UP)
        return code, _("Another account has confirmed this address already.")
    _end(AddressCode.objects.filter(user=user), timezone.now(), End.USED)
    if former and former != code.address:
        _tell_former(actor, user, code, former if worked else "")
    return code, ""


def _problem(code: AddressCode | None, digits: str) -> str:
    if code is None or code.end in {End.GIVEN_UP, End.REPLACED}:
        return _("No address waits for a code. Enter it again.")
    if code.end == End.USED:
        return _("This code was used already. The address is yours.")
    if code.expires_at <= timezone.now():
        return _("This code has run out. Have a new one sent.")
    if code.tries >= TRIES:
        return _("This code no longer works, after five wrong tries. Have a new one sent.")
    if constant_time_compare(_digest(code, digits), code.code_digest):
        return ""
    code.tries += 1
    code.save(update_fields=["tries"])
    left = TRIES - code.tries
    if not left:
        return _("This code no longer works, after five wrong tries. Have a new one sent.")
    return ngettext(
        "That is not the code. %(n)d try is left.", "That is not the code. %(n)d tries are left.",
        left,
    ) % {"n": left}  # fmt: skip


def _usable(channel: str, address: str) -> str:
    address = address.strip()
    if channel not in OUTSIDE:
        raise _wrong(_("Choose e-mail or text message."))
    if channel == "sms":
        problem = identifiers.mobile_problem(address)
        if problem:
            raise _wrong(problem)
        return identifiers.plain_mobile(address)
    try:
        validate_email(address)
    except ValidationError:
        raise _wrong(_("Enter an e-mail address, like name@example.org.")) from None
    if len(address) > User._meta.get_field("email").max_length:
        raise _wrong(_("This address is too long."))
    return address.lower()


def _count(user: User, address: str, now) -> None:
    """At most five codes an hour for a person, and for an address whoever asks."""
    index = blind_index(address, "address_code")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7302))", [index])
    lately = AddressCode.objects.filter(created_at__gt=now - HOUR).order_by("created_at")
    for found in (lately.filter(user=user), lately.filter(address_index=index)):
        times = list(found.values_list("created_at", flat=True))
        if len(times) >= SENDS_AN_HOUR:
            again = timezone.localtime(times[-SENDS_AN_HOUR] + HOUR)
            raise _wrong(
                _("Five codes were sent within an hour. Ask for another one after %(time)s.")
                % {"time": f"{again + timedelta(minutes=1):%H:%M}"}
            )


def _end(codes, now, end: str) -> None:
    codes.filter(ended_at=None).update(ended_at=now, end=end)


def _digest(code: AddressCode, digits: str) -> str:
    # Keyed: the million digests of a row could be tried out by whoever has a copy of it.
    return blind_index(f"{code.pk}:{digits}", "address_code")


def _hand_over(code: AddressCode, language: str, key: str) -> None:
    wording = template_by_key("address_code")
    values = {"code": code.code, "minutes": int(LASTS.total_seconds() // 60)}
    title, body = filled(wording.title, values)[language], filled(wording.body, values)[language]
    if code.channel == Delivery.Channel.SMS:
        letters.text(code.address, body, key)
        return
    reference = letters.reference_of(code.pk, key)
    letters.letter(to=code.address, title=title, body=body, reference=reference)


def _tell_former(actor: Actor, user: User, code: AddressCode, former: str) -> None:
    """`former` is "" when it did not work; then only the platform tells of the change."""
    notify_by_template(
        actor=actor,
        recipient=user,
        template="address_changed",
        values={"what": WHAT[code.channel], "new": hidden(code.channel, code.address)},
        link=letters.CHANNELS_PAGE,
        channels=("in_app", code.channel) if former else ("in_app",),
        address={code.channel: former} if former else None,
        dedupe=f"address:{code.pk}",
    )


WHAT = {
    "email": {"zh": "电子邮箱", "en": "e-mail address"},
    "sms": {"zh": "手机号码", "en": "mobile number"},
}


def hidden(channel: str, address: str) -> str:
    """The address with its middle left out, for somebody who may not be its owner."""
    if channel == "sms":
        return identifiers.mask_mobile(address)
    name, _at, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"


def _wrong(said) -> Unusable:
    return Unusable({"address": [str(said)]})
