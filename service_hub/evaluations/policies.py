"""Who handles a bad rating: officials of the department subtree; never for the public to read."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.selectors import active_posts

from .models import Evaluation, FollowUp


class InAdminPolicy(Policy):
    """Administrators and auditors read the admin pages, which show no words and no rater."""

    def visible(self, user, verb, queryset):
        reads = verb == "view" and (is_admin(user) or is_auditor(user))
        return queryset if reads else queryset.none()


class FollowUpPolicy(Policy):
    """Everybody of the department sees its follow-ups; the service refuses the officer who was
    rated.
    """

    def visible(self, user, verb, queryset):
        if verb == "view":
            return InAdminPolicy().visible(user, verb, queryset)
        if user is None or not user.is_authenticated or verb not in {"read", "handle"}:
            return queryset.none()
        allowed = Q(pk__in=[])
        for post in active_posts(user):
            allowed |= Q(department__path__startswith=post.department.path)
        return queryset.filter(allowed)


register_policy(Evaluation, InAdminPolicy())
register_policy(FollowUp, FollowUpPolicy())
