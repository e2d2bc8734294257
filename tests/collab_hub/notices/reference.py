"""The language of audiences read person by person: what the database is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from collab_hub.notices.audience import Audience, Term


@dataclass(frozen=True)
class PostFacts:
    """A post as the language sees it: `organs` and `regions` are the chains up to the top, the own
    one included; `organ` is the own one."""

    organ: int
    organs: frozenset[int]
    kind: str
    regions: frozenset[str]
    duties: frozenset[str]


@dataclass(frozen=True)
class PersonFacts:
    """Somebody with at least one post, and what registered kinds they belong to."""

    person: int
    posts: tuple[PostFacts, ...]
    others: frozenset[tuple[str, str]] = field(default=frozenset())


def matches(audience: Audience, one: PersonFacts, saved: Mapping[int, Audience]) -> bool:
    """Whether the person belongs to it. `saved` holds the audiences of saved groups; an unknown one
    has nobody in it."""
    if not one.posts:
        return False
    if not any(_meets(term, one, saved) for term in audience.terms):
        return False
    return not any(_meets(term, one, saved) for term in audience.without)


def _meets(term: Term, one: PersonFacts, saved) -> bool:
    if term.is_empty:
        return False
    if term.person and one.person not in term.person:
        return False
    if term.is_of_posts and not any(_meets_post(term, post) for post in one.posts):
        return False
    for kind, values in term.others.items():
        if not any((kind, value) in one.others for value in values):
            return False
    if term.group:
        known = [saved[key] for key in term.group if key in saved]
        # A group holds no groups, so this ends.
        return any(matches(audience, one, {}) for audience in known)
    return True


def _meets_post(term: Term, post: PostFacts) -> bool:
    organs = post.organs if term.below else {post.organ}
    return (
        (not term.organ or bool(term.organ & organs))
        and (not term.kind or post.kind in term.kind)
        and (not term.region or bool(term.region & post.regions))
        and (not term.duty or bool(term.duty & post.duties))
    )
