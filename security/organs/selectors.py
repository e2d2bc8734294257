"""Reads of regions, departments and posts. Regions and departments are public information."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from security.statements import Prepared

from .models import Department, Post, Region


def in_force(queryset: QuerySet, on: date | None = None) -> QuerySet:
    """The regions of `queryset` in force on the day `on` (default: today)."""
    on = on or timezone.localdate()
    return queryset.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


def region_by_code(code: str, on: date | None = None) -> Region | None:
    """The division with `code` in force on the day `on` (default: today), or None."""
    return in_force(Region.objects.filter(code=code), on).select_related("parent").first()


def regions_below(region: Region | None, on: date | None = None) -> QuerySet[Region]:
    """The divisions directly below `region`, by code; for None the provinces."""
    return in_force(Region.objects.filter(parent=region), on)


def regions_found(
    *, parent: str = "", level: int | None = None, text: str = "", on: date | None = None
) -> QuerySet[Region]:
    """Divisions in force, narrowed by the parent's code, the level and a part of the name or the
    code.
    """
    found = in_force(Region.objects.select_related("parent"), on)
    if parent:
        found = found.filter(parent__code=parent)
    if level:
        found = found.filter(level=level)
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__startswith=text)
        )
    return found


def ancestor_region(region: Region, level: int) -> Region | None:
    """The division of `level` that `region` lies in (itself, when it has that level), or None."""
    if region.level == level:
        return region
    if region.level < level:
        return None
    return Region.objects.filter(
        code__in=_chain(region), level=level, **_valid_like(region)
    ).first()


def region_exists_between(code: str, first: date, last: date) -> bool:
    """Whether `code` was in force on any day from `first` to `last`: the area check of old
    numbers.
    """
    return Region.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), code=code, valid_from__lte=last
    ).exists()


def department_for(kind: str, region: Region) -> Department | None:
    """The active department with the function `kind` in `region` or in the nearest region above it.

    In one region the highest of the tree wins, then the lowest code.
    """
    found = Department.objects.filter(
        kind=kind, is_active=True, region__code__in=_chain(region)
    ).select_related("region")
    return found.order_by("-region__level", "path", "code").first()


def departments_at(region: Region) -> dict[str, Department]:
    """{function: the department that `department_for` gives} of every function at `region`."""
    found = Department.objects.filter(is_active=True, region__code__in=_chain(region))
    nearest: dict[str, Department] = {}
    for department in found.select_related("region").order_by("-region__level", "path", "code"):
        nearest.setdefault(department.kind, department)
    return nearest


def department_by_code(code: str) -> Department | None:
    """The department with this code, active or not, or None."""
    return Department.objects.filter(code=code).select_related("region", "parent").first()


def department_by_id(pk) -> Department | None:
    """The department with this id, or None."""
    return Department.objects.filter(pk=pk).first() if pk else None


def people_of(department: Department, limit: int = 20) -> list:
    """The active people who hold a post in `department` today, at most `limit`."""
    posts = held_today().filter(department=department)
    found = posts.select_related("user").order_by("user_id").distinct("user_id")
    return [post.user for post in found[:limit]]


def departments_found(*, kind: str = "", region: Region | None = None) -> QuerySet[Department]:
    """Active departments, narrowed by function and by a region with everything below it."""
    found = Department.objects.filter(is_active=True).select_related("region", "parent")
    if kind:
        found = found.filter(kind=kind)
    if region:
        found = found.filter(region__path__startswith=region.path)
    return found


def active_posts(user) -> list[Post]:
    """The posts that `user` holds today, each with department, region and `group_ids`; read once
    per user object.
    """
    if user is None or not user.is_authenticated or not user.is_official:
        return []
    if not hasattr(user, "_active_posts"):
        user._active_posts = _posts_of(user=user.pk, today=timezone.localdate())
    return user._active_posts


@Prepared
def _posts_of(user: int, today: date) -> QuerySet[Post]:
    held = Post.groups.through.objects.filter(post=OuterRef("pk")).order_by("group")
    return (
        Post.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=today),
            user=user,
            valid_from__lte=today,
            department__is_active=True,
        )
        .select_related("department__region")
        .annotate(held_groups=ArraySubquery(held.values("group")))
        .order_by("id")
    )


def organs_of(user) -> list[int]:
    """Ids of the departments in which `user` holds a post today, by post."""
    return [post.department_id for post in active_posts(user)]


def own_organs(user) -> list[Department]:
    """The departments in which `user` holds a post today, each once."""
    return list({post.department_id: post.department for post in active_posts(user)}.values())


def headed_organs(user) -> list[Department]:
    """The departments that `user` heads today, each once."""
    heads = [post for post in active_posts(user) if post.is_head]
    return list({post.department_id: post.department for post in heads}.values())


def headed_ids(user) -> list[int]:
    """Ids of the departments that `user` heads today, each once."""
    return [organ.pk for organ in headed_organs(user)]


def headed(user, path: str) -> Q:
    """The condition for rows whose department (at `path`) `user` heads today, also from above."""
    found = Q(pk__in=[])
    for organ in headed_organs(user):
        found |= Q(**{f"{path}__path__startswith": organ.path})
    return found


def group_ids(user) -> set[int]:
    """Ids of every group held by `user`, through active posts or given to the person."""
    if user is None or not user.is_authenticated:
        return set()
    if not hasattr(user, "_group_ids"):
        held = set(user.groups.values_list("pk", flat=True))
        for post in active_posts(user):
            held.update(post.group_ids)
        user._group_ids = held
    return user._group_ids


def heads_at(department: Department, *, is_above: bool = True) -> list:
    """Active people who head `department` today, and with `is_above` those who head one above it,
    the nearest first.
    """
    codes = [code for code in department.path.split("/") if code]
    found = held_today().filter(
        department__code__in=codes if is_above else [department.code],
        is_head=True,
        department__is_active=True,
    )
    posts = found.select_related("user").order_by("-department__path", "pk")
    return list({post.user_id: post.user for post in posts}.values())


def held_today() -> QuerySet[Post]:
    """The posts that somebody active holds today."""
    today = timezone.localdate()
    return Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        valid_from__lte=today,
        user__is_active=True,
    )


def users_holding(groups, department: Department) -> list:
    """Active people who hold one of `groups` (Group objects or ids) in a post of `department`
    today.
    """
    wanted = [getattr(group, "pk", group) for group in groups]
    if not wanted:
        return []
    posts = _posts_with(groups=wanted, department=department.pk, today=timezone.localdate())
    return list({post.user_id: post.user for post in posts}.values())


def officials_of(department: Department) -> list:
    """Active people who have a post in `department` today, whatever their role."""
    posts = held_today().filter(department=department).select_related("user")
    return list({post.user_id: post.user for post in posts.order_by("id")}.values())


def names_held(names) -> set[str]:
    """Those of the group names that somebody active holds in a post today."""
    held = held_today().filter(groups__name__in=names, department__is_active=True)
    return set(held.values_list("groups__name", flat=True)) & set(names)


@Prepared
def _posts_with(groups: list[int], department: int, today: date) -> QuerySet[Post]:
    found = Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        department=department,
        groups__in=groups,
        valid_from__lte=today,
        user__is_active=True,
    )
    return found.select_related("user").order_by("id")


def _chain(region: Region) -> list[str]:
    return [code for code in region.path.split("/") if code]


def _valid_like(region: Region) -> dict:
    """Ancestors are looked up among divisions that began no later than the region itself ended."""
    return {"valid_from__lte": region.valid_to or timezone.localdate()}
