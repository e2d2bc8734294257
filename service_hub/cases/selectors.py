"""Reads of cases. Whatever hands a case to a person goes through the policy; a stranger gets
404.
"""

from datetime import timedelta

from django.db.models import Avg, Count, DateTimeField, F, Prefetch, Q, QuerySet, When
from django.db.models import Case as Choose
from django.utils import timezone

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.models import Record
from platform_core.capabilities.process.models import ProcessEvent
from platform_core.capabilities.process.urging.selectors import urgeable, working_at
from platform_core.common.days import midnight
from security.access import get_or_404, visible_to
from security.accounts.selectors import firms_of, valid_mandates
from service_hub.items.definitions import definition_of

from .codes import same_code
from .models import Case, CaseEvent
from .numbers import plain_number
from .states import DECIDED

State = Case.State
# Few enough that PostgreSQL plans the read quickly: with more than a dozen joins that takes ten
# times as long as the read. A mandate, which few cases have, is read when it is asked for.
FOR_PAGES = (
    "item__napp",
    "department__region",
    "firm",
    "record",
    "process",
    "correction",
    "napp_version",
)
# Fetched only when this process has not parsed it yet.
MANIFEST = "napp_version__manifest"


def case_for(user, case_id, verb: str = "read") -> Case:
    """The case when `user` may do `verb` on it, else Http404."""
    cases = Case.objects.select_related(*FOR_PAGES, "applicant").defer(MANIFEST)
    return _sharing(get_or_404(user, verb, cases, pk=case_id))


# A code is given to whoever filed without signing in, and on paper to whoever came to a window.
HAS_CODE = Q(applicant=None) | Q(received_by__isnull=False)


def anonymous_case(case_id, verb: str = "own") -> Case | None:
    """A case that nobody signed in for; only for a session that proved number and code.

    The case of somebody with an account can be read with its code, and nothing more.
    """
    allowed = HAS_CODE if verb == "own" else Q(applicant=None)
    cases = Case.objects.select_related(*FOR_PAGES).defer(MANIFEST)
    case = cases.filter(allowed, pk=case_id).first()
    return _sharing(case) if case else None


def _sharing(case: Case) -> Case:
    """The case whose record has its version and whose division is its department's, as mostly."""
    if case.record.napp_version_id == case.napp_version_id:
        case.record.napp_version = case.napp_version
    if case.region_id == case.department.region_id:
        case.region = case.department.region
    return case


def track(number: str, code: str) -> Case | None:
    """The case with this number and follow code, or None; the caller limits the rate."""
    case = Case.objects.filter(HAS_CODE, number=plain_number(number)).first()
    return case if case and same_code(code, case.follow_code) else None


def case_by_number(user, number: str) -> Case | None:
    """The case with this number when `user` may read it."""
    return visible_to(user, "read", Case.objects.filter(number=plain_number(number))).first()


def filed_from(draft) -> Case | None:
    """The case that was filed from `draft`, if it was."""
    return Case.objects.filter(draft=draft).select_related("item").first()


def cases_of(user, firm=None) -> QuerySet[Case]:
    """The applicant's own cases, or those of the firm acted for; what needs them comes first."""
    cases = Case.objects.select_related("item__napp", "department", "correction", "merged_into")
    if firm is not None:
        cases = cases.filter(firm=firm) if firm in firms_of(user) else cases.none()
    else:
        cases = cases.filter(applicant=user, firm=None)
    urgency = Choose(
        When(state=State.CORRECTING, then=0), When(state__in=Case.ENDED, then=2), default=1
    )
    latest = Choose(
        When(closed_at__isnull=False, then=F("closed_at")),
        default=F("submitted_at"),
        output_field=DateTimeField(),
    )
    return cases.annotate(urgency=urgency, latest_at=latest).order_by("urgency", "-latest_at")


def cases_for_others(user) -> QuerySet[Case]:
    """The cases that `user` filed for other people who still let them act, newest first."""
    mine = Case.objects.filter(mandate__in=valid_mandates().filter(agent=user))
    related = ("item__napp", "department", "correction", "applicant", "merged_into")
    return mine.select_related(*related).order_by("-submitted_at")


def events_of(case: Case) -> list[CaseEvent]:
    """The whole history of a case, oldest first."""
    return list(case.events.select_related("actor", "organ"))


def timeline(case: Case) -> list[CaseEvent]:
    """The public history of a case, oldest first."""
    return [event for event in events_of(case) if event.is_public]


def drafts_of(user, firm=None):
    """Unfinished applications of a person, newest first, with the service they are for."""
    return [
        draft for draft in forms.drafts_of(user, firm=firm) if draft.purpose.startswith("case:")
    ]


def last_month(today) -> dict:
    """How the platform did last month: {month, closed, on_time, days, grade, ratings}; None where
    nothing is.

    What counts is the decision: the terms of law end with it (Licensing Law art. 42), and handing
    the paper over has a term of its own (art. 44).
    """
    first = today.replace(day=1)
    begin = (first - timedelta(days=1)).replace(day=1)
    decided = Case.objects.filter(
        decided_at__gte=midnight(begin), decided_at__lt=midnight(first), state__in=DECIDED
    )
    figures = decided.aggregate(
        closed=Count("id"),
        late=Count("id", filter=Q(decided_at__gt=F("promise_due_at"))),
        took=Avg(F("decided_at") - F("submitted_at")),
        grade=Avg("evaluations__grade"),
        ratings=Count("evaluations"),
    )
    count = figures["closed"]
    return {
        "month": begin,
        "closed": count,
        "on_time": round(100 * (count - figures["late"]) / count) if count else None,
        "days": round(figures["took"].total_seconds() / 86400, 1) if figures["took"] else None,
        "grade": round(figures["grade"], 1) if figures["grade"] else None,
        "ratings": figures["ratings"],
    }


def with_events(cases: QuerySet) -> QuerySet:
    """`cases` with their histories in one more query."""
    return cases.prefetch_related(
        Prefetch("events", queryset=CaseEvent.objects.select_related("actor", "organ"))
    )


def waiting_count(user) -> int:
    """How many of the person's cases wait for them."""
    if user is None or not user.is_authenticated:
        return 0
    return Case.objects.filter(applicant=user, firm=None, state=State.CORRECTING).count()


def earlier_cases(user, case: Case, limit: int = 5) -> list[Case]:
    """Other cases of the same applicant that the official may read, newest first."""
    if case.applicant_id is None:
        return []
    same = Case.objects.filter(applicant=case.applicant, firm=case.firm).exclude(pk=case.pk)
    return list(
        visible_to(user, "read", same)
        .select_related("item", "merged_into")
        .order_by("-submitted_at")[:limit]
    )


def result_definition(case: Case):
    """What the case's item says about its result, in the version the case began with."""
    return definition_of(case.item, case.napp_version).result


def ends_with_answer(case: Case) -> bool:
    """Whether the case ends with an answer rather than with something granted, as a report does."""
    result = result_definition(case)
    return result is not None and result.kind == "answer"


def answer_given(case: Case) -> str:
    """What the form of a step says to the applicant, when the item names such a field; else "".

    The last one counts: a step that was gone back to is filled in again.
    """
    result = result_definition(case)
    if result is None or result.answer is None:
        return ""
    submitted = (
        ProcessEvent.objects.filter(instance=case.process_id, kind="submitted")
        .order_by("-seq")
        .values_list("data__record", flat=True)
    )
    for record in Record.objects.filter(
        pk__in=list(submitted), form_key=result.answer.form
    ).order_by("-created_at")[:1]:
        return str(forms.plain_values(record).get(result.answer.field) or "")
    return ""


def may_urge(case: Case) -> bool:
    """Whether the applicant may ask the office to hurry now."""
    return not case.is_ended and bool(urgeable(working_at(case.process), timezone.now())[0])


def feedback_of(case: Case) -> dict:
    """What a decided case says to its applicant: {opinion, answer}; empty while it runs."""
    return case.result or {}
