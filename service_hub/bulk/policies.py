"""Who sees a firm's spreadsheets: the members who may apply for it, in that service."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.accounts.firm_roles import FILE
from security.accounts.selectors import firms_with, services_limited_to

from .models import Batch


class BatchPolicy(Policy):
    def visible(self, user, verb: str, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        limited = services_limited_to(user, FILE)
        allowed = Q(firm__in=[one for one in firms_with(user, FILE) if one.pk not in limited])
        for firm_id, services in limited.items():
            for service in services:
                slug, _sep, key = service.partition("/")
                allowed |= Q(firm=firm_id, item__napp__slug=slug, item__key=key)
        return queryset.filter(allowed)


register_policy(Batch, BatchPolicy())
