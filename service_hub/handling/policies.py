"""Who decides what others ask for about a case: whoever heads its office, or one above it."""

from django.db.models import Q

from security.access import Policy, register_policy, visible_to
from security.organs.selectors import active_posts
from service_hub.cases.models import Case

from .models import Delivery, Extension, Voiding


def is_head_of(user, case: Case) -> bool:
    """Whether `user` heads the case's office or one above it."""
    return any(
        post.is_head and case.department.path.startswith(post.department.path)
        for post in active_posts(user)
    )


class OfCasePolicy(Policy):
    """Who may read the case may read what was asked about it; "decide" is for heads."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated or not user.is_official:
            return queryset.none()
        if verb == "read":
            return queryset.filter(case__in=visible_to(user, "read", Case.objects.all()))
        if verb != "decide":
            return queryset.none()
        headed = Q(pk__in=[])
        for post in active_posts(user):
            if post.is_head:
                headed |= Q(case__department__path__startswith=post.department.path)
        return queryset.filter(headed)


class DeliveryPolicy(Policy):
    """Officials who may read the case see to its delivery."""

    def visible(self, user, verb, queryset):
        if verb not in {"read", "handle"}:
            return queryset.none()
        if user is None or not user.is_authenticated or not user.is_official:
            return queryset.none()
        return queryset.filter(case__in=visible_to(user, "read", Case.objects.all()))


register_policy(Extension, OfCasePolicy())
register_policy(Voiding, OfCasePolicy())
register_policy(Delivery, DeliveryPolicy())
