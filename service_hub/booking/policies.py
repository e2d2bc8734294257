"""Who sees which appointment, who calls numbers in a hall, and who knows names there."""

from django.contrib.auth.models import Group
from django.db.models import Q

from security.access import Policy, register_policy
from security.organs.duties import duty_name
from security.organs.selectors import active_posts

from .models import Appointment, Hall

OF_HALL = "hall-"
NONE = Q(pk__in=[])


def hall_duty(hall: Hall) -> str:
    """The standing duty of those who sit at a window of the hall for another organ."""
    return f"{OF_HALL}{hall.code}"


def serves_at(user) -> Q:
    """The halls in which `user` calls numbers: those of a division in which they hold a post."""
    regions = {post.department.region_id for post in active_posts(user)}
    return Q(region__in=regions) if regions else NONE


def knows_names_at(user) -> Q:
    """The halls whose appointments `user` reads with their names: those where they serve and that
    their organ runs, or for which a post of theirs has the hall's duty.
    """
    posts = active_posts(user)
    if not posts:
        return NONE
    start = duty_name(OF_HALL)
    held = {group for post in posts for group in post.group_ids}
    duties = Group.objects.filter(pk__in=held, name__startswith=start)
    codes = [name.removeprefix(start) for name in duties.values_list("name", flat=True)]
    own = Q(department__in=[post.department_id for post in posts])
    return serves_at(user) & (own | Q(code__in=codes))


class HallPolicy(Policy):
    """Everybody reads active halls; "serve" is for officials of the division, "names" for those of
    them who work at the hall, "manage" for the heads of the organ that runs it.
    """

    def visible(self, user, verb, queryset):
        if verb == "read":
            return queryset.filter(is_active=True)
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb == "serve":
            return queryset.filter(serves_at(user))
        if verb == "names":
            return queryset.filter(knows_names_at(user))
        headed = [post.department_id for post in active_posts(user) if _leads(post)]
        return queryset.filter(department__in=headed) if verb == "manage" else queryset.none()


def _leads(post) -> bool:
    return post.is_head or post.groups.filter(name="duty:head").exists()


class AppointmentPolicy(Policy):
    """The person's own. What a hall shows of them is asked of the hall."""

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated or verb != "own":
            return queryset.none()
        return queryset.filter(person=user)


register_policy(Hall, HallPolicy())
register_policy(Appointment, AppointmentPolicy())
