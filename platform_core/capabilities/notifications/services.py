"""Writes of messages: tell, mark as read, delete."""

from hashlib import sha256

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import get_language

from platform_core.napps.selectors import version_manifest
from security.accounts.closing_services import MADE_UP
from security.actors import Actor
from security.audit.services import record_audit
from security.statements import insert

from . import push
from .choices import chosen, stand_ins
from .models import Delivery, Message, PushDevice
from .sending import queue
from .templates import template_by_key
from .wording import filled

Channel = Delivery.Channel
State = Delivery.State


@transaction.atomic(savepoint=False)
def notify(
    *,
    actor: Actor,
    recipient,
    key: str,
    title,
    body,
    dedupe: str,
    values: dict | None = None,
    link: str = "",
    channels: tuple[str, ...] = ("in_app",),
    address=None,
) -> Message:
    """Tell one person something once, in the caller's transaction.

    `dedupe` names the occasion: a second call with it changes nothing and returns the first
    message. `key` is the wording's key; `title` and `body` hold both languages, with {names} from
    `values`. `recipient` is a user, or None for somebody without an account; `address` is then a
    mobile number or an e-mail address (or a dict by channel), and also overrides a user's own. A
    channel without a working address is left out. E-mail and SMS leave after the commit, once.
    """
    message = Message(
        key=dedupe if len(dedupe) <= 200 else sha256(dedupe.encode()).hexdigest(),
        recipient=recipient,
        template=key[:80],
        language=(get_language() or "")[:10],
        title=filled(title, values or {}),
        body=filled(body, values or {}),
        link=link[:300],
    )
    if not _is_first(message):
        return Message.objects.get(key=message.key)
    if recipient is not None and not address:
        # An address given with the message is where its recipient asked for this very message.
        channels = _working(recipient, key, chosen(recipient.told_by, key, tuple(channels)))
    deliveries = _deliveries(message, channels, address)
    # Citizens have no devices, and most messages are theirs: they cost no look.
    if recipient is not None and recipient.needs_second_factor and Channel.IN_APP in channels:
        deliveries += _to_devices({recipient.pk: message.pk})
    insert(deliveries)
    queue(deliveries, message)
    return message


@transaction.atomic(savepoint=False)
def notify_by_template(
    *,
    actor: Actor,
    recipient,
    template: str,
    values: dict,
    dedupe: str,
    link: str = "",
    channels: tuple[str, ...] | None = None,
    address=None,
    napp_version=None,
) -> Message:
    """As `notify`, with the N-app's own wording of that key or else the platform's.

    Raises LookupError when neither has it. `channels` overrides those of the wording.
    """
    wording = None
    if napp_version is not None:
        own = version_manifest(napp_version).section("notifications")
        wording = next((entry for entry in own if entry.key == template), None)
    wording = wording or template_by_key(template)
    if wording is None:
        raise LookupError(template)
    return notify(
        actor=actor,
        recipient=recipient,
        key=template,
        title=wording.title,
        body=wording.body,
        values=values,
        link=link,
        channels=tuple(channels or wording.channels),
        address=address,
        dedupe=dedupe,
    )


@transaction.atomic(savepoint=False)
def notify_many(
    *, actor: Actor, recipients, key: str, title, body, dedupe: str, values=None, link: str = ""
) -> int:
    """Tell many people the same on the platform, each of them once; returns how many are new.

    `recipients` are ids of users; the other arguments are those of `notify`. Five statements,
    however many people there are, and one more where some have devices. Nothing else leaves.
    """
    named = {f"{dedupe}:{pk}"[:200]: pk for pk in dict.fromkeys(recipients)}
    known = set(Message.objects.filter(key__in=named).values_list("key", flat=True))
    words = {"title": filled(title, values or {}), "body": filled(body, values or {})}
    rows = [
        Message(key=name, recipient_id=pk, template=key[:80], link=link[:300], **words)
        for name, pk in named.items()
        if name not in known
    ]
    # Two who tell the same at once agree on one row for each person.
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    kept = Message.objects.filter(pk__in=[row.pk for row in rows])
    ours = dict(kept.values_list("recipient", "pk"))
    made = [
        Delivery(message_id=pk, channel=Channel.IN_APP, state=State.SENT, sent_at=timezone.now())
        for pk in ours.values()
    ]
    to_devices = _to_devices(ours)
    Delivery.objects.bulk_create(made + to_devices)
    if to_devices:
        queue(to_devices, rows[0])
    return len(made)


def _to_devices(messages: dict) -> list[Delivery]:
    """A waiting delivery for every device of the people of `messages`, {user id: message id}."""
    if not push.is_on():
        return []
    devices = PushDevice.objects.filter(user__in=messages)
    return [
        Delivery(message_id=messages[user], channel=Channel.PUSH, address=str(pk))
        for pk, user in devices.values_list("pk", "user")
    ]


def _is_first(message: Message) -> bool:
    """Insert the message; False when its occasion was told before. One statement, no savepoint."""
    fields = Message._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = [field.get_db_prep_save(field.pre_save(message, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Message._meta.db_table} ({names})"  # noqa: S608
            f" VALUES ({', '.join(['%s'] * len(fields))}) ON CONFLICT (key) DO NOTHING",
            values,
        )
        message._state.adding = cursor.rowcount != 1
    return not message._state.adding


def _working(recipient, template: str, channels: tuple[str, ...]) -> list[str]:
    """`channels` with another one in the place of each whose address is out of use."""
    found = [one for one in channels if one not in recipient.out_of_use]
    for _out in range(len(channels) - len(found)):
        others = stand_ins(recipient.told_by, template, {*channels, *found})
        found += [one for one in others if recipient.address_for(one)][:1]
    return found


def _deliveries(message: Message, channels, address) -> list[Delivery]:
    found = []
    for channel in dict.fromkeys(channels):
        if channel == Channel.IN_APP:
            if message.recipient_id:
                found.append(
                    Delivery(
                        message=message, channel=channel, state=State.SENT, sent_at=timezone.now()
                    )
                )
            continue
        to = _address(message.recipient, channel, address)
        if to:
            found.append(Delivery(message=message, channel=channel, address=to))
    return found


def _address(recipient, channel: str, address) -> str:
    if isinstance(address, dict):
        given = address.get(channel, "")
    else:
        is_mail = "@" in (address or "")
        given = address if address and is_mail == (channel == Channel.EMAIL) else ""
    if given:
        return given
    if recipient is None:
        return ""
    return recipient.address_for(channel)


@transaction.atomic
def mark_read(*, actor: Actor, message: Message) -> Message:
    """Its recipient opened a message; the first time counts."""
    if message.read_at is None and actor.user and message.recipient_id == actor.user.pk:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message


@transaction.atomic
def mark_all_read(*, actor: Actor) -> int:
    """A person has seen all their messages; returns how many were new."""
    unread = Message.objects.filter(recipient=actor.user, read_at=None)
    return unread.update(read_at=timezone.now()) if actor.user else 0


@transaction.atomic
def delete_messages(*, actor: Actor, user) -> int:
    """Delete everything that a person was told, when they asked for it; returns how many."""
    told = Message.objects.filter(recipient=user)
    count = told.count()
    told.delete()
    record_audit(actor=actor, verb="message.delete_all", obj=user, after={"count": count})
    return count


@transaction.atomic
def forget_messages(*, actor: Actor, before) -> int:
    """Delete what people were told before a moment whose account is closed since; how many."""
    closed = {"recipient__is_active": False, "recipient__username__startswith": MADE_UP}
    told = Message.objects.filter(**closed, created_at__lt=before)
    count = told.count()
    if count:
        told.delete()
        record_audit(actor=actor, verb="message.forget", after={"count": count})
    return count
