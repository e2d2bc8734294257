"""Reads of duties: what a firm has to do by when, what is done, and by whom it can be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.documents.selectors import wallet_of
from platform_core.common.i18n import pick
from platform_core.common.workcalendar import is_workday
from platform_core.napps.models import NApp
from platform_core.napps.selectors import version_manifest
from security.accounts.firm_roles import FILE
from security.accounts.selectors import firm_mandate, firms_of, firms_with
from service_hub.benefits import facts as known
from service_hub.benefits.matching import FITS, NO, match
from service_hub.cases.models import Case
from service_hub.cases.services import SUBJECT

from . import recurrence, schema
from .models import Duty, DutyMark

AHEAD = timedelta(days=400)
BEHIND = timedelta(days=366)
MOST_MARKS = 20
MOST_CERTIFICATES = 100


@dataclass(frozen=True)
class Line:
    """One time that a duty of a firm is due. `missing` are the facts that nobody knows and on which
    it depends whether the duty is the firm's at all.
    """

    duty: Duty
    definition: schema.Duty
    occurrence: recurrence.Occurrence
    missing: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        return pick(self.definition.title.model_dump())

    @property
    def is_certain(self) -> bool:
        return not self.missing

    @property
    def is_date_certain(self) -> bool:
        """Whether the working days around the day are published."""
        return self.occurrence.on is not None

    @property
    def note(self) -> str:
        """What has to be said beside the day."""
        if self.missing:
            words = _("Perhaps: the register does not say %(facts)s.")
            return words % {"facts": ", ".join(self.missing)}
        if not self.is_date_certain:
            return _("The working days of that year are not published yet: the day may move.")
        return period_words(self.occurrence.period)

    def days_left(self, today: date) -> int:
        """Days until it is due; negative when it is late."""
        return (self.occurrence.day - today).days


@dataclass(frozen=True)
class Done:
    """What was done, with its words."""

    mark: DutyMark
    title: str
    period: str


def period_words(period: str) -> str:
    """The year, quarter or month for which a duty is due; "" for a day or a certificate."""
    year, _dash, rest = period.partition("-")
    if period.isdigit():
        return _("for the year %(year)s") % {"year": period}
    if rest in {"Q1", "Q2", "Q3", "Q4"}:
        return _("for quarter %(number)s of %(year)s") % {"number": rest[1], "year": year}
    if year.isdigit() and rest.isdigit():
        return _("for month %(month)s of %(year)s") % {"month": int(rest), "year": year}
    return ""


def duties_in_use():
    """The duties of open N-apps; their definitions stand in the version in force."""
    found = Duty.objects.filter(is_in_use=True, napp__state=NApp.State.OPEN)
    found = found.select_related("napp", "napp_version").defer("napp_version__manifest")
    return found.order_by("pk")


def definition_of(duty: Duty) -> schema.Duty:
    """What the version in force says about the duty."""
    declared = version_manifest(duty.napp_version).section("duties")
    return next(one for one in declared if one.key == duty.key)


def lines_for(user, firm, today: date | None = None) -> list[Line]:
    """What is late, open and next for one of the firm's members, of every duty that is the firm's
    or may be. As many queries however many.
    """
    return lines_of(firm, today, user=user) if firm in firms_of(user) else []


def lines_of(firm, today: date | None = None, *, user=None) -> list[Line]:
    """The same for the platform itself; with `user`, what that member may see of certificates."""
    if firm.dissolved_on:
        return []
    today = today or timezone.localdate()
    done: dict[int, set[str]] = {}
    for duty_id, period in DutyMark.objects.filter(firm=firm).values_list("duty_id", "period"):
        done.setdefault(duty_id, set()).add(period)
    found = [
        Line(duty, definition, one, missing)
        for duty, definition, missing in duties_of(firm, today)
        for one in recurrence.waiting(
            times_of(firm, duty, definition, today, user=user), done.get(duty.pk, set()), today
        )
    ]
    return sorted(found, key=lambda line: (line.occurrence.day, line.duty.pk))


def duties_of(firm, today: date, *, service: str = "") -> list[tuple]:
    """(duty, definition, facts that are missing) of every duty that is the firm's or may be; with
    `service`, only those done there.
    """
    found = duties_in_use()
    if service:
        found = found.filter(service=service)
    duties = list(found)
    facts, labels = known.facts_of_firm(firm) if duties else {}, known.labels()
    kept = []
    for duty in duties:
        definition = definition_of(duty)
        result, conditions = (
            match(definition.firms, facts, today) if definition.firms else (FITS, [])
        )
        if result != NO:
            missing = {labels[key] for one in conditions for key in one.missing}
            kept.append((duty, definition, tuple(sorted(missing)) if result != FITS else ()))
    return kept


def times_of(firm, duty: Duty, definition: schema.Duty, today: date, *, user=None):
    """Every time that it is due around today; never before the platform knew the firm."""
    if definition.when.kind == "validity":
        return [
            recurrence.of_certificate(
                pk, ends, definition.when.working_days, definition.opens_days, is_workday
            )
            for pk, ends in _certificates(firm, user, duty.service, today)
        ]
    first = max(definition.since, timezone.localdate(firm.created_at), today - BEHIND)
    return recurrence.occurrences(
        definition.when, definition.shift, definition.opens_days, first, today + AHEAD, is_workday
    )


def _certificates(firm, user, service: str, today: date):
    """(id, last day) of the firm's certificates that the service issued and that end."""
    slug, _slash, key = service.partition("/")
    cases = Case.objects.filter(firm=firm, item__napp__slug=slug, item__key=key)
    held = wallet_of(user, firm).filter(
        kind=Document.Kind.CERTIFICATE, state=Document.State.VALID, subject_type=SUBJECT,
        valid_until__gte=today - BEHIND, valid_until__lte=today + AHEAD,
        subject_id__in=cases.annotate(ref=Cast("pk", CharField())).values("ref"),
    )  # fmt: skip
    return held.values_list("pk", "valid_until")[:MOST_CERTIFICATES]


def line_for(user, firm, slug: str, key: str, period: str) -> tuple[Line | None, DutyMark | None]:
    """(the duty at that time, how it was done): one of the two is there, else Http404."""
    if firm not in firms_of(user):
        raise Http404
    mark = DutyMark.objects.filter(
        firm=firm, duty__napp__slug=slug, duty__key=key, period=period
    ).select_related("duty__napp", "duty__napp_version", "case", "by")
    mark = mark.first()
    if mark is not None:
        return None, mark
    for line in lines_for(user, firm):
        duty = line.duty
        if (duty.napp.slug, duty.key, line.occurrence.period) == (slug, key, period):
            return line, None
    raise Http404


def marks_of(user, firm) -> list[Done]:
    """What the firm did lately, newest first, for its members."""
    if firm not in firms_of(user):
        return []
    found = DutyMark.objects.filter(firm=firm).select_related(
        "duty__napp", "duty__napp_version", "case", "by"
    )
    found = found.defer("duty__napp_version__manifest")
    return [
        Done(one, pick(definition_of(one.duty).title.model_dump()), period_words(one.period))
        for one in found.order_by("-at")[:MOST_MARKS]
    ]


def may_mark(user, firm, duty: Duty) -> bool:
    """Whether the member may say that the duty is done: whoever may apply in its service."""
    if firm not in firms_with(user, FILE):
        return False
    mandate = firm_mandate(user, firm)
    return not (mandate.services and duty.service and duty.service not in mandate.services)
