"""What the audience picker offers a person: only what they may write to. Reads only."""

from __future__ import annotations

from django.db.models import Q

from platform_core.common.audiences import audience_kinds
from platform_core.common.i18n import pick
from platform_core.common.numbers import whole
from platform_core.common.organs import organ_words
from security.accounts.models import User
from security.organs.kinds import kind_title
from security.organs.models import Department, Region
from security.organs.selectors import in_force

from .people import Scope, organs_in, posts_today
from .selectors import groups_for

SHOWN = 12
MOST_CHOSEN = 200


def _ids(chosen) -> list[int]:
    return [key for key in map(whole, chosen) if key is not None][:MOST_CHOSEN]


def organ_choices(scope: Scope, q: str = "", chosen=()) -> list[tuple[str, str]]:
    """Organs that may be written to: the chosen ones, then those found by name, at most twelve."""
    chosen = _ids(chosen)
    kept = list(organs_in(scope).filter(pk__in=chosen).order_by("path"))
    found = organs_in(scope).exclude(pk__in=chosen).order_by("region__level", "path")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(name_en__icontains=q))
    return [(str(one.pk), organ_words(one)) for one in [*kept, *found[:SHOWN]]]


def region_choices(scope: Scope) -> list[tuple[str, str]]:
    """Divisions of the organs that may be written to, the largest first."""
    regions = in_force(Region.objects.filter(departments__in=organs_in(scope)))
    rows = regions.order_by("level", "code").distinct()[: SHOWN * 10]
    return [(one.code, organ_words(one)) for one in rows]


def kind_choices(scope: Scope) -> list[tuple[str, str]]:
    """Functions of the organs that may be written to."""
    kinds = Department.objects.filter(pk__in=organs_in(scope).values("pk"))
    keys = kinds.order_by("kind").values_list("kind", flat=True).distinct()
    return [(key, pick(kind_title(key))) for key in keys]


def person_choices(scope: Scope, q: str = "", chosen=()) -> list[tuple[str, str]]:
    """People: the chosen ones, then those found by name; without a name nobody else."""
    chosen = _ids(chosen)
    within = posts_today().filter(scope.departments("department__"))
    people = User.objects.filter(pk__in=within.values("user"))
    kept = list(people.filter(pk__in=chosen).order_by("name", "pk"))
    found = people.filter(name__icontains=q).exclude(pk__in=chosen) if q else people.none()
    rows = [*kept, *found.order_by("name", "pk")[:SHOWN]]
    held: dict[int, str] = {}
    posts = within.filter(user__in=[one.pk for one in rows]).select_related("department")
    for post in posts.order_by("-is_head", "pk"):
        held.setdefault(post.user_id, organ_words(post.department))
    return [(str(one.pk), f"{one} · {held.get(one.pk, '')}") for one in rows]


def group_choices(user) -> list[tuple[str, str]]:
    """Saved groups of the person's organs."""
    return [(str(one.pk), one.name) for one in groups_for(user)]


def other_choices(user) -> list[tuple]:
    """[(kind, [(value, words)])] of what other modules make choosable, such as grids."""
    return [(kind, list(kind.choices(user))) for kind in audience_kinds()]
