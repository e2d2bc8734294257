"""Who may see and decide on policies in the office; those in force are public."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.selectors import active_posts

from .models import Benefit

DECIDE = ("duty:reviewer", "duty:head")


def _decides(post) -> bool:
    return post.is_head or post.groups.filter(name__in=DECIDE).exists()


class BenefitPolicy(Policy):
    """Officials of the department write; a reviewer or head of it, who did not, approves."""

    def visible(self, user, verb: str, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "view" and (is_admin(user) or is_auditor(user)):
            return queryset
        theirs = Q(pk__in=[])
        for post in active_posts(user):
            if verb == "view" or (verb == "decide" and _decides(post)):
                theirs |= Q(department=post.department)
        found = queryset.filter(theirs)
        return found.exclude(asked_by=user) if verb == "decide" else found


register_policy(Benefit, BenefitPolicy())
