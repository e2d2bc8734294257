"""Whose dashboards somebody reads, and whether people are named there.

A head reads the own unit and the units below it in the tree of organs, with the people of all of
them. Who only works in a unit reads that unit without anybody's name. Administrators and auditors
read every unit without names, as they read the list of open tasks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.http import Http404

from platform_core.common.numbers import whole
from platform_core.napps.selectors import unreachable_ids
from security.access.policies import is_admin, is_auditor
from security.organs.models import Department
from security.organs.selectors import active_posts


@dataclass(frozen=True)
class Scope:
    """What one dashboard is about: `unit` (None: every organ), alone or with those below.

    `ids` are the organs that count, `below` those directly below that the reader may look at,
    `above` the one directly above, `own` those the reader works in. `has_names` says whether
    people are named. Rows of the N-apps in `hidden` are nowhere shown.
    """

    unit: Department | None
    ids: tuple[int, ...]
    has_names: bool
    is_alone: bool
    own: list[Department] = field(default_factory=list)
    below: list[Department] = field(default_factory=list)
    above: Department | None = None
    hidden: tuple[int, ...] = ()

    def parameters(self, **changes) -> dict[str, str]:
        """What names this scope in an address."""
        found = {"unit": str(self.unit.pk)} if self.unit else {}
        if self.is_alone and self.below:
            found["alone"] = "1"
        return found | changes


def may_read(user) -> bool:
    """Whether `user` has a dashboard at all."""
    return bool(active_posts(user)) or _oversees(user)


def _oversees(user) -> bool:
    return is_admin(user) or is_auditor(user)


def units_of(user) -> QuerySet[Department]:
    """The units whose dashboards `user` may read."""
    if _oversees(user):
        return Department.objects.all()
    allowed = Q(pk__in=[])
    for post in active_posts(user):
        organ = post.department
        allowed |= Q(path__startswith=organ.path) if post.is_head else Q(pk=organ.pk)
    return Department.objects.filter(allowed)


def names_people(user, unit: Department | None) -> bool:
    """Whether `user` heads `unit`, or one above it."""
    posts = active_posts(user)
    return unit is not None and any(
        post.is_head and unit.path.startswith(post.department.path) for post in posts
    )


def scope_for(user, values) -> Scope:
    """The scope that an address asks for (`unit`, `alone`); without one the unit that `user` heads
    or works in, for administrators and auditors every organ. Http404 for a unit that `user` may
    not read, and for whoever has no dashboard.
    """
    if not may_read(user):
        raise Http404
    posts = sorted(active_posts(user), key=lambda post: not post.is_head)
    own = list({post.department_id: post.department for post in posts}.values())
    wanted = values.get("unit", "")
    if wanted:
        key = whole(wanted)
        unit = units_of(user).select_related("region", "parent").filter(pk=key).first()
        if unit is None:
            raise Http404
    else:
        unit = own[0] if own and not _oversees(user) else None
    return _scope(user, unit, own, is_alone=values.get("alone") == "1")


def _scope(user, unit, own, *, is_alone: bool) -> Scope:
    readable = units_of(user)
    inside = readable.filter(path__startswith=unit.path) if unit else readable
    organs = list(inside.order_by("code"))
    parent = unit.pk if unit else None
    below = [one for one in organs if one.parent_id == parent and one != unit]
    ids = tuple(one.pk for one in organs)
    if unit and (is_alone or not ids):
        ids = (unit.pk,)
    above = None
    if unit is not None and unit.parent_id:
        above = readable.filter(pk=unit.parent_id).first()
    return Scope(
        unit=unit,
        ids=ids,
        has_names=names_people(user, unit),
        is_alone=is_alone and unit is not None,
        own=own,
        below=below,
        above=above,
        hidden=tuple(unreachable_ids()),
    )
