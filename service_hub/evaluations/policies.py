"""Who handles a bad rating: officials of the department subtree; never for the public to read."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.selectors import active_posts

from .models import Evaluation, Rectification, Visit


class InAdminPolicy(Policy):
    """Administrators and auditors read the admin pages, which show no words and no rater."""

    def visible(self, user, verb, queryset):
        reads = verb == "view" and (is_admin(user) or is_auditor(user))
        return queryset if reads else queryset.none()


class RectificationPolicy(Policy):
    """Everybody of the department and of those above sees its orders; who was rated sees one only
    when it is closed, so nobody is asked about it before.
    """

    def visible(self, user, verb, queryset):
        if verb == "view":
            return InAdminPolicy().visible(user, verb, queryset)
        if user is None or not user.is_authenticated or verb not in {"read", "handle"}:
            return queryset.none()
        allowed = Q(pk__in=[])
        for post in active_posts(user):
            allowed |= Q(department__path__startswith=post.department.path)
        return queryset.filter(allowed).exclude(Q(officer=user) & ~Q(state__in=Rectification.FINAL))


class VisitPolicy(Policy):
    """A clerk sees the visits of their own window."""

    def visible(self, user, verb, queryset):
        if verb == "view":
            return InAdminPolicy().visible(user, verb, queryset)
        is_known = user is not None and user.is_authenticated
        return queryset.filter(clerk=user) if is_known else queryset.none()


register_policy(Visit, VisitPolicy())
register_policy(Evaluation, InAdminPolicy())
register_policy(Rectification, RectificationPolicy())
