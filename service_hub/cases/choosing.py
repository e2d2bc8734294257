"""Narrowing the list of one's own cases: by state, service, year, light, words or
number; a person's by whom they are for, a firm's by who filed them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick
from security.accounts.selectors import valid_mandates

from .models import Case
from .numbers import plain_number
from .selectors import cases_for_others, cases_of

ME = "me"
RUNNING = "running"
FILTERS = ("state", "service", "year", "whom", "by", "light")
LONGEST_TEXT = 60
MOST_WORDS = 5


@dataclass(frozen=True)
class Wish:
    """What is wanted; empty where everything is."""

    state: str = ""
    service: str = ""
    year: str = ""
    whom: str = ""
    by: str = ""
    light: str = ""
    text: str = ""

    @property
    def is_any(self) -> bool:
        """Whether the list is narrowed at all."""
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class Choices:
    """[(value, words)] of each filter: only what would find something, but for state and light."""

    state: list[tuple[str, str]]
    service: list[tuple[str, str]]
    year: list[tuple[str, str]]
    whom: list[tuple[str, str]]
    by: list[tuple[str, str]]
    light: list[tuple[str, str]]


def choices_for(user, firm=None) -> Choices:
    """What the cases of a person, or of the firm acted for, can be narrowed by; three queries."""
    found = _reachable(user, firm)
    items = found.order_by().values_list("item_id", "item__title").distinct()
    services = sorted(((str(key), pick(title)) for key, title in items), key=lambda one: one[1])
    years = found.order_by().dates("submitted_at", "year", order="DESC")
    filed = Case.objects.none() if firm else cases_for_others(user).exclude(applicant=None)
    others = filed.order_by("applicant_id").distinct("applicant_id")
    whom = [(ME, _("For me")), *((str(one.applicant_id), str(one.applicant)) for one in others)]
    return Choices(
        state=[(RUNNING, _("Still running")), *Case.State.choices],
        service=services,
        year=[(str(one.year), str(one.year)) for one in years],
        whom=whom if len(whom) > 1 else [],
        by=_members_among(found) if firm else [],
        light=list(Case.Light.choices),
    )


def _members_among(cases: QuerySet[Case]) -> list[tuple[str, str]]:
    filed = cases.order_by().exclude(applicant=None).values_list("applicant", "applicant__name")
    people = sorted(((str(key), name) for key, name in filed.distinct()), key=lambda one: one[1])
    return people if len(people) > 1 else []


def wish_from(given, choices: Choices) -> Wish:
    """The wish that an address writes; what no filter offers counts as not chosen."""
    known = {
        name: value
        for name in FILTERS
        if (value := given.get(name, "")) in dict(getattr(choices, name))
    }
    text = " ".join(given.get("q", "").replace("\x00", "").split())
    return Wish(**known, text=text[:LONGEST_TEXT])


def cases_wanted(user, firm, wish: Wish) -> QuerySet[Case]:
    """The person's cases and those they filed for others, or the firm's, that fit the wish."""
    found = _reachable(user, firm).filter(_fits(wish, user))
    return found.select_related("item__napp", "department", "correction", "applicant")


def _reachable(user, firm) -> QuerySet[Case]:
    mine = cases_of(user, firm)
    if firm is not None:
        return mine
    for_others = Q(mandate__in=valid_mandates().filter(agent=user))
    both = Case.objects.filter(Q(applicant=user, firm=None) | for_others)
    return both.order_by("-submitted_at", "-pk")


def _fits(wish: Wish, user) -> Q:
    fits = Q()
    if wish.state == RUNNING:
        fits &= ~Q(state__in=Case.ENDED)
    elif wish.state:
        fits &= Q(state=wish.state)
    if wish.service:
        fits &= Q(item=wish.service)
    if wish.year:
        fits &= Q(submitted_at__year=int(wish.year))
    if wish.whom:
        fits &= Q(applicant=user.pk if wish.whom == ME else wish.whom)
    if wish.by:
        fits &= Q(applicant=wish.by)
    if wish.light:
        fits &= Q(light=wish.light, closed_at=None)
    return fits & _says(wish.text)


def _says(text: str) -> Q:
    """Every word stands in the title; or the whole is a part of the number, however grouped."""
    in_title = Q()
    for word in text.split()[:MOST_WORDS]:
        in_title &= Q(item__title__zh__icontains=word) | Q(item__title__en__icontains=word)
    number = plain_number(text)
    return in_title | Q(number__contains=number) if number else in_title
