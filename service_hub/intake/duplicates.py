"""Applications that were probably sent twice: same applicant, item and answers, still running."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from platform_core.capabilities.forms import selectors as forms
from security.access import visible_to
from security.crypto import blind_index
from service_hub.cases.answers import index_of_answers
from service_hub.cases.models import Case
from service_hub.cases.states import RUNNING

LOOKED_BACK = timedelta(days=90)


def _running(item, since: datetime) -> QuerySet[Case]:
    cases = Case.objects.filter(item=item, submitted_at__gte=since).filter(state__in=RUNNING)
    return cases.exclude(answers_index="").select_related("item").order_by("submitted_at")


def _of(applicant, firm, number: str) -> Q | None:
    """The cases of a firm, an account, or somebody known by their citizen number alone."""
    if firm is not None:
        return Q(firm=firm)
    if applicant is not None:
        return Q(applicant=applicant, firm=None)
    if number:
        index = blind_index(number, "citizen_number")
        return Q(applicant=None, intake__citizen_number_index=index)
    return None


def likely_duplicate(bound, item, *, applicant=None, firm=None, number="", at=None) -> Case | None:
    """The running case that says the same as a draft about to be sent, or None.

    `bound` gives the checked draft when there is something to compare it with: mostly there is not,
    and it costs one query. Nobody who stays nameless is compared.
    """
    whose = _of(applicant, firm, number)
    if whose is None:
        return None
    since = (at or timezone.now()) - LOOKED_BACK
    running = list(_running(item, since).filter(whose))
    if not running:
        return None
    draft = bound()
    index = index_of_answers(draft.form, forms.rule_values(draft.form, draft.cleaned))
    return next((case for case in running if case.answers_index == index), None)


def duplicates_of(user, case: Case) -> list[Case]:
    """Running cases that say the same as `case`, which the official may handle; oldest first."""
    if case.state not in RUNNING or not case.answers_index:
        return []
    intake = getattr(case, "intake", None) if case.received_by_id else None
    whose = _of(case.applicant, case.firm, intake.citizen_number if intake else "")
    if whose is None:
        return []
    found = _running(case.item, case.submitted_at - LOOKED_BACK).filter(
        whose, answers_index=case.answers_index
    )
    return list(visible_to(user, "handle", found.exclude(pk=case.pk))[:5])


def surviving(case: Case) -> Case:
    """The case under whose number the matter goes on; a case that was not merged is its own."""
    while case.merged_into_id:
        case = case.merged_into
    return case


def merged_with(case: Case) -> list[Case]:
    """The cases that were put together with this one, each with its record and so its files."""
    return list(case.merged.select_related("record").order_by("submitted_at"))


def may_be_parted(case: Case, at: datetime) -> bool:
    """Whether a merge can still be taken back: on its day, while the other case runs."""
    if not case.merged_into_id or case.merged_into.state not in RUNNING:
        return False
    return timezone.localdate(case.merged_at) == timezone.localdate(at)
