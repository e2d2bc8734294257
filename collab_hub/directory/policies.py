"""Who sees mobile numbers, keeps a roster, books and keeps a room."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from security.access import Policy, register_policy
from security.organs.selectors import active_posts, headed_ids, organs_of

from .models import CalendarLink, Card, DutySwap, Room, RoomBooking, Roster

NOBODY = Q(pk__in=[])


def is_inside(user) -> bool:
    """Whether `user` works in an organ today. Administrators and auditors run the machine; they are
    not whom mobile numbers were given to.
    """
    return bool(user and user.is_authenticated and user.is_active and active_posts(user))


class CardPolicy(Policy):
    """Everybody who works in an organ reads cards; their own is "change"."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if not is_inside(user):
            return queryset.none()
        if verb == "view":
            return queryset
        return queryset.filter(user=user) if verb == "change" else queryset.none()


class RosterPolicy(Policy):
    """Who is on duty is known inside government ("view"); the heads of the organ keep its rosters
    ("manage").
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if not is_inside(user):
            return queryset.none()
        if verb == "view":
            return queryset
        return (
            queryset.filter(department__in=headed_ids(user))
            if verb == "manage"
            else (queryset.none())
        )


class SwapPolicy(Policy):
    """ "decide" is the other person's, "withdraw" that of who asked."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if not is_inside(user):
            return queryset.none()
        whose = {"decide": Q(other=user), "withdraw": Q(asked_by=user)}.get(verb, NOBODY)
        return queryset.filter(whose)


def rooms_of(user) -> Q:
    """The rooms that `user` may book: those of their organs and of the organs above them, and what
    organs of the same division share.
    """
    found = NOBODY
    for post in active_posts(user):
        above = [code for code in post.department.path.split("/") if code]
        found |= Q(department__code__in=above)
        found |= Q(is_shared=True, department__region=post.department.region_id)
    return found


class RoomPolicy(Policy):
    """ "book" as `rooms_of`; "manage" is for the heads of the organ that keeps the room."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if not is_inside(user):
            return queryset.none()
        if verb in ("view", "book"):
            return queryset.filter(rooms_of(user), is_active=True)
        return (
            queryset.filter(department__in=headed_ids(user))
            if verb == "manage"
            else (queryset.none())
        )


class BookingPolicy(Policy):
    """ "change" is for who booked, and for the heads of the organ they booked for; the heads of the
    organ that keeps the room may "cancel" as well.
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if not is_inside(user):
            return queryset.none()
        own = Q(person=user) | Q(department__in=headed_ids(user))
        if verb == "change":
            return queryset.filter(own)
        if verb == "cancel":
            return queryset.filter(own | Q(room__department__in=headed_ids(user)))
        if verb == "read":
            mine = organs_of(user)
            kept = Q(room__department__in=headed_ids(user))
            return queryset.filter(own | Q(department__in=mine) | kept)
        return queryset.none()


class LinkPolicy(Policy):
    """Nobody but the person sees their links."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        return queryset.filter(user=user) if is_inside(user) else queryset.none()


register_policy(Card, CardPolicy())
register_policy(Roster, RosterPolicy())
register_policy(DutySwap, SwapPolicy())
register_policy(Room, RoomPolicy())
register_policy(RoomBooking, BookingPolicy())
register_policy(CalendarLink, LinkPolicy())
