"""Reads of evaluations, visits and rectification orders."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common import workcalendar
from platform_core.common.days import midnight
from security.access import get_or_404, visible_to
from service_hub.cases.codes import same_code
from service_hub.cases.models import Case
from service_hub.cases.numbers import plain_number

from .models import Evaluation, Rectification, RectificationEvent, Visit
from .policies import of_own_tree
from .tokens import evaluation_of, token_of, visit_of
from .traces import entries

State = Rectification.State
GRADES = sorted(Evaluation.Grade.choices, reverse=True)
WARNING = timedelta(days=1)
FROM_BELOW = {"late", "review"}


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


def visits_to_rate(case: Case) -> list[dict]:
    """Visits about the case that were not rated yet, each with its link: they can be later too."""
    open_ones = case.visits.filter(evaluation=None).select_related("department").order_by("at")
    return [{"visit": one, "token": token_of(one.pk)} for one in open_ones]


def ratings_of(case: Case) -> list[Evaluation]:
    """The ratings of a case with their follow-ups, oldest first."""
    return list(case.evaluations.select_related("rectification").order_by("service_no"))


def with_traces(ratings: list[Evaluation]) -> list[Evaluation]:
    """The ratings, each with `entries`: what became of it, as its giver reads it. One query."""
    orders = {one.rectification.pk: one for one in ratings if hasattr(one, "rectification")}
    lines: dict[int, list] = {key: [] for key in orders}
    if orders:
        events = RectificationEvent.objects.filter(order__in=orders).select_related(
            "actor", "organ"
        )
        for event in events:
            lines[event.order_id].append(event)
    for key, rating in orders.items():
        rating.rectification.evaluation = rating
        rating.entries = entries(lines[key], rating.rectification, for_office=False)
    return ratings


def to_rate(case: Case, ratings: list[Evaluation]) -> ServiceEvent | None:
    """The newest service event that was not rated yet."""
    rated = {rating.service_no for rating in ratings}
    return next((event for event in reversed(service_events(case)) if event.no not in rated), None)


def ratings_beside(user, case: Case) -> list[Evaluation]:
    """The ratings that an official reads beside a task: those of the own work only when the month
    is over and nothing is under way, so that nobody is asked about a rating.
    """
    month = midnight(timezone.localdate().replace(day=1))
    return [
        rating
        for rating in ratings_of(case)
        if rating.officer_id != user.pk or (rating.rated_at < month and not _runs(rating))
    ]


def _runs(rating: Evaluation) -> bool:
    order = getattr(rating, "rectification", None)
    return order is not None and order.state not in Rectification.FINAL


def orders_for(user, *, show: str = "open", category: str = "") -> QuerySet[Rectification]:
    """The orders of the official's departments, most urgent first: "open", "late", "review",
    "answered", "closed" or "excluded"; of one category of bad review, when named. What is late or
    under review is also told to the same function in the divisions above.
    """
    found = Rectification.objects.select_related(
        "evaluation__item", "evaluation__case", "department", "answered_by"
    )
    found = visible_to(user, "handle", found.filter(_shown(show)))
    if show not in FROM_BELOW:
        found = found.filter(of_own_tree(user))
    if category:
        found = found.filter(categories__contains=[category])
    if show in {"closed", "excluded"}:
        return found.order_by("-closed_at", "-pk")
    return found.order_by("due_at", "pk")


def _shown(show: str) -> Q:
    working = ~Q(state__in=[*Rectification.FINAL, State.ANSWERED])
    return {
        "late": working & Q(due_at__lt=timezone.now()),
        "review": Q(state=State.APPEALED),
        "answered": Q(state=State.ANSWERED),
        "closed": Q(state=State.CLOSED),
        "excluded": Q(state=State.EXCLUDED),
    }.get(show, working)


def orders_waiting(user) -> tuple[int, int]:
    """(orders that wait for the official's departments, how many of them are late)."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    found = orders_for(user).order_by().aggregate(all=Count("pk"), late=late)
    return found["all"], found["late"]


def order_for(user, order_id) -> Rectification:
    """The order when the official may handle it, else Http404."""
    found = Rectification.objects.select_related(
        "evaluation__item",
        "evaluation__case__applicant",
        "evaluation__visit",
        "evaluation__rater",
        "department__region",
        "officer",
        "appeal__asked_by",
        "appeal__decided_by",
    )
    return get_or_404(user, "handle", found, pk=order_id)


def trace_of(order: Rectification) -> list[RectificationEvent]:
    """The whole trace of an order, oldest first."""
    return list(order.events.select_related("actor", "organ"))


def due_orders(now, limit: int) -> list[Rectification]:
    """Orders whose present state should have ended, and of which nobody was told yet."""
    late = Rectification.objects.filter(due_at__lt=now, escalated_at=None)
    return list(late.order_by("due_at", "pk")[:limit])


def answers_to_confirm(user, most: int = 10) -> list[Rectification]:
    """Orders of the person's own ratings that are answered and wait for their word."""
    waiting = Rectification.objects.filter(evaluation__rater=user, state=State.ANSWERED)
    return list(waiting.select_related("evaluation__item").order_by("due_at")[:most])


def ratings_to_take_along(user, most: int) -> list[dict]:
    """What the person rated, as plain values for their export, newest first."""
    found = Evaluation.objects.filter(rater=user).order_by("-rated_at")
    names = ("rated_at", "channel", "grade", "text", "addition", "later_grade", "later_text")
    return [{**row, "rated_at": row["rated_at"].isoformat()} for row in found.values(*names)[:most]]


def rating_by_receipt(receipt: str) -> Evaluation | None:
    """The rating that a receipt was given for, with its order, or None."""
    found = Evaluation.objects.select_related(
        "item", "department", "visit", "rectification__department__region"
    )
    return found.filter(pk=evaluation_of(receipt)).first()


def visits_of(user) -> QuerySet[Visit]:
    """The visits of the clerk's window, newest first. Whether one was rated is not told."""
    found = Visit.objects.select_related("case", "item", "department")
    return visible_to(user, "read", found).order_by("-at", "-pk")


def visit_for(user, visit_id) -> Visit:
    """The visit of the clerk's own window, else Http404."""
    return get_or_404(user, "read", Visit.objects.select_related("department"), pk=visit_id)


def case_on_the_phone(number: str, proof: str) -> Case | None:
    """The case whose number a caller names, when they prove that it is theirs: by the last four
    digits of the mobile that is known, or by the follow-up code. The caller limits the rate.
    """
    found = Case.objects.select_related("applicant", "item", "department")
    case = found.filter(number=plain_number(number)).first()
    if case is None:
        return None
    phone = str(getattr(case.applicant, "phone", "") or "")
    is_proven = len(phone) >= 4 and phone[-4:] == proof.strip()
    return case if is_proven or same_code(proof, case.follow_code) else None


def clock(order: Rectification, now=None) -> dict | None:
    """The light of the state the order is in; None when the order is ended."""
    if order.due_at is None:
        return None
    return workcalendar.deadline_light(order.due_at, order.due_at - WARNING, now or timezone.now())
