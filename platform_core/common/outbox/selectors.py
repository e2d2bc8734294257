"""Reads of the outbox for operators and tests."""

from django.db.models import Count, QuerySet

from .models import OutboxMessage


def dead_letters() -> QuerySet[OutboxMessage]:
    """Messages that were given up, newest first."""
    return OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).order_by("-id")


def counts_by_state() -> dict[str, int]:
    """How many messages are in each state."""
    rows = OutboxMessage.objects.values_list("state").annotate(n=Count("id"))
    return dict(rows.order_by())
