"""Who may take applications in, and who sees which intake."""

from django.db.models import Q

from security.access import Policy, register_policy

from .desks import clerk_posts
from .models import Intake


class IntakePolicy(Policy):
    """ "write" is the clerk's own; "read" is for every clerk of the same department."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated or verb not in {"read", "write"}:
            return queryset.none()
        posts = clerk_posts(user)
        allowed = Q(clerk=user) if posts else Q(pk__in=[])
        if verb == "read":
            allowed |= Q(department__in=[post.department_id for post in posts])
        return queryset.filter(allowed)


register_policy(Intake, IntakePolicy())
