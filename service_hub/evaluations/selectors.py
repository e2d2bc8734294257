"""Reads of evaluations and follow-ups."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common import workcalendar
from security.access import get_or_404, visible_to
from service_hub.cases.models import Case

from .models import Evaluation, FollowUp, Visit
from .tokens import visit_of


@dataclass(frozen=True)
class ServiceEvent:
    """Something the office did that can be rated once: `no` 1 is acceptance, 2 the result
    (一事一评).
    """

    no: int
    title: str
    at: datetime


def service_events(case: Case) -> list[ServiceEvent]:
    """What of a case can be rated now."""
    events = []
    if case.accepted_at:
        events.append(ServiceEvent(1, _("How it was accepted"), case.accepted_at))
    if case.decided_at:
        events.append(ServiceEvent(2, _("How it was decided"), case.decided_at))
    return events


def visit_by_token(token: str) -> Visit | None:
    """The visit that a QR code was made for, with its rating, or None."""
    visits = Visit.objects.select_related("item", "department", "evaluation")
    return visits.filter(pk=visit_of(token)).first()


def ratings_of(case: Case) -> list[Evaluation]:
    """The ratings of a case with their follow-ups, oldest first."""
    if not service_events(case):
        return []
    return list(case.evaluations.select_related("follow_up").order_by("service_no"))


def to_rate(case: Case, ratings: list[Evaluation]) -> ServiceEvent | None:
    """The newest service event that was not rated yet."""
    rated = {rating.service_no for rating in ratings}
    return next((event for event in reversed(service_events(case)) if event.no not in rated), None)


def follow_ups_for(user, *, is_closed: bool = False) -> QuerySet[FollowUp]:
    """The follow-ups of the official's departments, most urgent first."""
    found = FollowUp.objects.select_related(
        "evaluation__case__item", "department", "officer", "answered_by"
    )
    found = (
        found.filter(state=FollowUp.State.CLOSED)
        if is_closed
        else found.exclude(state=FollowUp.State.CLOSED)
    )
    return visible_to(user, "handle", found).order_by("answer_due_at", "pk")


def follow_up_for(user, follow_up_id) -> FollowUp:
    """The follow-up when the official may handle it, else Http404."""
    found = FollowUp.objects.select_related("evaluation__case__item", "department", "officer")
    return get_or_404(user, "handle", found, pk=follow_up_id)


def clock(follow_up: FollowUp) -> dict | None:
    """The light of the next thing due: the call back, then the answer."""
    if follow_up.state != FollowUp.State.OPEN:
        return None
    due = follow_up.answer_due_at if follow_up.called_back_at else follow_up.call_back_due_at
    begun = follow_up.evaluation.rated_at
    days = 5 if follow_up.called_back_at else 1
    return workcalendar.deadline_light(due, workcalendar.warn_at(begun, days), timezone.now())
