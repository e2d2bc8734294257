"""Who may do what with an N-app: its verbs are held by groups, on the N-app's row."""

from django.db.models import Q, QuerySet
from guardian.models import GroupObjectPermission

from security.access import Policy, register_policy
from security.organs.selectors import group_ids

from .models import NApp, NAppVersion

VERBS = ("use", "handle", "manage")


class NAppPolicy(Policy):
    """Everybody sees what can be reached; administrators see and manage all of them.

    The verbs come from the groups of the manifest's roles. A permission on the whole model is no
    permission on a row, except for administrators.
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is not None and user.is_active and user.is_superuser:
            return queryset
        reachable = Q(state__in=(NApp.State.OPEN, NApp.State.CLOSED))
        if verb == "view":
            return queryset.filter(reachable)
        if verb not in VERBS or user is None or not user.is_authenticated:
            return queryset.none()
        held = GroupObjectPermission.objects.filter(
            group_id__in=group_ids(user),
            permission__codename=verb,
            permission__content_type__app_label="platform_core",
            permission__content_type__model="napp",
        ).values_list("object_pk", flat=True)
        return queryset.filter(pk__in=[int(pk) for pk in held]).filter(
            reachable if verb != "manage" else Q()
        )


class NAppVersionPolicy(Policy):
    """A version is as visible as its N-app."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        napps = NAppPolicy().visible(user, verb, NApp.objects.all())
        return queryset.filter(napp__in=napps)


register_policy(NApp, NAppPolicy())
register_policy(NAppVersion, NAppVersionPolicy())
