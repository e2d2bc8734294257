"""Reads of questions."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from platform_core.common import workcalendar
from platform_core.common.days import midnight
from security.access import get_or_404, visible_to
from security.organs.models import Department, Region
from security.organs.selectors import department_for, in_force
from service_hub.cases.codes import same_code
from service_hub.items.models import ServiceItem

from .models import Question, QuestionEvent

WITH = ("item", "department__region", "region", "officer", "asker")
LONGEST_SEARCH = 100
# Whoever asks in general asks the office that keeps the services of its place together.
GENERAL = "service_bureau"


def questions_of(user) -> QuerySet[Question]:
    """What the person asked, newest first."""
    found = Question.objects.select_related("item", "department")
    return visible_to(user, "own", found).order_by("-asked_at", "-pk")


def questions_to_take_along(user, most: int) -> list[dict]:
    """What the person asked and was answered, as plain values for their export, newest first."""
    names = ("number", "asked_at", "text", "answer", "text_again", "answer_again")
    rows = questions_of(user).values(*names)[:most]
    return [{**row, "asked_at": row["asked_at"].isoformat()} for row in rows]


def question_for(user, question_id, verb: str = "own") -> Question:
    """The question when the person asked it ("own") or may answer it ("handle"), else Http404."""
    return get_or_404(user, verb, Question.objects.select_related(*WITH), pk=question_id)


def nameless_question(question_id) -> Question | None:
    """A question that nobody signed in for; only for a session that proved number and code."""
    return Question.objects.select_related(*WITH).filter(pk=question_id, asker=None).first()


def asked_before(user, known, item, region: Region, since: datetime) -> list[Question]:
    """What the person, or the nameless session with these ids, asked there since that moment and
    waits for.
    """
    found = Question.objects.filter(
        item=item, region=region, asked_at__gte=since, state=Question.State.ASKED
    )
    return list(found.filter(asker=user) if user else found.filter(asker=None, pk__in=known))


def follow(number: str, code: str) -> Question | None:
    """The nameless question with this number and code, or None; the caller limits the rate."""
    found = Question.objects.filter(number=number.strip().upper(), asker=None).first()
    return found if found and same_code(code, found.follow_code) else None


def questions_for(user, *, show: str = "open") -> QuerySet[Question]:
    """The questions of the official's organs: "open" (most urgent first), "mine", "answered"."""
    found = visible_to(user, "handle", Question.objects.select_related(*WITH))
    if show == "answered":
        return found.exclude(state__in=Question.WAITING).order_by("-answered_at", "-pk")
    found = found.filter(state__in=Question.WAITING)
    if show == "mine":
        found = found.filter(officer=user)
    return found.order_by("due_at", "pk")


def questions_waiting(user) -> tuple[int, int]:
    """(questions that wait for the official's organs, how many of them are late)."""
    late = Count("pk", filter=Q(due_at__lt=timezone.now()))
    found = questions_for(user).order_by().aggregate(all=Count("pk"), late=late)
    return found["all"], found["late"]


def published(item=None, text: str = "") -> QuerySet[Question]:
    """Published questions with their answers, newest first: of one item, holding the words."""
    found = Question.objects.filter(published_at__isnull=False).select_related("item", "department")
    if item is not None:
        found = found.filter(item=item)
    for word in text[:LONGEST_SEARCH].split()[:5]:
        found = found.filter(
            Q(published_question__icontains=word) | Q(published_answer__icontains=word)
        )
    return found.order_by("-published_at", "-pk")


def events_of(question: Question) -> list[QuestionEvent]:
    """What happened to the question, oldest first."""
    return list(question.events.select_related("actor", "organ"))


def light(question: Question, now=None) -> dict | None:
    """The light of the answer's clock; None when nothing is due."""
    return workcalendar.deadline_light(question.due_at, question.warn_at, now)


def places() -> list[Region]:
    """The places somebody can ask about: the province, its cities and counties."""
    return list(in_force(Region.objects.filter(level__lte=Region.Level.COUNTY)).order_by("code"))


def item_named(slug: str, key: str) -> ServiceItem | None:
    """The item that a guide links from, or None."""
    return ServiceItem.objects.filter(napp__slug=slug, key=key).first()


def responsible(item, region: Region | None) -> Department | None:
    """The organ that answers about the item, or in general, at a place."""
    if region is None:
        return None
    return department_for(item.department_kind if item else GENERAL, region)


def asked_between(filters) -> QuerySet[Question]:
    """The questions asked in the days of the filters of the public board."""
    found = Question.objects.filter(
        asked_at__gte=midnight(filters.first), asked_at__lt=midnight(filters.until)
    )
    if filters.region is not None:
        found = found.filter(department__region__path__startswith=filters.region.path)
    if filters.department is not None:
        found = found.filter(department=filters.department)
    return found.filter(item=filters.item) if filters.item is not None else found


def organs_to_pass_to(question: Question) -> QuerySet[Department]:
    """The organs that a question may be passed on to: those of its place and of those above."""
    codes = [code for code in question.region.path.split("/") if code]
    found = Department.objects.filter(is_active=True, region__code__in=codes)
    found = found.exclude(pk=question.department_id).select_related("region")
    return found.order_by("-region__level", "code")
