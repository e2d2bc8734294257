"""Everybody may read a life event; what was filed together is its applicant's or the firm's."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.access.policies import PublicPolicy
from security.accounts.selectors import firms_of

from .models import Bundle, BundleCase


class BundleCasePolicy(Policy):
    """The applicant, and the agents of the firm. Officials have the single cases."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated or verb not in {"own", "withdraw"}:
            return queryset.none()
        return queryset.filter(Q(applicant=user, firm=None) | Q(firm__in=firms_of(user)))


register_policy(Bundle, PublicPolicy())
register_policy(BundleCase, BundleCasePolicy())
