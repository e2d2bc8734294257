"""Who reads a supervised matter, and what somebody is to it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from security.access import Policy, register_policy
from security.access.policies import is_admin, is_auditor
from security.organs.models import Department
from security.organs.selectors import active_posts, organs_of, own_organs

from .models import Assistance, Supervision, SupervisionLine
from .stages import Hand

# Functions of the organs that supervise others: the government itself, and its service bureau.
SUPERVISORS = ("government", "service_bureau")
NOBODY = Q(pk__in=[])
UNOPENED = [Supervision.State.PROPOSED, Supervision.State.DROPPED]


def owned_by(user) -> Q:
    """What the organs of `user` supervise."""
    return Q(owner__in=organs_of(user))


def handled_by(user) -> Q:
    """What the organs of `user` have to do, as lead or assisting organ, once it is opened."""
    helps = Assistance.objects.filter(organ__in=organs_of(user), item=OuterRef("pk"))
    return (Q(lead__in=organs_of(user)) | Exists(helps)) & ~Q(state__in=UNOPENED)


def seen_from_above(user) -> Q:
    """What organs below those of `user` supervise or have to do."""
    found = NOBODY
    for post in active_posts(user):
        path = post.department.path
        helps = Assistance.objects.filter(organ__path__startswith=path, item=OuterRef("pk"))
        handled = (Q(lead__path__startswith=path) | Exists(helps)) & ~Q(state__in=UNOPENED)
        found |= Q(owner__path__startswith=path) | handled
    return found


class SupervisionPolicy(Policy):
    """Officials of the supervising, the lead and the assisting organs, and those above them;
    auditors and administrators read everything.
    """

    def visible(self, user, verb, queryset):
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb in {"read", "view"} and (is_admin(user) or is_auditor(user)):
            return queryset
        if not active_posts(user):
            return queryset.none()
        allowed = {
            "read": lambda: seen_from_above(user),
            "own": lambda: owned_by(user),
            "handle": lambda: handled_by(user),
        }.get(verb)
        return queryset.filter(allowed()) if allowed else queryset.none()


def own_among(user, organs: list[Department]) -> list[Department]:
    """Those of `organs` in which `user` works."""
    mine = organs_of(user)
    return [organ for organ in organs if organ.pk in mine]


def supervising_organs(user) -> list[Department]:
    """The organs in whose name `user` may have something supervised."""
    return [one for one in own_organs(user) if one.kind in SUPERVISORS]


def _holds(user, department: Department) -> bool:
    return department.pk in organs_of(user)


def hand_of(user, item: Supervision, assisting: list[Department]) -> Hand:
    """What `user` is to `item`, whose assisting organs are given. Whoever wrote a line of the
    verdict took part in it, wherever they work now.
    """
    took_part = item.has_objected and (
        item.verdict_by_id == user.pk
        or SupervisionLine.objects.filter(
            item=item, actor=user, kind__in=["accept", "redo", "conclude"]
        ).exists()
    )
    return Hand(
        is_owner=_holds(user, item.owner),
        is_lead=_holds(user, item.lead),
        is_assisting=any(_holds(user, organ) for organ in assisting),
        was_proposer=item.proposed_by_id == user.pk,
        took_part=took_part,
    )


register_policy(Supervision, SupervisionPolicy())
