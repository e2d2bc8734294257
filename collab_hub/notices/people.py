"""From the words of an audience to people, and whom somebody may write to. Reads only.

Whoever has no post today belongs to no audience.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Count, Q, QuerySet

from platform_core.common.audiences import audience_kind
from security.accounts.models import User
from security.organs.duties import duty_name
from security.organs.models import Department, Post
from security.organs.selectors import active_posts, group_ids, held_today

from .audience import Audience, Term, read_saved
from .models import SavedAudience

# Whoever holds this in a post may write to every organ of the post's division and those below.
DISPATCHER = "dispatcher"
NOBODY = Q(pk__in=[])


def posts_today() -> QuerySet[Post]:
    """Posts that count today, of people and organs that are active."""
    return held_today().filter(department__is_active=True, user__kind=User.Kind.OFFICIAL)


def members(audience: Audience) -> QuerySet[User]:
    """Everybody who belongs to the audience today."""
    saved = _saved(audience)
    users = User.objects.filter(pk__in=posts_today().values("user"))
    return users.filter(_belongs(audience, saved))


def posts_of_members(audience: Audience) -> QuerySet[Post]:
    """One post for each member: the one they are meant in, else the first they head or hold."""
    meant = [_post_q(term) for term in audience.terms if term.is_of_posts]
    posts = posts_today().filter(user__in=members(audience).values("pk"))
    order = ("user", "-is_head", "pk")
    if meant and len(meant) == len(audience.terms):
        posts = posts.filter(_any(meant))
    return posts.order_by(*order).distinct("user")


def _saved(audience: Audience) -> dict[int, Audience]:
    """{saved group: its audience} of those that it names; no query when it names none."""
    if not audience.groups:
        return {}
    rows = SavedAudience.objects.filter(pk__in=audience.groups)
    return {key: read_saved(data) for key, data in rows.values_list("pk", "audience")}


def _belongs(audience: Audience, saved: dict[int, Audience]) -> Q:
    found = _any([_term_q(term, saved) for term in audience.terms])
    if audience.without:
        found &= ~_any([_term_q(term, saved) for term in audience.without])
    return found


def _any(conditions: list[Q]) -> Q:
    found = NOBODY
    for condition in conditions:
        found |= condition
    return found


def _term_q(term: Term, saved: dict[int, Audience]) -> Q:
    if term.is_empty:
        return NOBODY
    found = Q()
    if term.person:
        found &= Q(pk__in=sorted(term.person))
    if term.is_of_posts:
        found &= Q(pk__in=posts_today().filter(_post_q(term)).values("user"))
    for key, values in term.others.items():
        kind = audience_kind(key)
        found &= Q(pk__in=kind.people(values)) if kind else NOBODY
    if term.group:
        found &= _any([_belongs(saved[key], {}) for key in sorted(term.group) if key in saved])
    return found


def _post_q(term: Term) -> Q:
    found = Q()
    if term.organ:
        here = Q(department__in=sorted(term.organ))
        if term.below:
            paths = Department.objects.filter(pk__in=term.organ).values_list("path", flat=True)
            for path in paths:
                here |= Q(department__path__startswith=path)
        found &= here
    if term.kind:
        found &= Q(department__kind__in=sorted(term.kind))
    if term.region:
        found &= _any([_lies_in(code) for code in sorted(term.region)])
    if term.duty:
        named = [duty_name(one) for one in sorted(term.duty)]
        held = Q(pk__in=Post.groups.through.objects.filter(group__name__in=named).values("post"))
        found &= held | Q(is_head=True) if "head" in term.duty else held
    return found


def _lies_in(code: str) -> Q:
    path = "department__region__path"
    return Q(**{f"{path}__startswith": f"{code}/"}) | Q(**{f"{path}__contains": f"/{code}/"})


# -- whom somebody may write to --------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """Organs below these paths, and all organs of these divisions and below."""

    paths: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    def departments(self, path: str = "") -> Q:
        """The organs in the scope; `path` leads to the organ, such as "department__"."""
        found = [Q(**{f"{path}path__startswith": one}) for one in self.paths]
        found += [Q(**{f"{path}region__path__startswith": one}) for one in self.regions]
        return _any(found) if found else Q(pk__in=[])


def scope_of(user) -> Scope:
    """The own organs with everything below; with the duty of a dispatcher, the whole division."""
    posts = active_posts(user)
    paths = _outermost({post.department.path for post in posts})
    regions: set[str] = set()
    if posts:
        held = Group.objects.filter(name=duty_name(DISPATCHER), pk__in=group_ids(user))
        dispatcher = held.values_list("pk", flat=True).first()
        regions = {
            post.department.region.path for post in posts if dispatcher in post.group_ids
        } if dispatcher else set()  # fmt: skip
    return Scope(paths, _outermost(regions))


def _outermost(paths: set[str]) -> tuple[str, ...]:
    """Those paths that lie in no other one."""
    return tuple(
        sorted(
            one
            for one in paths
            if not any(one != other and one.startswith(other) for other in paths)
        )
    )


def organs_in(scope: Scope) -> QuerySet[Department]:
    """The active organs that may be written to."""
    return Department.objects.filter(scope.departments(), is_active=True).select_related("region")


def outside(audience: Audience, scope: Scope) -> QuerySet[User]:
    """The members whom the scope does not reach through any of their posts."""
    inside = posts_today().filter(scope.departments("department__"))
    return members(audience).exclude(pk__in=inside.values("user"))


def sizes(audience: Audience) -> list[dict]:
    """How many members each organ has, the largest first: {"department", "people"}."""
    chosen = posts_of_members(audience)
    counted = Post.objects.filter(pk__in=chosen.values("pk")).values("department")
    rows = counted.annotate(people=Count("pk")).order_by("-people", "department")
    named = Department.objects.in_bulk([row["department"] for row in rows])
    return [{"department": named[row["department"]], "people": row["people"]} for row in rows]


def has_left(user) -> bool:
    """Whether the person is no longer in service: closed, or without any post today."""
    return not posts_today().filter(user=user).exists()
