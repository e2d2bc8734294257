"""Verbs given on single rows through django-guardian: N-apps for role groups, and exceptions for
people.

Groups come from the posts that a person holds today as well as from the account itself, so the
library's own checks (which know only the latter) are not used. A permission on the whole model
never counts as one on a row, and nobody passes for being a superuser.
"""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from guardian.models import GroupObjectPermission, UserObjectPermission

from security.organs.selectors import group_ids


def row_verbs(user, obj: Model) -> set[str]:
    """The verbs that `user` was given on the row `obj`, directly or through a group."""
    if user is None or not user.is_authenticated or not user.is_active:
        return set()
    row = {
        "content_type": ContentType.objects.get_for_model(obj, for_concrete_model=True),
        "object_pk": str(obj.pk),
    }
    through_groups = GroupObjectPermission.objects.filter(group__in=group_ids(user), **row)
    to_the_person = UserObjectPermission.objects.filter(user=user, **row)
    return set(
        through_groups.values_list("permission__codename", flat=True).union(
            to_the_person.values_list("permission__codename", flat=True)
        )
    )


def napp_verbs(user, napp: Model) -> set[str]:
    """Which of "use", "handle" and "manage" the person holds on an N-app."""
    return row_verbs(user, napp) & {"use", "handle", "manage"}


def rows_with_verb(user, verb: str, queryset: QuerySet) -> QuerySet:
    """The rows of `queryset` on which `user` was given `verb`.

    Meant for models with few rows, such as N-apps.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return queryset.none()
    wanted = {
        "content_type": ContentType.objects.get_for_model(queryset.model),
        "permission__codename": verb,
    }
    found = set(
        GroupObjectPermission.objects.filter(group__in=group_ids(user), **wanted)
        .values_list("object_pk", flat=True)
        .union(
            UserObjectPermission.objects.filter(user=user, **wanted).values_list(
                "object_pk", flat=True
            )
        )
    )
    return queryset.filter(pk__in=found)


def groups_with_verb(obj: Model, verb: str) -> list[Group]:
    """The groups that hold `verb` on the row `obj`, by name."""
    held = GroupObjectPermission.objects.filter(
        content_type=ContentType.objects.get_for_model(obj), object_pk=str(obj.pk),
        permission__codename=verb,
    )  # fmt: skip
    return list(Group.objects.filter(pk__in=held.values("group")).order_by("name"))
