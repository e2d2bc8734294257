"""Who sees a firm's invitations and history: whoever manages its members."""

from security.access import Policy, register_policy
from security.accounts.firm_roles import MANAGE
from security.accounts.selectors import firms_with

from .models import FirmEvent, FirmInvitation


class OfManagers(Policy):
    def visible(self, user, verb: str, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        return queryset.filter(firm__in=firms_with(user, MANAGE))


register_policy(FirmInvitation, OfManagers())
register_policy(FirmEvent, OfManagers())
