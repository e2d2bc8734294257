"""A firm's cases by state, service, who filed, year and words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from platform_core.common.i18n import pick

from .models import Case
from .numbers import plain_number

State = Case.State
STATES = {
    "needs": (State.CORRECTING,),
    "running": (State.SUBMITTED, State.ACCEPTED, State.REVIEWING, State.SUSPENDED),
    "approved": (State.APPROVED,),
    "refused": (State.REFUSED, State.NOT_ACCEPTED),
    "ended": (State.WITHDRAWN, State.VOID),
}
LONGEST_TEXT = 60
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Filters:
    """What was asked for; "" and 0 ask for nothing. What nobody could have chosen is left out."""

    state: str = ""
    service: int = 0
    by: int = 0
    year: int = 0
    text: str = ""

    @property
    def any(self) -> bool:
        """Whether anything was asked for."""
        return any((self.state, self.service, self.by, self.year, self.text))


def filters_from(query) -> Filters:
    """The filters of an address; takes the query of a request."""
    state = query.get("state", "")
    return Filters(
        state=state if state in STATES else "",
        service=_number(query.get("service", "")),
        by=_number(query.get("by", "")),
        year=_number(query.get("year", "")),
        text=query.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT],
    )


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else 0


def filtered(cases: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    """Those of `cases` that were asked for."""
    if filters.state:
        cases = cases.filter(state__in=STATES[filters.state])
    if filters.service:
        cases = cases.filter(item=filters.service)
    if filters.by:
        cases = cases.filter(applicant=filters.by)
    if 1 <= filters.year <= 9999:
        cases = cases.filter(submitted_at__year=filters.year)
    for word in filters.text.split()[:5]:
        in_title = Q(item__title__zh__icontains=word) | Q(item__title__en__icontains=word)
        cases = cases.filter(in_title | Q(number__icontains=plain_number(word)))
    return cases


def choices_for(cases: QuerySet[Case]) -> dict[str, list[tuple]]:
    """{name: [(value, words)]} of what can be chosen among `cases`; three queries."""
    plain = cases.order_by()
    items = plain.values_list("item", "item__title").distinct()
    people = plain.exclude(applicant=None).values_list("applicant", "applicant__name").distinct()
    years = plain.annotate(year=ExtractYear("submitted_at")).values_list("year", flat=True)
    by_words = {"key": lambda pair: pair[1]}
    return {
        "states": [
            ("needs", _("Needs us")), ("running", _("Under way")), ("approved", _("Done")),
            ("refused", _("Refused")), ("ended", _("Taken back or void")),
        ],
        "services": sorted(((pk, pick(title)) for pk, title in items), **by_words),
        "people": sorted(people, **by_words),
        "years": [(year, str(year)) for year in sorted(set(years.distinct()), reverse=True)],
    }  # fmt: skip
