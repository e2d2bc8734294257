"""Who may activate the plans of an organ, and whom others call. Reads only.

It is the right of the organ's heads, of whoever was given the duty in a post there, and of those
who stand in for either in everything.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from collab_hub.directory.selectors import Line, lines
from platform_core.capabilities.process.delegation.selectors import in_force, standing_in
from platform_core.common.templatetags.ui import day
from security.organs.duties import duty_ids
from security.organs.models import Department, Post
from security.organs.selectors import active_posts, departments_at

from . import content as plans
from .models import Plan, PlanVersion
from .seats import posts_in

ACTIVATOR = "activator"
RIGHTS = ("head", ACTIVATOR)
MOST_NAMED = 5


@dataclass(frozen=True)
class Holder:
    """Somebody who may activate, as what and by which right, and how the reader reaches them."""

    line: Line
    said: str


@dataclass(frozen=True)
class Contact:
    """A role of a contact tree with whoever would get it today; `line` is None where it is
    vacant.
    """

    title: dict
    depth: int
    organ: Department
    line: Line | None


def _carries(post: Post, rights: dict[str, int]) -> bool:
    return post.is_head or not set(rights.values()).isdisjoint(post.group_ids)


def activating_organs(user) -> set[int]:
    """The organs whose plans `user` may activate today."""
    mine = active_posts(user)
    if not mine:
        return set()
    rights = duty_ids(RIGHTS)
    found = {post.department_id for post in mine if _carries(post, rights)}
    principals = {one.principal.pk for one in standing_in(user) if not one.napps}
    if principals:
        theirs = posts_in({post.department_id for post in mine}, principals)
        found |= {post.department_id for post in theirs if _carries(post, rights)}
    return found


def _holding(organ: Department) -> dict[int, tuple[object, str]]:
    """{person: (person, by which right)} of an organ, heads first."""
    rights, posts = duty_ids(RIGHTS), posts_in([organ.pk])
    head = rights.get("head")
    found = {}
    for post in sorted(posts, key=lambda one: (not one.is_head, head not in one.group_ids)):
        if _carries(post, rights):
            is_head = post.is_head or head in post.group_ids
            right = pgettext("activates a plan", "head") if is_head else _("has this duty")
            found.setdefault(post.user_id, (post.user, right))
    there = {post.user_id for post in posts}
    for one in in_force().filter(principal__in=found, napps=[]).select_related(
        "principal", "deputy"
    ).order_by("pk"):  # fmt: skip
        if one.deputy_id in there:
            words = {"name": one.principal, "day": day(one.valid_until)}
            said = _("stands in for %(name)s until %(day)s") % words
            found.setdefault(one.deputy_id, (one.deputy, said))
    return found


def refusal(plan: Plan) -> str:
    """What somebody is told who may not activate the plan: who may, at most five names."""
    found = [str(person) for person, _right in _holding(plan.owner).values()]
    if not found:
        return _("Nobody may activate this plan today. Call whoever leads its contact tree.")
    names = _(", ").join(found[:MOST_NAMED])
    return _("You may not activate this plan. Call one of those who may: %(names)s.") % {
        "names": names
    }


def holders(reader, organ: Department) -> list[Holder]:
    """Who may activate the plans of `organ`, as `reader` reaches them. A constant number of
    queries.
    """
    found = _holding(organ)
    reached = lines(reader, [person for person, _right in found.values()], organ)
    return [Holder(line, _said(line.titles_in(organ), found[line.user.pk][1])) for line in reached]


def _said(titles: list[str], right: str) -> str:
    # Many a head is called just that.
    is_told = right.casefold() in {one.casefold() for one in titles}
    return " · ".join(titles if is_told else [*titles, right])


def contacts(reader, plan: Plan, version: PlanVersion) -> list[Contact]:
    """The plan's contact tree, filled from the posts of today as an activation would. A constant
    number of queries.
    """
    entries = plans.in_tree_order(plans.of(version.content, "roles"))
    organs = departments_at(plan.owner.region)
    here = {one["key"]: organs.get(one["organ"]) or plan.owner for one, _depth in entries}
    posts = posts_in({organ.pk for organ in here.values()})
    duties, people = duty_ids({one["duty"] for one, _depth in entries}), {}
    for one, _depth in entries:
        group, organ = duties.get(one["duty"]), here[one["key"]].pk
        held = (p.user for p in posts if p.department_id == organ and group in p.group_ids)
        people[one["key"]] = next(held, None)
    asked = {person.pk: person for person in people.values() if person is not None}
    reached = {line.user.pk: line for line in lines(reader, asked.values())}
    return [
        Contact(
            one["title"], min(depth, 3), here[one["key"]],
            reached.get(getattr(people[one["key"]], "pk", None)),
        )
        for one, depth in entries
    ]  # fmt: skip
