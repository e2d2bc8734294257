"""Who may do what with an N-app: its verbs are held by groups, on the N-app's row."""

from django.db.models import QuerySet

from security.access import Policy, register_policy
from security.access.grants import rows_with_verb

from .models import NApp, NAppVersion

VERBS = ("use", "handle", "manage")


class NAppPolicy(Policy):
    """Everybody sees what can be reached; administrators see and manage all of them.

    `use`, `handle` and `manage` come from the groups of the manifest's roles, on the N-app's row:
    being an administrator handles no case.
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is not None and user.is_active and user.is_superuser and verb in ("view", "manage"):
            return queryset
        reachable = queryset.filter(state__in=(NApp.State.OPEN, NApp.State.CLOSED))
        if verb == "view":
            return reachable
        if verb in VERBS:
            return rows_with_verb(user, verb, queryset if verb == "manage" else reachable)
        return queryset.none()


class NAppVersionPolicy(Policy):
    """A version is as visible as its N-app."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        napps = NAppPolicy().visible(user, verb, NApp.objects.all())
        return queryset.filter(napp__in=napps)


register_policy(NApp, NAppPolicy())
register_policy(NAppVersion, NAppVersionPolicy())
