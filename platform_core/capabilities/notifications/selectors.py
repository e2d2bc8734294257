"""Every read of messages."""

from django.db.models import QuerySet

from security.access import get_or_404, visible_to

from .models import Message


def messages_of(user) -> QuerySet[Message]:
    """A person's messages, newest first."""
    return visible_to(user, "view", Message.objects.order_by("-created_at", "-id"))


def message_for(user, message_id) -> Message:
    """One of the person's own messages; Http404 for any other."""
    return get_or_404(user, "view", Message.objects.all(), pk=message_id)


def unread_count(user) -> int:
    """How many messages the person has not opened yet."""
    return messages_of(user).filter(read_at=None).count()
