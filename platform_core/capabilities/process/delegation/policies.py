"""Who may end a delegation: whose it is, and whoever heads that person's department."""

from django.db.models import Q, QuerySet

from security.access import Policy, register_policy

from .models import Delegation
from .selectors import possible_principals


class DelegationPolicy(Policy):
    """Verb: "end"."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        is_known = user is not None and user.is_authenticated and user.is_official
        if verb != "end" or not is_known or not user.is_active:
            return queryset.none()
        return queryset.filter(Q(principal__in=[one.pk for one in possible_principals(user)]))


register_policy(Delegation, DelegationPolicy())
