"""How long answers are kept: what forms declared, and what is over on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from platform_core.capabilities.forms.capability import forms_of
from platform_core.capabilities.forms.models import Record, RecordRevision
from platform_core.capabilities.forms.privacy import declaration_of, is_sensitive
from platform_core.capabilities.process.models import ProcessEvent
from platform_core.common.days import midnight
from platform_core.common.i18n import pick
from platform_core.napps.models import NAppVersion
from service_hub.cases.models import Case

from .models import LegalHold


@dataclass(frozen=True)
class Rule:
    """Answers to one question of one version are kept `days` days after the case has ended, or
    after they were sent where there is no case.
    """

    version: int
    slug: str
    form: str
    field: str
    days: int
    title: str

    @property
    def question(self) -> str:
        """The name by which a hold covers it."""
        return f"{self.slug}/{self.form}/{self.field}"


def cutoff(today: date, days: int) -> datetime:
    """The first moment whose answers are still kept on `today`: the last day of keeping counts in
    full, in local time.
    """
    return midnight(today - timedelta(days=days))


def rules() -> list[Rule]:
    """What the forms that were ever answered declare; two queries."""
    answered = Record.objects.order_by().values_list("napp_version", "form_key").distinct()
    pairs = list(answered)
    versions = NAppVersion.objects.select_related("napp").in_bulk({pk for pk, _form in pairs})
    return [rule for pk, key in sorted(pairs) for rule in _rules_of(versions[pk], key)]


def _rules_of(version: NAppVersion, form_key: str) -> list[Rule]:
    form = forms_of(version).get(form_key)
    if form is None:
        return []
    return [
        Rule(
            version.pk, version.napp.slug, form_key, question.key, found.retention_days,
            f"{pick(form.title)} · {pick(question.label)}",
        )
        for question in form.questions()
        if is_sensitive(question) and (found := declaration_of(form, question)) is not None
    ]  # fmt: skip


def active_holds(today: date) -> QuerySet[LegalHold]:
    """The holds that last on `today`."""
    return LegalHold.objects.filter(Q(until=None) | Q(until__gte=today), lifted_at=None)


def overdue(rule: Rule, today: date) -> QuerySet[Record]:
    """The records whose answer is over by this rule: not of a running case, and not held. What an
    official filled in during a step is over with the case of that step.
    """
    before = cutoff(today, rule.days)
    is_over = Q(case__closed_at__lt=before, case__state__in=Case.ENDED) | Q(
        case__isnull=True, created_at__lt=before
    )
    earlier = RecordRevision.objects.filter(record=OuterRef("pk"), data__has_key=rule.field)
    found = Record.objects.filter(is_over, napp_version=rule.version, form_key=rule.form)
    found = found.filter(Q(data__has_key=rule.field) | Exists(earlier))
    over = Case.objects.filter(process__isnull=False, closed_at__lt=before, state__in=Case.ENDED)
    found = found.exclude(Exists(_steps().exclude(instance__in=over.values("process"))))
    holds = list(active_holds(today).filter(question__in=["", rule.question]))
    if any(hold.person_id is None for hold in holds):
        return found.none()
    people = [hold.person_id for hold in holds]
    if not people:
        return found
    theirs = (
        Q(case__applicant__in=people) | Q(created_by__in=people) | Q(mandate__principal__in=people)
    )
    held = Case.objects.filter(applicant__in=people, process__isnull=False).values("process")
    found = found.exclude(Exists(_steps().filter(instance__in=held)))
    return found.exclude(pk__in=Record.objects.filter(theirs).values("pk"))


def _steps() -> QuerySet[ProcessEvent]:
    """The events of steps in which the outer record was filled in; it has no case of its own."""
    named = KeyTextTransform("record", "data")
    return ProcessEvent.objects.alias(named=named).filter(
        kind="submitted", named=Cast(OuterRef("pk"), TextField())
    )
