"""Writes of questions: ask, take up, draft, answer, pass on, ask once more, say, publish."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.limits import is_within
from platform_core.common.locks import one_at_a_time
from platform_core.common.screening import publishable
from security.audit.services import record_audit
from security.identifiers import mobile_problem, plain_mobile
from security.organs.selectors import active_posts
from service_hub.cases.codes import ALPHABET, new_follow_code
from service_hub.cases.words import in_both

from .models import Question, QuestionEvent
from .selectors import asked_before, responsible

State = Question.State
LONGEST_TEXT = 2000
SHORTEST_TEXT = 5
SAME_PRESS = timedelta(minutes=10)
PER_ADDRESS = (20, 3600)
PER_PERSON = (20, 86400)


@transaction.atomic
def ask_question(
    *, actor, region, text: str, item=None, contact: str = "", may_be_published: bool = False,
    known=(), at: datetime | None = None,
) -> Question:  # fmt: skip
    """Ask the organ of a place, about `item` or in general; its clock of working days begins.

    The same text pressed a second time is the same question: of a person, or of the questions that
    a nameless session `known`. Raises Unusable at "text", "region" or "contact"; Conflict when too
    many were asked.
    """
    at = at or timezone.now()
    errors = {}
    text = text.replace("\x00", "").strip()
    if not SHORTEST_TEXT <= len(text) <= LONGEST_TEXT:
        words = {"first": SHORTEST_TEXT, "last": LONGEST_TEXT}
        errors["text"] = [_("Write between %(first)s and %(last)s characters.") % words]
    contact = contact.strip()
    if contact and mobile_problem(contact):
        errors["contact"] = [_("Enter a mobile number of 11 digits, or leave it empty.")]
    department = responsible(item, region)
    if department is None:
        errors["region"] = [_("Choose the place. Nobody there answers about this service yet.")]
    if errors:
        raise Unusable(errors)
    if actor.user:
        one_at_a_time(f"ask:{actor.user.pk}")
    for one in asked_before(actor.user, known, item, region, at - SAME_PRESS):
        if one.text == text:
            return one
    _within_limits(actor)
    question = Question.objects.create(
        number=_new_number(at),
        asker=actor.user,
        contact=plain_mobile(contact) if contact else "",
        follow_code="" if actor.user else new_follow_code(),
        item=item,
        region=region,
        department=department,
        text=text,
        asked_at=at,
        may_be_published=may_be_published,
        **_clock(at),
    )
    _trace(question, "asked", actor, at)
    record_audit(actor=actor, verb="question.ask", obj=question)
    return question


def _within_limits(actor) -> None:
    who = f"ask:user:{actor.user.pk}" if actor.user else f"ask:ip:{actor.ip}"
    if (actor.user or actor.ip) and not is_within(
        who, *(PER_PERSON if actor.user else PER_ADDRESS)
    ):
        raise Conflict(_("Too many tries. Please wait a while, or call 12345."))


def _new_number(at: datetime) -> str:
    """Q, the day, and six characters that are hard to confuse."""
    while True:
        rest = "".join(secrets.choice(ALPHABET) for _number in range(6))
        number = f"Q{timezone.localtime(at):%Y%m%d}-{rest}"
        if not Question.objects.filter(number=number).exists():
            return number


def _clock(at: datetime) -> dict:
    days = settings.QUESTION_ANSWER_DAYS
    return {"due_at": workcalendar.due_at(at, days), "warn_at": workcalendar.warn_at(at, days)}


@transaction.atomic
def take_question(*, actor, question: Question, at: datetime | None = None) -> Question:
    """An official of the organ takes the question up, also from a colleague."""
    question = _waiting(actor, question)
    if question.officer_id == actor.user.pk:
        raise Conflict(_("You have this question already."))
    question.officer = actor.user
    return _kept(actor, question, "taken", at, ["officer"])


@transaction.atomic
def draft_answer(*, actor, question: Question, text: str) -> Question:
    """Keep an answer that is not finished; only the office reads it."""
    question = _waiting(actor, question)
    question.draft = _answer_text(text, "answer")
    question.officer = question.officer or actor.user
    question.save(update_fields=["draft", "officer"])
    record_audit(actor=actor, verb="question.draft", obj=question)
    return question


@transaction.atomic
def answer_question(
    *, actor, question: Question, text: str, at: datetime | None = None
) -> Question:
    """Answer the question, or what was asked once more; the asker is told."""
    at = at or timezone.now()
    question = _waiting(actor, question)
    text = _answer_text(text, "answer")
    if question.state == State.ASKED_AGAIN:
        question.answer_again, question.state = text, State.CLOSED
    else:
        question.answer, question.state = text, State.ANSWERED
    question.draft, question.due_at, question.warn_at = "", None, None
    question.answered_at = question.answered_at or at
    question.officer = question.officer or actor.user
    changed = ["answer", "answer_again", "state", "draft", "due_at", "warn_at", "answered_at"]
    question = _kept(actor, question, "answered", at, [*changed, "officer"])
    _tell(actor, question)
    return question


@transaction.atomic
def pass_on_question(
    *, actor, question: Question, department, reason: str, at: datetime | None = None
) -> Question:
    """Pass the question on to another organ, once; the clock goes on, and the asker reads why."""
    question = _waiting(actor, question)
    if question.is_passed_on:
        raise Conflict(_("This question was already passed on once. Please answer it."))
    if department is None or department.pk == question.department_id:
        raise Unusable({"department": [_("Choose another office.")]})
    reason = _answer_text(reason, "reason")
    question.department, question.officer, question.is_passed_on = department, None, True
    return _kept(
        actor, question, "passed_on", at, ["department", "officer", "is_passed_on"], reason
    )


@transaction.atomic
def ask_again(*, actor, question: Question, text: str, at: datetime | None = None) -> Question:
    """The asker asks once more about the answer; the clock begins anew. Access is the caller's
    matter.
    """
    at = at or timezone.now()
    question = _locked(question)
    if question.state != State.ANSWERED or question.text_again:
        raise Conflict(_("You can ask once more, after an answer."))
    text = text.replace("\x00", "").strip()
    if not SHORTEST_TEXT <= len(text) <= LONGEST_TEXT:
        words = {"first": SHORTEST_TEXT, "last": LONGEST_TEXT}
        raise Unusable({"again": [_("Write between %(first)s and %(last)s characters.") % words]})
    question.text_again, question.state = text, State.ASKED_AGAIN
    clock = _clock(at)
    question.due_at, question.warn_at = clock["due_at"], clock["warn_at"]
    return _kept(actor, question, "asked_again", at, ["text_again", "state", "due_at", "warn_at"])


@transaction.atomic
def say_satisfied(
    *, actor, question: Question, is_satisfied: bool, at: datetime | None = None
) -> Question:
    """The asker says whether the answer helped; once. Access is the caller's matter."""
    question = _locked(question)
    if not question.answer or question.state == State.ASKED_AGAIN:
        raise Conflict(_("You can say so after the answer."))
    if question.is_satisfied is not None:
        raise Conflict(_("You have already said so. Thank you."))
    question.is_satisfied, question.state = is_satisfied, State.CLOSED
    kind = "helped" if is_satisfied else "not_helped"
    return _kept(actor, question, kind, at, ["is_satisfied", "state"])


@transaction.atomic
def publish_question(
    *, actor, question: Question, asked: str, answered: str, at: datetime | None = None
) -> Question:
    """Publish question and answer in the office's words, with the asker's consent. Numbers of
    people that slipped in are masked.
    """
    question = _locked(question)
    _must_be_of_office(actor, question)
    if not question.may_be_published:
        raise NotAllowed(_("The asker has not agreed to publishing."))
    if not question.answer:
        raise Conflict(_("Answer the question before publishing it."))
    question.published_question = publishable(_answer_text(asked, "asked"))
    question.published_answer = publishable(_answer_text(answered, "answered"))
    question.published_at = at or timezone.now()
    fields = ["published_question", "published_answer", "published_at"]
    return _kept(actor, question, "published", at, fields)


def _waiting(actor, question: Question) -> Question:
    question = _locked(question)
    _must_be_of_office(actor, question)
    if question.state not in Question.WAITING:
        raise Conflict(_("This question was already answered."))
    return question


def _locked(question: Question) -> Question:
    rows = Question.objects.select_for_update(of=("self",)).select_related("asker", "department")
    return rows.get(pk=question.pk)


def _must_be_of_office(actor, question: Question) -> None:
    path = question.department.path
    if not any(path.startswith(post.department.path) for post in active_posts(actor.user)):
        raise NotAllowed(_("Another office answers this question."))


def _answer_text(text: str, field: str) -> str:
    text = text.replace("\x00", "").strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        words = {"n": LONGEST_TEXT}
        raise Unusable({field: [_("Write between 1 and %(n)s characters.") % words]})
    return text


def _kept(actor, question, kind: str, at, fields: list[str], note: str = "") -> Question:
    question.save(update_fields=fields)
    _trace(question, kind, actor, at or timezone.now(), note)
    record_audit(actor=actor, verb=f"question.{kind}", obj=question)
    return question


def _trace(question: Question, kind: str, actor, at: datetime, note: str = "") -> None:
    last = question.events.aggregate(last=Max("seq"))["last"] or 0
    posts = active_posts(actor.user)
    QuestionEvent.objects.create(
        question=question, seq=last + 1, kind=kind, note=note, actor=actor.user,
        organ=posts[0].department if posts else None, at=at,
    )  # fmt: skip


def _tell(actor, question: Question) -> None:
    """Tell the asker: on the platform, or by text message when a number was left."""
    if question.asker is None and not question.contact:
        return
    link = reverse("question", args=[question.pk])
    notify(
        actor=actor,
        recipient=question.asker,
        key="question.answered",
        title=in_both(lambda: _("Your question was answered")),
        body=in_both(lambda: _("Open it to read the answer and to say whether it helped.")),
        link=link if question.asker else reverse("question_follow"),
        channels=("in_app",) if question.asker else ("sms",),
        address=None if question.asker else str(question.contact),
        dedupe=f"question:{question.pk}:{question.state}",
    )
