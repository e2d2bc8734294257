"""From rows to the pure table: how an order stands, what somebody is to it, what is above."""

from security.organs.selectors import active_posts, department_for

from .models import Rectification
from .rectifying import Hand, Standing


def standing_of(order: Rectification) -> Standing:
    """How the order stands."""
    return Standing(order.state, order.round, order.is_extended, order.has_appealed)


def hand_of(actor, order: Rectification) -> Hand:
    """What the official is to the order: by the posts held today."""
    user = actor.user
    if user is None:
        return Hand()
    is_of_office = is_head = is_above = False
    for post in active_posts(user):
        if post.department_id == order.department_id:
            is_of_office = True
            is_head |= post.is_head or _holds_head(post)
        else:
            is_above |= _is_above(post.department, order.department)
    appeal = getattr(order, "appeal", None) if order.has_appealed else None
    return Hand(
        is_rated=order.officer_id == user.pk,
        is_of_office=is_of_office,
        is_head=is_head,
        is_of_organ_above=is_above,
        has_asked_review=appeal is not None and appeal.asked_by_id == user.pk,
    )


def _is_above(department, other) -> bool:
    """Above in the tree, or the same function in a division above."""
    if other.path.startswith(department.path):
        return True
    here, there = department.region.path, other.region.path
    return department.kind == other.kind and there.startswith(here) and there != here


def _holds_head(post) -> bool:
    return post.groups.filter(name="duty:head").exists()


def organ_above(department):
    """The organ that looks again when the person says it is not solved, or None at the top: above
    in the tree, else the same function in the division above.
    """
    if department.parent_id:
        return department.parent
    region = department.region.parent
    found = department_for(department.kind, region) if region else None
    return found if found and found.pk != department.pk else None
