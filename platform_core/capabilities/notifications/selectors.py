"""Every read of messages, how they went out, and addresses that wait for their code."""

from datetime import timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from security.access import get_or_404, visible_to

from .choices import OUTSIDE
from .demonstration import keeps_its_code
from .models import AddressCode, Delivery, Message, PushDevice

FORGOTTEN = timedelta(hours=1)


def messages_of(user) -> QuerySet[Message]:
    """A person's messages, newest first."""
    return visible_to(user, "view", Message.objects.order_by("-created_at", "-id"))


def with_trails(messages: QuerySet[Message]) -> QuerySet[Message]:
    """The messages with what `trail` reads, in one query more."""
    outside = Delivery.objects.filter(channel__in=OUTSIDE).select_related("instead_of")
    return messages.prefetch_related(
        Prefetch("deliveries", outside.order_by("channel"), to_attr="sent_outside")
    )


def trail(message: Message) -> list[dict]:
    """How one of `with_trails` went out besides the platform: {words, state, channel}."""
    found = []
    for one in sorted(message.sent_outside, key=lambda one: one.instead_of_id is not None):
        words = {"way": one.get_channel_display(), "state": one.get_state_display()}
        if one.instead_of_id:
            words["failed"] = one.instead_of.get_channel_display()
            said = _("%(way)s in place of “%(failed)s”: %(state)s") % words
        else:
            said = _("%(way)s: %(state)s") % words
        found.append({"words": said, "state": one.state, "channel": one.channel})
    return found


def message_for(user, message_id) -> Message:
    """One of the person's own messages; Http404 for any other."""
    return get_or_404(user, "view", Message.objects.all(), pk=message_id)


def unread_count(user) -> int:
    """How many messages the person has not opened yet."""
    return messages_of(user).filter(read_at=None).count()


def devices_of(user) -> QuerySet[PushDevice]:
    """The devices on which a person hears of messages, the latest first."""
    return visible_to(user, "view", PushDevice.objects.order_by("-made_at", "pk"))


def waiting_code(user) -> AddressCode | None:
    """The address that waits for its code, also when the code ran out; None after an hour."""
    since = timezone.now() - FORGOTTEN
    return AddressCode.objects.filter(user=user, ended_at=None, created_at__gt=since).first()


def shown_code(user, code: AddressCode) -> str:
    """The code itself, for a shared account of a demonstration; "" for everybody else."""
    return code.code if keeps_its_code(user, code.channel) else ""
