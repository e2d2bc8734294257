"""Departments and civil servants as answers. Departments are public; the directory is read by civil
servants only, whatever a form asks of citizens.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from platform_core.common.i18n import pick
from platform_core.common.organs import organ_words
from security.accounts.models import User
from security.organs.models import Department, Post
from security.organs.selectors import active_posts

from .facts import DepartmentFact, PersonFact
from .places import Group

# A list longer than this helps nobody: such a field should name a function or ask for colleagues.
MOST_OFFERED = 500


def departments_named(codes: set[str]) -> dict[str, DepartmentFact]:
    """Active departments by code; no query when none is named."""
    if not codes:
        return {}
    found = Department.objects.filter(code__in=codes, is_active=True).select_related("region")
    return {
        one.code: DepartmentFact(one.code, one.name, one.name_en, one.kind, one.region.path)
        for one in found
    }


def department_groups(field) -> list[Group]:
    """The departments that a field offers, by their region; one query."""
    wanted = Department.objects.filter(is_active=True).select_related("region")
    if field.kind:
        wanted = wanted.filter(kind=field.kind)
    if field.root:
        wanted = wanted.filter(region__path__contains=f"{field.root}/")
    found: dict[str, list] = {}
    for one in wanted.order_by("region__code", "code")[:MOST_OFFERED]:
        region = organ_words(one.region)
        found.setdefault(region, []).append((one.code, organ_words(one)))
    return [Group(title, options) for title, options in found.items()]


def department_names(codes: set[str]) -> dict[str, str]:
    """The names of departments in the reader's language, closed ones too; one query."""
    if not codes:
        return {}
    return {one.code: organ_words(one) for one in Department.objects.filter(code__in=codes)}


def _posts(today: date):
    return Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        valid_from__lte=today,
        user__is_active=True,
        user__kind="official",
        department__is_active=True,
    ).select_related("user", "department")


def people_named(ids: set[str], user, today: date) -> dict[str, PersonFact]:
    """The civil servants among `ids` whom `user` may choose; nobody for anybody else."""
    wanted = {int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 16}
    if not wanted or user is None or not user.is_authenticated or not user.is_official:
        return {}
    return _people(_posts(today).filter(user__in=wanted), user)


def _people(posts, user) -> dict[str, PersonFact]:
    own = {post.department_id for post in active_posts(user)}
    found: dict[str, PersonFact] = {}
    for post in posts.order_by("department__code", "user__name", "id"):
        key, before = str(post.user_id), found.get(str(post.user_id))
        found[key] = PersonFact(
            key,
            post.user.name or post.user.username,
            before.department if before else post.department.name,
            before.department_en if before else post.department.name_en,
            (before.kinds if before else frozenset()) | {post.department.kind},
            bool(before and before.is_colleague) or post.department_id in own,
        )
    return found


def people_groups(field, user, today: date) -> list[Group]:
    """The people that a field offers to `user`, by department; empty for citizens."""
    if user is None or not user.is_authenticated or not user.is_official:
        return []
    posts = _posts(today)
    if field.kind:
        posts = posts.filter(department__kind=field.kind)
    if field.among == "colleagues":
        posts = posts.filter(department__in=[post.department_id for post in active_posts(user)])
    found: dict[str, list] = {}
    for one in list(_people(posts, user).values())[:MOST_OFFERED]:
        title = pick({"zh": one.department, "en": one.department_en or one.department})
        found.setdefault(title, []).append((one.id, one.name))
    return [Group(title, options) for title, options in found.items()]


def people_names(ids: set[str]) -> dict[str, str]:
    """The names of people that stand in answers, whoever they are today; one query."""
    wanted = {int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 16}
    if not wanted:
        return {}
    return {str(one.pk): one.name or one.username for one in User.objects.filter(pk__in=wanted)}
