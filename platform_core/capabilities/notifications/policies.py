from django.db.models import QuerySet

from security.access import Policy, register_policy

from .models import Message, PushDevice


class MessagePolicy(Policy):
    """A message is its recipient's and nobody else's."""

    owner = "recipient"

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated:
            return queryset.none()
        return queryset.filter(**{self.owner: user})


class DevicePolicy(MessagePolicy):
    """A device is its person's."""

    owner = "user"


register_policy(Message, MessagePolicy())
register_policy(PushDevice, DevicePolicy())
