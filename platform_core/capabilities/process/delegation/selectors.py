"""Who stands in for whom today, and what may be set. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from security.access import get_or_404
from security.accounts.models import User
from security.organs.models import Post
from security.organs.selectors import active_posts, headed_ids

from .models import Delegation


@dataclass(frozen=True)
class StandIn:
    """For whom somebody acts today: the principal, until when, in which N-apps (none: in all), for
    which pools, as (department, group ids), and which of these departments the principal heads.
    """

    principal: object
    until: date
    napps: frozenset[int]
    pools: tuple[tuple[int, tuple[int, ...]], ...]
    headed: tuple[int, ...] = ()

    def covers(self, napp_id: int) -> bool:
        return not self.napps or napp_id in self.napps

    def shares_pool(self, task) -> bool:
        return any(
            department == task.pool_department_id and set(groups) & set(task.pool_groups)
            for department, groups in self.pools
        )


def in_force(on: date | None = None) -> QuerySet[Delegation]:
    """The delegations that count on the day `on` (default: today)."""
    on = on or timezone.localdate()
    return Delegation.objects.filter(valid_from__lte=on, valid_until__gte=on, ended_at=None)


def standing_in(user) -> list[StandIn]:
    """For whom `user` acts today; read once per user object, with one query.

    A deputy's own deputy is not followed. Whoever has left the department does not act in it.
    """
    if user is None or not user.is_authenticated or not user.is_official or not user.is_active:
        return []
    if not hasattr(user, "_standing_in"):
        found = in_force().filter(deputy=user, principal__is_active=True)
        found = found.select_related("principal").annotate(posts=_posts_of(OuterRef("principal")))
        mine = {post.department_id for post in active_posts(user)} if found else set()
        user._standing_in = [
            StandIn(
                one.principal, one.valid_until, frozenset(one.napps), _pools(posts), _headed(posts)
            )
            for one in found
            if (posts := [post for post in one.posts if post["department"] in mine])
        ]
    return user._standing_in


def _pools(posts: list[dict]) -> tuple:
    return tuple((post["department"], tuple(post["groups"])) for post in posts)


def _headed(posts: list[dict]) -> tuple[int, ...]:
    return tuple(post["department"] for post in posts if post["is_head"])


def _posts_of(person) -> ArraySubquery:
    today = timezone.localdate()
    held = Post.groups.through.objects.filter(post=OuterRef("pk")).order_by("group")
    posts = Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        user=person,
        valid_from__lte=today,
        department__is_active=True,
    )
    shown = JSONObject(
        department="department", is_head="is_head", groups=ArraySubquery(held.values("group"))
    )
    return ArraySubquery(posts.order_by("pk").values(shown=shown))


def deputies_for(people, napp_id: int) -> list:
    """Who acts today for one of `people` in an N-app."""
    found = in_force().filter(
        Q(napps=[]) | Q(napps__contains=[napp_id]), principal__in=people, deputy__is_active=True
    )
    return [one.deputy for one in found.select_related("deputy")]


def delegations_of(user) -> QuerySet[Delegation]:
    """What `user` may see and has not ended: their own, those they are the deputy of, and, as head,
    those of the people of the department.
    """
    today = timezone.localdate()
    mine = Q(principal=user) | Q(deputy=user)
    headed = headed_ids(user)
    if headed:
        mine |= Q(principal__in=members_of(headed).values("pk"))
    found = Delegation.objects.filter(mine, valid_until__gte=today, ended_at=None)
    return found.select_related("principal", "deputy", "set_by")


def delegation_for(user, delegation_id) -> Delegation:
    """The delegation when `user` may end it; Http404 for everybody else."""
    found = Delegation.objects.select_related("principal", "deputy")
    return get_or_404(user, "end", found, pk=delegation_id)


def members_of(departments) -> QuerySet[User]:
    """The officials with a post in one of `departments` today, by name."""
    today = timezone.localdate()
    posts = Post.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        department__in=departments,
        valid_from__lte=today,
    )
    officials = User.objects.filter(is_active=True, kind=User.Kind.OFFICIAL)
    return officials.filter(pk__in=posts.values("user")).order_by("name", "pk")


def possible_principals(user) -> list:
    """For whom `user` may name a deputy: themselves, and the people of departments they head."""
    others = members_of(headed_ids(user)).exclude(pk=user.pk) if headed_ids(user) else []
    return [user, *others]


def possible_deputies(person) -> list:
    """Who may act for `person`: the colleagues of the same departments."""
    departments = [post.department_id for post in active_posts(person)]
    return list(members_of(departments).exclude(pk=person.pk)) if departments else []
