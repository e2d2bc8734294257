"""Everybody may read a life event; what was filed together is its applicant's or the firm's, and
officials read it beside a case of their own.
"""

from django.db.models import Q

from security.access import Policy, register_policy, visible_to
from security.access.policies import PublicPolicy
from security.accounts.selectors import firms_of
from service_hub.cases.models import Case

from .models import Bundle, BundleCase


class BundleCasePolicy(Policy):
    """The applicant, and the agents of the firm. Who may read one of its cases as an official reads
    what the whole stands at.
    """

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "read" and user.is_official:
            mine = visible_to(user, "read", Case.objects.exclude(bundle_case=None))
            return queryset.filter(pk__in=mine.values("bundle_case"))
        if verb not in {"own", "withdraw"}:
            return queryset.none()
        return queryset.filter(Q(applicant=user, firm=None) | Q(firm__in=firms_of(user)))


register_policy(Bundle, PublicPolicy())
register_policy(BundleCase, BundleCasePolicy())
