"""Whether whoever holds a role is still there, and who could come after them. Reads only."""

from __future__ import annotations

from collections.abc import Iterable

from platform_core.capabilities.process.delegation.selectors import in_force
from security.organs.duties import duty_name
from security.organs.models import Post
from security.organs.selectors import active_posts, held_today

from .models import IncidentRole

MOST = 5


def is_present(person) -> bool:
    """Whether the person is in service today."""
    return person is not None and person.is_active and bool(active_posts(person))


def posts_in(organs: Iterable[int], people: Iterable[int] | None = None) -> list[Post]:
    """The posts of today in these organs, those of `people` only where they are given, each with
    its person and groups. Two queries.
    """
    found = held_today().filter(department__in=list(organs))
    if people is not None:
        found = found.filter(user__in=list(people))
    return list(found.select_related("user").prefetch_related("groups").order_by("pk"))


def vacant(roles: list[IncidentRole]) -> set[int]:
    """The keys of the roles that nobody holds, or whose holder left the organ. One query."""
    posts = posts_in({one.organ_id for one in roles})
    there = {(post.user_id, post.department_id) for post in posts}
    return {one.pk for one in roles if (one.holder_id, one.organ_id) not in there}


def candidates(roles: list[IncidentRole], most: int | None = MOST) -> dict[int, list]:
    """{role: who could hold it}: first whoever has the duty in its organ or stands in for the
    holder, then colleagues. Three queries, however many roles.
    """
    posts = posts_in({one.organ_id for one in roles})
    holders = {one.holder_id for one in roles if one.holder_id}
    deputies: dict[int, set[int]] = {}
    for principal, deputy in (
        in_force().filter(principal__in=holders).values_list("principal", "deputy")
    ):
        deputies.setdefault(principal, set()).add(deputy)
    found = {}
    for role in roles:
        here = [post for post in posts if post.department_id == role.organ_id]
        first = deputies.get(role.holder_id, set())

        def rank(post, role=role, first=first):
            held = {group.name for group in post.groups.all()}
            return duty_name(role.duty) not in held and post.user_id not in first, post.pk

        people = {post.user_id: post.user for post in sorted(here, key=rank)}
        people.pop(role.holder_id, None)
        found[role.pk] = list(people.values())[:most]
    return found
