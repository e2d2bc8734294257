"""Whose dashboards somebody reads, and whether people are named there.

A head reads the own unit and the units below it in the tree of organs, with the people of all of
them; so does whoever stands in for the head today, in everything (a dashboard belongs to no N-app).
Who only works in a unit reads that unit without anybody's name. Administrators and auditors read
every unit without names, as they read the list of open tasks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.http import Http404

from platform_core.capabilities.process.delegation.selectors import StandIn, standing_in
from platform_core.common.numbers import whole
from platform_core.napps.selectors import unreachable_ids
from security.access.policies import is_admin, is_auditor
from security.organs.models import Department
from security.organs.selectors import active_posts, headed_organs, organs_of, own_organs


@dataclass(frozen=True)
class Scope:
    """What one dashboard is about: `unit` (None: every organ), alone or with those below.

    `ids` are the organs that count, `below` those directly below that the reader may look at,
    `above` the one directly above, `own` those the reader works in. `has_names` says whether
    people are named; where that is only for the head whom the reader stands in for, `stands_in`
    says for whom and until when. Rows of the N-apps in `hidden` are nowhere shown.
    """

    unit: Department | None
    ids: tuple[int, ...]
    has_names: bool
    is_alone: bool
    own: list[Department] = field(default_factory=list)
    below: list[Department] = field(default_factory=list)
    above: Department | None = None
    hidden: tuple[int, ...] = ()
    stands_in: StandIn | None = None

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
    allowed = Q(pk__in=organs_of(user))
    for organ, _stands_in in _headed(user):
        allowed |= Q(path__startswith=organ.path)
    return Department.objects.filter(allowed)


def _headed(user) -> list[tuple[Department, StandIn | None]]:
    """The organs that `user` heads, in the own right first, then those of the heads whom they stand
    in for today, the longest first.
    """
    there = {organ.pk: organ for organ in own_organs(user)}
    ways = [one for one in standing_in(user) if not one.napps]
    ways.sort(key=lambda one: one.until, reverse=True)
    return [
        *((organ, None) for organ in headed_organs(user)),
        *((there[pk], one) for one in ways for pk in one.headed),
    ]


def _heads(user, unit: Department | None) -> list[StandIn | None]:
    """How `user` heads `unit`, or one above it: None in the own right; empty when they do not."""
    if unit is None:
        return []
    return [one for organ, one in _headed(user) if unit.path.startswith(organ.path)]


def scope_for(user, values) -> Scope:
    """The scope that an address asks for (`unit`, `alone`); without one the unit that `user` heads,
    stands in for the head of or works in, for administrators and auditors every organ. Http404 for
    a unit that `user` may not read, and for whoever has no dashboard.
    """
    if not may_read(user):
        raise Http404
    organs = [organ for organ, _stands_in in _headed(user)]
    organs += own_organs(user)
    own = list({organ.pk: organ for organ in organs}.values())
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
    heads, above = _heads(user, unit), None
    if unit is not None and unit.parent_id:
        above = readable.filter(pk=unit.parent_id).first()
    return Scope(
        unit=unit,
        ids=ids,
        has_names=bool(heads),
        is_alone=is_alone and unit is not None,
        own=own,
        below=below,
        above=above,
        hidden=tuple(unreachable_ids()),
        stands_in=heads[0] if heads else None,
    )
