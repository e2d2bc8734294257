"""Duty rosters: who is on duty, what is missing, which duties can be swapped. Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from security.access import get_or_404, visible_to
from security.accounts.models import User
from security.organs.models import Department, Post
from security.organs.selectors import headed_ids

from . import duties
from .duties import AWAY, LEFT, Duty, Shift
from .models import DutyChange, DutyShift, DutySwap, Roster
from .selectors import away_between, posts_on

# How far ahead gaps are looked for.
AHEAD_DAYS = 14
MOST_ROSTERS = 100
DAY = timedelta(days=1)


def here() -> ZoneInfo:
    """The zone by whose clocks this office lives."""
    return timezone.get_default_timezone()


@dataclass
class Planned:
    """The duties of a roster in a period, with the people in them."""

    roster: Roster
    duties: list[Duty]
    people: dict[int, User]
    deputies: dict[int, list]

    def person(self, duty: Duty) -> User | None:
        return self.people.get(duty.person or duty.planned)

    @property
    def gaps(self) -> list[Duty]:
        return [one for one in self.duties if one.gap]


def rosters(user, department: Department | None = None) -> QuerySet[Roster]:
    """The active rosters, of one organ or of all, by organ and name."""
    found = visible_to(user, "view", Roster.objects.filter(is_active=True))
    if department is not None:
        found = found.filter(department=department)
    return found.select_related("department").order_by("department__code", "name")


def unused(user) -> list[Roster]:
    """The rosters that the person keeps and that are no longer in use."""
    found = visible_to(user, "manage", Roster.objects.filter(is_active=False))
    return list(found.select_related("department").order_by("department__code", "name"))


def roster_for(user, roster_id, verb: str = "view") -> Roster:
    """The roster on which the person may do `verb`; Http404 for any other."""
    return get_or_404(user, verb, Roster.objects.select_related("department"), pk=roster_id)


def plans(found, first: date, last: date, zone: ZoneInfo | None = None) -> list[Planned]:
    """The duties of each roster that begin from `first` to before `last`, the gaps said. Queries do
    not depend on how many rosters, shifts or people there are.
    """
    found, zone = list(found), zone or here()
    shifts, changes = _shifts(found, first, last), _changes(found, first, last)
    begun = _begun(found)
    # The night before reaches into the first day: who has it can clash with what begins then.
    early = first - DAY
    raw = {
        roster.pk: duties.planned(shifts[roster.pk], changes, early, last, zone) for roster in found
    }
    ids = {duty.person for rows in raw.values() for duty in rows if duty.person}
    people = User.objects.in_bulk(ids)
    posts = _posts(ids, early, last)
    away = away_between(ids, early, last) if ids else {}
    told = []
    for roster in found:
        path = roster.department.path

        def why_not(person: int, duty: Duty, path=path) -> str:
            return _why_not(duty.on, people[person], posts[person], away.get(person, ()), path)

        every = duties.said(raw[roster.pk], why_not)
        rows = [one for one in every if one.on >= first]
        if roster.is_always:
            starts_at = duties.moment_at(max(first, begun[roster.pk]), time.min, zone)
            ends_at = duties.moment_at(last, time.min, zone)
            rows += duties.holes(every, starts_at, ends_at)
            rows.sort(key=lambda one: (one.starts_at, one.ends_at))
        told.append(Planned(roster, rows, people, away))
    return told


def _shifts(rosters: list[Roster], first: date, last: date) -> dict[int, list[Shift]]:
    rows = DutyShift.objects.filter(roster__in=rosters, first_on__lt=last)
    rows = rows.exclude(last_on__lt=first - DAY).prefetch_related("turns").order_by("pk")
    found = defaultdict(list)
    for row in rows:
        found[row.roster_id].append(shift_of(row))
    return found


def _begun(rosters: list[Roster]) -> dict[int, date]:
    """{roster: the day from which hours without a shift are gaps}: when it was made, or when its
    first shift began.
    """
    shifts = DutyShift.objects.filter(roster__in=[one for one in rosters if one.is_always])
    found = dict(shifts.order_by().values_list("roster").annotate(Min("first_on")))
    made = {one.pk: timezone.localdate(one.made_at) for one in rosters}
    return {key: min(day, found.get(key, day)) for key, day in made.items()}


def shift_of(row: DutyShift) -> Shift:
    """The row with its turns as the rules know it."""
    people = sorted(row.turns.all(), key=lambda turn: turn.order)
    return Shift(
        row.pk, row.weekday, row.begins, row.ends, row.first_on, row.last_on,
        tuple(turn.person_id for turn in people), row.is_daily,
    )  # fmt: skip


def _changes(rosters, first: date, last: date) -> dict[tuple[int, date], int | None]:
    rows = DutyChange.objects.filter(
        shift__roster__in=rosters, on__gte=first - DAY, on__lt=last
    ).order_by("pk")
    return {(row.shift_id, row.on): row.person_id for row in rows}


def _posts(people, first: date, last: date) -> dict[int, list[Post]]:
    found = defaultdict(list)
    if people:
        rows = Post.objects.filter(user__in=people, valid_from__lt=last)
        rows = rows.exclude(valid_until__lt=first).select_related("department")
        for post in rows:
            found[post.user_id].append(post)
    return found


def _why_not(on: date, person: User, posts, away, path: str) -> str:
    """Why somebody cannot have a duty that begins on `on`; "" when they can."""
    works = person.is_active and any(
        post.department.path.startswith(path)
        and post.valid_from <= on
        and (post.valid_until is None or on <= post.valid_until)
        for post in posts
    )
    if not works:
        return LEFT
    if any(one.valid_from <= on <= one.valid_until for one in away):
        return AWAY
    return ""


def plan_of(roster: Roster, first: date, last: date) -> Planned:
    """The duties of one roster."""
    return plans([roster], first, last)[0]


def on_now(user, department: Department) -> list[dict]:
    """Who is on duty in an organ at this moment; see `on_now_in`."""
    return on_now_in(rosters(user, department)[:MOST_ROSTERS])


def on_now_in(found, at: datetime | None = None) -> list[dict]:
    """{"roster", "duty", "person", "until"} for every roster, also where nobody is on duty. What
    began yesterday may last until today.
    """
    at = at or timezone.now()
    today = at.astimezone(here()).date()
    told = []
    for plan in plans(found, today - DAY, today + DAY):
        under_way = list(duties.now_on(plan.duties, at))
        told += [
            {"roster": plan.roster, "duty": one, "person": plan.people.get(one.person),
             "until": one.ends_at}
            for one in under_way
        ] or [{"roster": plan.roster, "duty": None, "person": None, "until": None}]  # fmt: skip
    return told


def gaps_ahead(user, at: datetime | None = None) -> list[tuple[Roster, Duty]]:
    """The gaps of the next two weeks in the rosters that `user` keeps."""
    organs = headed_ids(user)
    if not organs:
        return []
    at = at or timezone.now()
    today = at.astimezone(here()).date()
    found = rosters(user).filter(department__in=organs)[:MOST_ROSTERS]
    return [
        (plan.roster, one)
        for plan in plans(found, today, today + timedelta(days=AHEAD_DAYS))
        for one in plan.gaps
        if one.ends_at > at
    ]


def swaps_open(user, roster: Roster) -> list[DutySwap]:
    """The open wishes that the person made or has to answer."""
    found = DutySwap.objects.filter(roster=roster, state=DutySwap.State.ASKED)
    found = found.filter(other=user) | found.filter(asked_by=user)
    related = ("asked_by", "other", "shift", "other_shift", "roster__department")
    return list(found.select_related(*related).order_by("asked_at"))


def swap_for(user, swap_id, verb: str) -> DutySwap:
    found = DutySwap.objects.select_related("roster__department", "asked_by", "other")
    return get_or_404(user, verb, found, pk=swap_id)


def staff_of(roster: Roster) -> list[User]:
    """Who can be on duty: the people of the organ and of those below it, by name."""
    posts = posts_on().filter(department__path__startswith=roster.department.path)
    return list(User.objects.filter(pk__in=posts.values("user")).order_by("name", "pk"))


def shifts_of(roster: Roster) -> list[DutyShift]:
    """The pattern in force and to come, with its people."""
    today = timezone.localdate()
    found = roster.shifts.exclude(last_on__lt=today).prefetch_related("turns__person")
    return list(found.order_by("weekday", "begins", "first_on", "pk"))


def changes_of(roster: Roster, first: date, last: date) -> dict[tuple[int, date], DutyChange]:
    """{(shift, day): the change that counts} with its reason and who made it."""
    rows = DutyChange.objects.filter(shift__roster=roster, on__gte=first, on__lt=last)
    rows = rows.select_related("made_by", "person").order_by("pk")
    return {(row.shift_id, row.on): row for row in rows}


def rosters_with(people: set[int], first: date, last: date) -> QuerySet[Roster]:
    """The active rosters in which any of these people may have a duty in the period."""
    shifts = DutyShift.objects.filter(turns__person__in=people, first_on__lt=last)
    shifts = shifts.exclude(last_on__lt=first - DAY)
    changes = DutyChange.objects.filter(person__in=people, on__gte=first - DAY, on__lt=last)
    named = Q(pk__in=shifts.values("roster")) | Q(pk__in=changes.values("shift__roster"))
    found = Roster.objects.filter(named, is_active=True).select_related("department")
    return found.order_by("department__code", "name")


def duties_of(person, first: date, last: date) -> list[tuple[Roster, Duty]]:
    """The duties that a person has, in every roster."""
    found = rosters_with({person.pk}, first, last)
    return [
        (plan.roster, one)
        for plan in plans(found[:MOST_ROSTERS], first, last)
        for one in plan.duties
        if one.person == person.pk
    ]
