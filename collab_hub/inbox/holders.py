"""For whom work waits: conditions that hold for tasks and for items alike, one for each share.

A *share* is what waits for one person, or in the pools of one department. No row lies in two shares
of a reader, so lists and counts put shares together without comparing rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from platform_core.capabilities.process.delegation.selectors import standing_in
from platform_core.napps.selectors import REACHABLE
from security.organs.selectors import active_posts


@dataclass(frozen=True)
class Share:
    """What waits for `person`, or unclaimed in `department`. `ways` are how the reader comes to it:
    (groups held, ids of the N-apps it is limited to), none of these meaning all.
    """

    person: int | None
    department: int | None
    ways: tuple[tuple[frozenset[int], frozenset[int]], ...]

    def tasks(self) -> Q:
        """The condition for open tasks of this share, copies to read left out."""
        if self.person is not None:
            named = Q(assignee=self.person)
            return named & _either(_within(napps, TASK_NAPP) for _groups, napps in self.ways)
        roles = [
            Q(pool_groups__overlap=sorted(groups)) & _within(napps, TASK_NAPP)
            for groups, napps in self.ways
            if groups
        ]
        return Q(assignee=None, pool_department=self.department) & (_either(roles) or NOTHING)

    def work(self) -> Q:
        """The condition for open items of this share."""
        if self.person is not None:
            named = Q(assignee=self.person)
            return named & _either(_within(napps, "napp") for _groups, napps in self.ways)
        roles = [
            (Q(pool_groups=[]) | Q(pool_groups__overlap=sorted(groups))) & _within(napps, "napp")
            for groups, napps in self.ways
        ]
        return Q(assignee=None, pool_department=self.department) & _either(roles)


TASK_NAPP = "instance__napp_version__napp"
NOTHING = Q(pk__in=[])
# Items of an N-app that is switched off are not shown.
SHOWN = Q(napp=None) | Q(napp__state__in=REACHABLE)


def _within(napps: frozenset[int], path: str) -> Q:
    return Q(**{f"{path}__in": sorted(napps)}) if napps else Q()


def _either(conditions) -> Q:
    """The disjunction; a condition that limits nothing lets everything in."""
    found = list(conditions)
    return Q() if not all(found) else reduce(or_, found, Q())


def shares_of(user) -> list[Share]:
    """What waits for `user` today, in the user's own right and as a deputy.

    A deputy's own deputy is not followed. Read once for each user object.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_shares"):
        everything = frozenset()
        people = {user.pk: {(everything, everything)}}
        pools = defaultdict(set)
        for post in active_posts(user):
            pools[post.department_id].add((frozenset(post.group_ids), everything))
        for one in standing_in(user):
            people.setdefault(one.principal.pk, set()).add((everything, one.napps))
            for department, groups in one.pools:
                pools[department].add((frozenset(groups), one.napps))
        user._shares = [
            *(Share(pk, None, tuple(ways)) for pk, ways in people.items()),
            *(Share(None, pk, _merged(ways)) for pk, ways in sorted(pools.items())),
        ]
    return user._shares


def _merged(ways) -> tuple:
    """One way for each limit, with the groups of all."""
    groups = defaultdict(frozenset)
    for held, napps in ways:
        groups[napps] |= held
    return tuple((held, napps) for napps, held in groups.items())


def waits_for(user) -> Q:
    """The condition for items that wait for `user`, whatever the share."""
    return reduce(or_, (share.work() for share in shares_of(user)), NOTHING)
