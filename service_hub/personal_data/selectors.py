"""Reads of data requests."""

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from platform_core.common.workcalendar import deadline_light
from security.access import get_or_404, visible_to
from service_hub.cases.models import Case

from .models import DataRequest


def requests_of(user) -> QuerySet[DataRequest]:
    """What the person asked, newest first."""
    return visible_to(user, "own", DataRequest.objects.order_by("-asked_at"))


def requests_for(user, *, is_open: bool) -> QuerySet[DataRequest]:
    """Requests that the official handles: open ones by their date, decided ones newest first."""
    found = DataRequest.objects.select_related("person", "proposed_by", "decided_by")
    found = visible_to(user, "handle", found)
    if is_open:
        return found.filter(state__in=DataRequest.OPEN).order_by(F("due_at").asc(nulls_last=True))
    return found.exclude(state__in=DataRequest.OPEN).order_by("-decided_at")


def request_for(user, request_id) -> DataRequest:
    """The request when the official may handle it, else Http404."""
    return get_or_404(user, "handle", DataRequest.objects.all(), pk=request_id)


def requests_waiting(user) -> tuple[int, int]:
    """(requests that wait for the official, how many of them are late)."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    found = requests_for(user, is_open=True).order_by().aggregate(all=Count("pk"), late=late)
    return found["all"], found["late"]


def light(one: DataRequest) -> dict | None:
    """The light of an open request; none once it is decided."""
    return deadline_light(one.due_at, one.due_at) if one.state in DataRequest.OPEN else None


def running_cases(user) -> int:
    """How many cases of the person run: until they end, the account is needed for them."""
    return Case.objects.filter(applicant=user).exclude(state__in=Case.ENDED).count()
