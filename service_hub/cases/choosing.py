"""Narrowing the list of one's own cases: by state, service, year, for whom, light and number."""

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
LONGEST_NUMBER = 43


@dataclass(frozen=True)
class Wish:
    """What is wanted; empty where everything is."""

    state: str = ""
    service: str = ""
    year: str = ""
    whom: str = ""
    light: str = ""
    number: str = ""

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
    light: list[tuple[str, str]]


def choices_for(user, firm=None) -> Choices:
    """What the cases of a person, or of the firm acted for, can be narrowed by; two queries, and a
    third for a person.
    """
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
        light=list(Case.Light.choices),
    )


def wish_from(given, choices: Choices) -> Wish:
    """The wish that an address writes; what no filter offers counts as not chosen."""
    known = {
        name: value
        for name in ("state", "service", "year", "whom", "light")
        if (value := given.get(name, "")) in dict(getattr(choices, name))
    }
    number = plain_number(given.get("number", "").replace("\x00", ""))
    return Wish(**known, number=number[:LONGEST_NUMBER])


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
    if wish.light:
        fits &= Q(light=wish.light, closed_at=None)
    if wish.number:
        fits &= Q(number__contains=wish.number)
    return fits
