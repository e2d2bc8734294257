"""Who answers what an organ is asked: its own officials."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.organs.selectors import active_posts

from .models import Confirmation


class ConfirmationPolicy(Policy):
    """Officials of the asked organ and of those above it."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated or not user.is_official or verb != "handle":
            return queryset.none()
        allowed = Q(pk__in=[])
        for post in active_posts(user):
            allowed |= Q(department__path__startswith=post.department.path)
        return queryset.filter(allowed)


register_policy(Confirmation, ConfirmationPolicy())
