"""Reads of grids."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from collab_hub.notices.people import scope_of
from platform_core.napps.selectors import is_reachable
from security.access import get_or_404, visible_to
from security.organs.models import Department
from security.organs.selectors import active_posts

from .models import Grid, GridWorker

SLUG = "smart_community"
# The function of the organs that keep grids.
KEEPERS = "civil_affairs"


def grids_for(user) -> QuerySet[Grid]:
    """The grids of the organs of `user` and those below, with their workers. Two queries."""
    within = Grid.objects.filter(scope_of(user).departments("department__"))
    found = visible_to(user, "read", within)
    workers = Prefetch("workers", GridWorker.objects.select_related("user"))
    return found.select_related("department").prefetch_related(workers).order_by("code")


def grid_for(user, grid_id, verb: str = "read") -> Grid:
    """The grid when `user` may do `verb` with it, else Http404."""
    found = Grid.objects.select_related("department__region").prefetch_related("workers__user")
    return get_or_404(user, verb, found, pk=grid_id)


def keeping_organs(user) -> list[Department]:
    """The organs of `user` that keep grids."""
    held = {post.department_id: post.department for post in active_posts(user)}
    return [one for one in held.values() if one.kind == KEEPERS]


# -- as an audience --------------------------------------------------------------------------------


def choices(user) -> list[tuple[str, str]]:
    """The grids in use to whose workers `user` may write."""
    if not is_reachable(SLUG):
        return []
    found = Grid.objects.filter(scope_of(user).departments("department__"), is_in_use=True)
    return [(one.code, str(one)) for one in found.order_by("code")]


def people(codes) -> QuerySet:
    """The ids of those who work in any of the grids; of nobody while the N-app is disabled."""
    found = GridWorker.objects.filter(grid__code__in=codes, grid__is_in_use=True)
    return (found if is_reachable(SLUG) else found.none()).values("user")


def names(codes) -> dict[str, str]:
    return {one.code: str(one) for one in Grid.objects.filter(code__in=codes)}
