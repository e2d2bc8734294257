"""A delivery from its outbox to its end: handed over, or failed for good. Then another channel
takes its place, once, and an address that does not work is noted at its owner.
"""

import re

from django.db import transaction
from django.utils import timezone

from platform_core.common.outbox.services import send_all
from security.accounts.channel_services import put_out_of_use
from security.actors import Actor

from .choices import sent_from, stand_ins
from .device_services import lose_device
from .gateways import Refused
from .letters import hand_over
from .models import Delivery, Message, PushDevice
from .push import Gone

State = Delivery.State
REFERENCE = re.compile(r"<\d+\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>]+>")


def queue(deliveries: list[Delivery], message: Message) -> None:
    """Let the waiting deliveries leave after the commit, at the hour of such a `message`."""
    send_all(
        topic="notifications.deliver",
        payloads={
            f"notifications.deliver:{delivery.pk}": {"delivery": str(delivery.pk)}
            for delivery in deliveries
            if delivery.state == State.PENDING
        },
        due_at=sent_from(message.template, timezone.now()),
    )


@transaction.atomic
def send_delivery(*, actor: Actor, delivery_id, idempotency_key: str) -> None:
    """Hand a waiting delivery to its provider, in its recipient's language.

    The provider gets `idempotency_key`, because this process may die between the provider's answer
    and the commit. A refusal for good marks it failed; any other error is the caller's to try
    again.
    """
    delivery = _locked(delivery_id)
    if delivery is None or delivery.state != State.PENDING:  # deleted at its recipient's wish
        return
    try:
        reference = hand_over(delivery, idempotency_key)
    except Refused as error:
        if isinstance(error, Gone):
            lose_device(actor=actor, device_id=delivery.address)
        _fail(actor, delivery, str(error), is_address=True)
        return
    delivery.reference, delivery.state, delivery.sent_at = reference, State.SENT, timezone.now()
    delivery.save(update_fields=["state", "reference", "sent_at"])
    if delivery.channel == Delivery.Channel.PUSH:
        PushDevice.objects.filter(pk=delivery.address).update(used_at=delivery.sent_at)


@transaction.atomic
def give_up(*, actor: Actor, delivery_id) -> bool:
    """The retries of a delivery are used up; False when it was handed over or failed before.

    The address is to blame when its provider took messages for others meanwhile. When it took
    none, the provider was away, which says nothing about the address.
    """
    delivery = _locked(delivery_id)
    if delivery is None or delivery.state != State.PENDING:
        return False
    took_others = (
        delivery.channel != Delivery.Channel.PUSH
        and Delivery.objects.filter(
            channel=delivery.channel, state=State.SENT, sent_at__gt=delivery.message.created_at
        ).exists()
    )
    _fail(actor, delivery, "retries used up", is_address=took_others)
    return True


@transaction.atomic
def bounce(*, actor: Actor, reference: str, reason: str) -> bool:
    """A letter came back: its Message-ID and what the server said. False when no letter of ours
    was handed over under that reference, or when this was noted before.
    """
    named = REFERENCE.search(reference)
    delivery = _locked(named[1]) if named else None
    if delivery is None or delivery.state != State.SENT or delivery.reference != named[0]:
        return False
    _fail(actor, delivery, reason, is_address=True)
    return True


def _locked(delivery_id) -> Delivery | None:
    deliveries = Delivery.objects.select_for_update(of=("self",))
    return deliveries.select_related("message__recipient").filter(pk=delivery_id).first()


def _fail(actor: Actor, delivery: Delivery, reason: str, *, is_address: bool) -> None:
    """`delivery` is locked, so this happens once."""
    delivery.state, delivery.error = State.FAILED, reason[:300]
    delivery.save(update_fields=["state", "error"])
    user = delivery.message.recipient
    # A device hears of a message besides every other way, so nothing takes its place.
    if user is None or delivery.channel == Delivery.Channel.PUSH:
        return
    if is_address:
        put_out_of_use(actor=actor, user=user, channel=delivery.channel, address=delivery.address)
    if not delivery.instead_of_id:
        _fall_back(delivery, user)


def _fall_back(failed: Delivery, user) -> None:
    message = failed.message
    # Two deliveries of one message may fail at the same moment and want the same channel.
    Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    taken = set(message.deliveries.values_list("channel", flat=True))
    for channel in stand_ins(user.told_by, message.template, taken):
        address = user.address_for(channel)
        if address:
            made = Delivery(message=message, channel=channel, address=address, instead_of=failed)
            made.save(force_insert=True)
            queue([made], message)
            return
