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


def of_own_tree(user) -> Q:
    """Orders of the official's departments and those below them."""
    allowed = Q(pk__in=[])
    for post in active_posts(user):
        allowed |= Q(department__path__startswith=post.department.path)
    return allowed


def of_organs_below(user) -> Q:
    """Orders of organs with the same function in the divisions below: theirs to review."""
    allowed = Q(pk__in=[])
    for post in active_posts(user):
        region = post.department.region.path
        allowed |= Q(
            department__kind=post.department.kind, department__region__path__startswith=region
        )
    return allowed


class RectificationPolicy(Policy):
    """Everybody of the department and of the organs above sees its orders; who was rated sees one
    only when it is closed, so nobody is asked about it before.
    """

    def visible(self, user, verb, queryset):
        if verb == "view":
            return InAdminPolicy().visible(user, verb, queryset)
        if user is None or not user.is_authenticated or verb not in {"read", "handle"}:
            return queryset.none()
        found = queryset.filter(of_own_tree(user) | of_organs_below(user))
        return found.exclude(Q(officer=user) & ~Q(state__in=Rectification.FINAL))


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
