"""Who looks after which items: administrators all of them; the organ that runs the service halls
those of its region, and the provincial one the basic catalogue; every organ its own.
"""

from django.db.models import Q

from security.access import Policy, register_policy
from security.access.policies import is_admin
from security.organs.models import Region
from security.organs.selectors import active_posts

from .models import BasicItem, Change, ImplementingItem, Upload

BUREAU = "service_bureau"


def bureau_regions(user) -> list[Region]:
    """The regions whose catalogue `user` looks after."""
    posts = active_posts(user)
    return [post.department.region for post in posts if post.department.kind == BUREAU]


def keeps_the_basic_catalogue(user) -> bool:
    """Administrators and the province's service bureau."""
    return is_admin(user) or any(
        region.level == Region.Level.PROVINCE for region in bureau_regions(user)
    )


def owned(user) -> Q:
    """The implementing items that `user` looks after."""
    if is_admin(user):
        return Q()
    mine = Q(department__in=[post.department_id for post in active_posts(user)])
    for region in bureau_regions(user):
        mine |= Q(department__region__path__startswith=region.path)
    return mine


class BasicItemPolicy(Policy):
    """Officials and administrators read the whole catalogue ("view"); its keepers change it."""

    def visible(self, user, verb, queryset):
        is_keeper = keeps_the_basic_catalogue(user)
        if is_keeper or (verb == "view" and active_posts(user)):
            return queryset
        return queryset.none()


class ImplementingItemPolicy(Policy):
    """Whoever looks after an item reads and changes it."""

    def visible(self, user, verb, queryset):
        return queryset.filter(owned(user)) if user is not None else queryset.none()


class ChangePolicy(Policy):
    """Whoever may change everything that a change contains."""

    def visible(self, user, verb, queryset):
        if is_admin(user):
            return queryset
        others = ImplementingItem.objects.exclude(owned(user)).values("pk")
        found = queryset.exclude(implementing_versions__item__in=others)
        if not keeps_the_basic_catalogue(user):
            found = found.exclude(basic_versions__isnull=False)
        return found if active_posts(user) else queryset.none()


class UploadPolicy(Policy):
    """Only who sent the file."""

    def visible(self, user, verb, queryset):
        return queryset.filter(made_by=user) if user is not None else queryset.none()


register_policy(Upload, UploadPolicy())
register_policy(BasicItem, BasicItemPolicy())
register_policy(ImplementingItem, ImplementingItemPolicy())
register_policy(Change, ChangePolicy())
