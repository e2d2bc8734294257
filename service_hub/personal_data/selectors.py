"""Reads of data requests."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from platform_core.common.workcalendar import deadline_light
from security.access import get_or_404, visible_to
from security.accounts.models import User
from service_hub.cases.models import Case
from service_hub.cases.numbers import plain_number

from .models import DataRequest, LegalHold
from .retention import active_holds


def requests_of(user) -> QuerySet[DataRequest]:
    """What the person asked, newest first."""
    return visible_to(user, "own", DataRequest.objects.order_by("-asked_at"))


def requests_for(user, *, is_open: bool) -> QuerySet[DataRequest]:
    """Requests that the official handles: open ones by their date, decided ones newest first."""
    held = active_holds(timezone.localdate()).filter(person=OuterRef("person"), question="")
    found = DataRequest.objects.select_related("person", "proposed_by", "decided_by")
    found = found.annotate(is_held=Exists(held))
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


def holds_on(person) -> QuerySet[LegalHold]:
    """The holds that last today on everything of this person."""
    return active_holds(timezone.localdate()).filter(person=person, question="")


def holds_for(user) -> QuerySet[LegalHold]:
    """Every hold that the official may see: those that last first, newest first."""
    found = LegalHold.objects.select_related("person", "placed_by", "lifted_by")
    return visible_to(user, "handle", found).order_by(F("lifted_at").desc(nulls_first=True), "-pk")


def hold_for(user, hold_id) -> LegalHold:
    """The hold when the official may handle it, else Http404."""
    return get_or_404(user, "handle", LegalHold.objects.all(), pk=hold_id)


def person_named(text: str) -> User | None:
    """The citizen with this user name, or the applicant of the case with this number."""
    text = text.replace("\x00", "")
    case = Case.objects.filter(number=plain_number(text)).select_related("applicant").first()
    if case is not None:
        return case.applicant
    return User.objects.filter(username=text, kind=User.Kind.CITIZEN).first()
