"""Who reads a data request: the person, and those who answer for the protection of data."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.access.policies import is_admin

from .models import DataRequest, LegalHold


class DataRequestPolicy(Policy):
    """ "own" is the person's; "handle" that of administrators, never for themselves."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "own":
            return queryset.filter(person=user)
        if verb in {"handle", "view"} and is_admin(user):
            return queryset.exclude(person=user)
        return queryset.none()


class LegalHoldPolicy(Policy):
    """Administrators, never over their own data."""

    def visible(self, user, verb, queryset):
        if verb in {"handle", "view"} and is_admin(user):
            return queryset.filter(Q(person=None) | ~Q(person=user))
        return queryset.none()


register_policy(LegalHold, LegalHoldPolicy())
register_policy(DataRequest, DataRequestPolicy())
