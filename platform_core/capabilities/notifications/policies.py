from django.db.models import QuerySet

from security.access import Policy, register_policy

from .models import Message


class MessagePolicy(Policy):
    """A message is its recipient's and nobody else's."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated:
            return queryset.none()
        return queryset.filter(recipient=user)


register_policy(Message, MessagePolicy())
