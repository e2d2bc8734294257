"""Writes of evaluations: rate once per service event, add once, follow up on a bad rating."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.audit.services import record_audit
from service_hub.cases.history import add_event, case_link
from service_hub.cases.models import Case
from service_hub.cases.selectors import events_of
from service_hub.cases.timeline import rated_officer
from service_hub.cases.words import in_both

from .models import Evaluation, FollowUp
from .options import options_for
from .selectors import service_events

CALL_BACK_DAYS = 1
ANSWER_DAYS = 5
LONGEST_TEXT = 1000


@transaction.atomic
def rate_case(
    *,
    actor,
    case: Case,
    service_no: int,
    grade,
    options=(),
    text: str = "",
    at: datetime | None = None,
) -> Evaluation:
    """Rate one service event of a case. There is no default grade and no second rating.

    Raises Unusable at "grade", "options" or "text"; Conflict when it was rated or cannot be yet.
    A bad grade (1 or 2) opens a follow-up with its clocks.
    """
    at = at or timezone.now()
    grade = _usable_grade(grade)
    _check_words(grade, options, text)
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("item", "department")
        .get(pk=case.pk)
    )
    event = next((event for event in service_events(case) if event.no == service_no), None)
    if event is None:
        raise Conflict(_("This can be rated once the office has acted."))
    if Evaluation.objects.filter(case=case, service_no=service_no).exists():
        raise Conflict(_("You have already rated this. You can still add to your rating."))
    evaluation = Evaluation.objects.create(
        case=case,
        service_no=service_no,
        channel=actor.channel,
        grade=grade,
        options=sorted(set(options)),
        text=text.strip(),
        rater=actor.user,
        rated_at=at,
    )
    add_event(case, "rated", actor=actor, at=at)
    record_audit(actor=actor, verb="case.rate", obj=evaluation, after={"grade": grade})
    if evaluation.is_bad:
        _open_follow_up(evaluation, case, at)
    return evaluation


def _usable_grade(grade) -> int:
    try:
        grade = int(grade)
    except (TypeError, ValueError):
        grade = 0
    if not 1 <= grade <= 5:
        raise Unusable({"grade": [_("Choose one of the five grades.")]})
    return grade


def _check_words(grade: int, options, text: str) -> None:
    unknown = set(options) - set(options_for(grade))
    if unknown:
        raise Unusable({"options": [_("Choose from the options shown for this grade.")]})
    if len(text) > LONGEST_TEXT:
        raise Unusable({"text": [_("Use at most %(n)s characters.") % {"n": LONGEST_TEXT}]})


def _open_follow_up(evaluation: Evaluation, case: Case, at: datetime) -> FollowUp:
    return FollowUp.objects.create(
        evaluation=evaluation,
        department=case.department,
        officer=rated_officer(events_of(case)),
        call_back_due_at=workcalendar.due_at(at, CALL_BACK_DAYS),
        answer_due_at=workcalendar.due_at(at, ANSWER_DAYS),
    )


@transaction.atomic
def add_to_rating(
    *, actor, evaluation: Evaluation, text: str, at: datetime | None = None
) -> Evaluation:
    """The rater adds words once, later; what was said first stays as it is."""
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise Unusable({"text": [_("Write between 1 and %(n)s characters.") % {"n": LONGEST_TEXT}]})
    evaluation = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if evaluation.addition:
        raise Conflict(_("You have already added to this rating."))
    evaluation.addition, evaluation.added_at = text, at or timezone.now()
    evaluation.save(update_fields=["addition", "added_at"])
    record_audit(actor=actor, verb="case.rate_addition", obj=evaluation)
    return evaluation


@transaction.atomic
def note_call_back(*, actor, follow_up: FollowUp, at: datetime | None = None) -> FollowUp:
    """Somebody of the office called the rater back."""
    follow_up = _locked_for(actor, follow_up)
    if follow_up.called_back_at is None:
        follow_up.called_back_at = at or timezone.now()
        follow_up.save(update_fields=["called_back_at"])
        record_audit(actor=actor, verb="follow_up.call_back", obj=follow_up)
    return follow_up


@transaction.atomic
def answer_follow_up(
    *, actor, follow_up: FollowUp, answer: str, at: datetime | None = None
) -> FollowUp:
    """Tell the rater what was found and done; the rater sees it and may add to the rating."""
    answer = answer.strip()
    if not answer or len(answer) > LONGEST_TEXT:
        raise Unusable(
            {"answer": [_("Write between 1 and %(n)s characters.") % {"n": LONGEST_TEXT}]}
        )
    follow_up = _locked_for(actor, follow_up)
    if follow_up.state != FollowUp.State.OPEN:
        raise Conflict(_("This rating was already answered."))
    follow_up.state, follow_up.answer = FollowUp.State.ANSWERED, answer
    follow_up.answered_by, follow_up.answered_at = actor.user, at or timezone.now()
    follow_up.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record_audit(actor=actor, verb="follow_up.answer", obj=follow_up)
    case = follow_up.evaluation.case
    if case.applicant_id:
        notify(
            actor=actor,
            recipient=case.applicant,
            key="case.rating_answered",
            title=in_both(lambda: _("We answered your rating")),
            body=in_both(lambda: _("Open the case to read what we found and did.")),
            link=case_link(case),
            dedupe=f"follow_up:{follow_up.pk}",
        )
    return follow_up


@transaction.atomic
def close_follow_up(*, actor, follow_up: FollowUp, at: datetime | None = None) -> FollowUp:
    """Close an answered follow-up. Who was rated cannot close it."""
    follow_up = _locked_for(actor, follow_up)
    if follow_up.state != FollowUp.State.ANSWERED:
        raise Conflict(_("Answer the rating before closing it."))
    follow_up.state, follow_up.closed_at = FollowUp.State.CLOSED, at or timezone.now()
    follow_up.closed_by = actor.user
    follow_up.save(update_fields=["state", "closed_at", "closed_by"])
    record_audit(actor=actor, verb="follow_up.close", obj=follow_up)
    return follow_up


def _locked_for(actor, follow_up: FollowUp) -> FollowUp:
    follow_up = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("evaluation__case__applicant", "evaluation__case__item")
        .get(pk=follow_up.pk)
    )
    if actor.user is not None and follow_up.officer_id == actor.user.pk:
        raise NotAllowed(_("A colleague has to follow up: this rating is about your own work."))
    return follow_up
