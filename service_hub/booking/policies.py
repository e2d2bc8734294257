"""Who sees which appointment, and who works in a hall."""

from django.db.models import Q

from security.access import Policy, register_policy
from security.organs.selectors import active_posts

from .models import Appointment, Hall


def works_at(user) -> Q:
    """The halls in which `user` serves: those of a division in which they hold a post."""
    regions = {post.department.region_id for post in active_posts(user)}
    return Q(region__in=regions) if regions else Q(pk__in=[])


class HallPolicy(Policy):
    """Everybody reads active halls; "serve" is for officials of the division, "manage" for the
    heads of the organ that runs the hall.
    """

    def visible(self, user, verb, queryset):
        if verb == "read":
            return queryset.filter(is_active=True)
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "serve":
            return queryset.filter(works_at(user))
        headed = [post.department_id for post in active_posts(user) if _leads(post)]
        return queryset.filter(department__in=headed) if verb == "manage" else queryset.none()


def _leads(post) -> bool:
    return post.is_head or post.groups.filter(name="duty:head").exists()


class AppointmentPolicy(Policy):
    """The person's own, and for officials those in the halls where they serve."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "own":
            return queryset.filter(person=user)
        halls = Hall.objects.filter(works_at(user))
        return queryset.filter(line__hall__in=halls) if verb == "serve" else queryset.none()


register_policy(Hall, HallPolicy())
register_policy(Appointment, AppointmentPolicy())
