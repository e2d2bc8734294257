"""Writes of rectification orders: every act of `rectifying.py`, with its clock, trace and audit.

The national text sets no number of days (Guobanfa [2019] 51); local rules range from 5 to 15
working days: call back within 1, answer within 5, complex matters within 15 after one extension by
the head, whose reason the person reads.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.notifications.services import notify
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.numbers import whole
from security.audit.services import record_audit, record_read
from security.organs.duties import standing_group
from security.organs.selectors import active_posts, users_holding
from service_hub.cases.history import case_link
from service_hub.cases.words import in_both

from . import rectifying
from .models import Appeal, Evaluation, Rectification, RectificationEvent
from .options import categories_of
from .rectifying import ACTS, Hand
from .standing import hand_of, organ_above, standing_of
from .tokens import receipt_of
from .wanted import LATE, NOT_SOLVED, want_supervision

State = Rectification.State
Measure = Rectification.Measure
Outcome = Rectification.Outcome
CALL_BACK_DAYS = 1
ANSWER_DAYS = 5
LONGEST_DAYS = 15
REVIEW_DAYS = 5
CONFIRM_DAYS = 5
LONGEST_NOTE = 1000
# Lines that only the office reads; of a call the person does not read the office's note.
INTERNAL = {"appeal"}


@transaction.atomic
def open_rectification(*, actor, evaluation: Evaluation) -> Rectification:
    """Open the order of a bad rating; its clocks begin with the rating."""
    at = evaluation.rated_at
    order = Rectification.objects.create(
        evaluation=evaluation,
        department_id=evaluation.department_id,
        officer_id=evaluation.officer_id,
        categories=categories_of(evaluation.options),
        opened_at=at,
        due_at=workcalendar.due_at(at, CALL_BACK_DAYS),
        call_back_due_at=workcalendar.due_at(at, CALL_BACK_DAYS),
        answer_due_at=workcalendar.due_at(at, ANSWER_DAYS),
    )
    _trace(order, "opened", None, at)
    record_audit(actor=actor, verb="rectification.open", obj=order)
    return order


@transaction.atomic
def sign_rectification(*, actor, order: Rectification, at: datetime | None = None) -> Rectification:
    """A colleague of who was rated takes the order up."""
    order, at = _begun(actor, order, "sign", at)
    return _done(actor, order, "sign", at)


@transaction.atomic
def note_call_back(
    *, actor, order: Rectification, note: str = "", at: datetime | None = None
) -> Rectification:
    """The person was called back; `note` is what was found, for the office only."""
    order, at = _begun(actor, order, "call_back", at)
    note = _short(note, "note", is_needed=False)
    order.called_back_at = order.called_back_at or at
    return _done(actor, order, "call_back", at, note)


@transaction.atomic
def choose_measure(
    *, actor, order: Rectification, measure: str, note: str = "", at: datetime | None = None
) -> Rectification:
    """What was said is true and is put right at once, or has no ground in law and is explained."""
    acts = {Measure.AT_ONCE: "fix_now", Measure.EXPLAINED: "explain"}
    if measure not in acts:
        raise Unusable({"measure": [_("Choose what is done.")]})
    order, at = _begun(actor, order, acts[measure], at)
    order.measure = measure
    return _done(actor, order, acts[measure], at, _short(note, "note", is_needed=False))


@transaction.atomic
def extend_rectification(
    *, actor, order: Rectification, days, reason: str, at: datetime | None = None
) -> Rectification:
    """The head gives a complex matter until `days` working days after it was opened, at most 15,
    once; the person reads the reason.
    """
    order, at = _begun(actor, order, "fix_by", at)
    reason = _short(reason, "reason")
    days = whole(days) or 0
    begun = order.opened_at if order.round == 1 else _round_began(order)
    due = workcalendar.due_at(begun, min(days, LONGEST_DAYS))
    if not ANSWER_DAYS < days <= LONGEST_DAYS or due <= at:
        words = {"first": ANSWER_DAYS + 1, "last": LONGEST_DAYS}
        raise Unusable({"days": [_("Choose from %(first)s to %(last)s working days.") % words]})
    order.answer_due_at = max(order.answer_due_at, due)
    order.measure = Measure.DATED
    return _done(actor, order, "fix_by", at, reason)


@transaction.atomic
def appeal_rating(
    *, actor, order: Rectification, ground: str, at: datetime | None = None
) -> Rectification:
    """The rated organ says that the rating is mistaken or malicious: a second person decides."""
    order, at = _begun(actor, order, "appeal", at)
    Appeal.objects.create(order=order, asked_by=actor.user, ground=_short(ground, "ground"))
    return _done(actor, order, "appeal", at, ground.strip())


@transaction.atomic
def decide_appeal(
    *, actor, order: Rectification, is_mistaken: bool, reason: str, at: datetime | None = None
) -> Rectification:
    """A second person excludes the rating from the figures, or keeps it: the order goes on and has
    its days anew. The person reads the reason.
    """
    act = "exclude" if is_mistaken else "keep"
    order, at = _begun(actor, order, act, at)
    appeal = order.appeal
    appeal.reason = _short(reason, "reason")
    appeal.state = Appeal.State.APPROVED if is_mistaken else Appeal.State.REFUSED
    appeal.decided_by, appeal.decided_at = actor.user, at
    appeal.save(update_fields=["reason", "state", "decided_by", "decided_at"])
    if is_mistaken:
        order.closed_at = at
        Evaluation.objects.filter(pk=order.evaluation_id).update(is_excluded=True)
    else:
        again = workcalendar.due_at(at, ANSWER_DAYS)
        order.answer_due_at = max(order.answer_due_at, again)
    _done(actor, order, act, at, appeal.reason)
    if is_mistaken:
        _tell_rater(actor, order, at)
    return order


@transaction.atomic
def answer_rectification(
    *, actor, order: Rectification, answer: str, at: datetime | None = None
) -> Rectification:
    """Tell the person what was found and done; they say whether it is solved."""
    order, at = _begun(actor, order, "answer", at)
    order.answer = _short(answer, "answer")
    order.answered_by, order.answered_at = actor.user, at
    _done(actor, order, "answer", at, order.answer)
    _tell_rater(actor, order, at)
    return order


@transaction.atomic
def confirm_rectification(
    *, actor, order: Rectification, is_solved: bool, grade=None, text: str = "", at=None
) -> Rectification:
    """The person says whether it is solved, and may grade once more (追评): the first rating stays.

    Not solved goes once to the organ above; after its answer the order is closed either way. Who
    may speak for the rater is the caller's matter.
    """
    at = at or timezone.now()
    act = "solved" if is_solved else "not_solved"
    order = _possible(order, act)
    text = _short(text, "text", is_needed=False)
    _grade_again(order, grade, text, at)
    order.outcome = Outcome.SOLVED if is_solved else Outcome.NOT_SOLVED
    goes_on = not is_solved and order.round < rectifying.LAST_ROUND
    if goes_on:
        order.department = organ_above(order.department) or order.department
        order.call_back_due_at = workcalendar.due_at(at, CALL_BACK_DAYS)
        order.answer_due_at = workcalendar.due_at(at, ANSWER_DAYS)
        order.measure = ""
    else:
        order.closed_at = at
    lead = order.department
    order = _done(actor, order, act, at, text)
    if not is_solved:
        want_supervision(order, NOT_SOLVED, actor=actor, at=at, lead=lead)
    return order


def _grade_again(order: Rectification, grade, text: str, at: datetime) -> None:
    """Keep the later grade, once, with its words; words without a grade stay in the trace."""
    if grade in (None, ""):
        return
    if str(grade) not in {"1", "2", "3", "4", "5"}:
        raise Unusable({"grade": [_("Choose one of the five grades.")]})
    evaluation = order.evaluation
    if evaluation.later_grade is not None:
        raise Conflict(_("You have already rated what was done."))
    evaluation.later_grade, evaluation.later_text, evaluation.later_at = int(grade), text, at
    evaluation.save(update_fields=["later_grade", "later_text", "later_at"])


@transaction.atomic
def lapse_rectification(*, actor, order: Rectification, at: datetime | None = None) -> None:
    """Close an answered order about which the person has said nothing in the time given."""
    at = at or timezone.now()
    order = _possible(order, "lapse")
    if order.due_at is not None and order.due_at > at:
        raise Conflict(_("The person still has time to answer."))
    order.outcome, order.closed_at = Outcome.LAPSED, at
    _done(actor, order, "lapse", at)


@transaction.atomic
def escalate_rectification(*, actor, order: Rectification, at: datetime | None = None) -> bool:
    """Tell the heads of the organ that a state of the order lasts too long; once for each."""
    at = at or timezone.now()
    order = _locked(order)
    is_late = order.due_at is not None and order.due_at < at
    if not is_late or order.escalated_at or order.state == State.ANSWERED:
        return False
    order.escalated_at = at
    order.save(update_fields=["escalated_at"])
    _trace(order, "escalated", None, at)
    for head in _heads(order):
        notify(
            actor=actor,
            recipient=head,
            key="rectification.late",
            title=in_both(lambda: _("A bad rating is overdue")),
            body=in_both(lambda: _("Nobody has done what was due. Please see to it.")),
            link=reverse("rectification", args=[order.pk]),
            dedupe=f"rectification:{order.pk}:late:{order.state}:{order.round}",
        )
    record_audit(actor=actor, verb="rectification.escalate", obj=order)
    want_supervision(order, LATE, actor=actor, at=at)
    return True


def _heads(order: Rectification) -> list:
    """The heads of the organ who were not rated; without any, those of the organ above."""
    for organ in filter(None, (order.department, organ_above(order.department))):
        heads = users_holding([standing_group("head")], organ)
        if found := [head for head in heads if head.pk != order.officer_id]:
            return found
    return []


@transaction.atomic
def read_contact(*, actor, order: Rectification) -> str:
    """The number to call the person back, for who may act on the order; every look is recorded."""
    hand = hand_of(actor, order)
    if hand.is_rated or not (hand.is_of_office or hand.is_of_organ_above):
        raise NotAllowed(_("A colleague has to follow up: this rating is about your own work."))
    evaluation = order.evaluation
    record_read(actor=actor, obj=evaluation, fields=["contact"], reason="call back")
    return str(evaluation.contact or getattr(evaluation.rater, "phone", "") or "")


def _begun(actor, order: Rectification, act: str, at: datetime | None):
    """(the locked order, the moment), when the actor may do `act` on it now."""
    order = _possible(order, act)
    hand = hand_of(actor, order)
    if not rectifying.may(hand, act):
        raise NotAllowed(_why_not(hand, act))
    return order, at or timezone.now()


def _possible(order: Rectification, act: str) -> Rectification:
    order = _locked(order)
    if not rectifying.is_possible(standing_of(order), act):
        raise Conflict(_("This was already done, or is not its turn. See below how it stands."))
    return order


def _locked(order: Rectification) -> Rectification:
    return (
        Rectification.objects.select_for_update(of=("self",))
        .select_related("evaluation__case__applicant", "evaluation__rater", "department__region")
        .get(pk=order.pk)
    )


def _why_not(hand: Hand, act: str) -> str:
    if hand.is_rated:
        return _("A colleague has to follow up: this rating is about your own work.")
    whose = ACTS[act].whose
    if whose == rectifying.REVIEWER:
        return _("A second person decides: the head, or the organ above, never who asked for it.")
    if whose == rectifying.HEAD:
        return _("Only the head can give more time.")
    return _("Only the organ that was rated can do this.")


def _done(actor, order: Rectification, act: str, at: datetime, note: str = "") -> Rectification:
    """Move the order, set the clock of its new state, and write its line."""
    moved = rectifying.after(standing_of(order), act)
    order.state, order.round = moved.state, moved.round
    order.is_extended, order.has_appealed = moved.is_extended, moved.has_appealed
    order.due_at, order.escalated_at = _due(order, at), None
    order.save()
    _trace(order, act, actor, at, note)
    record_audit(actor=actor, verb=f"rectification.{act}", obj=order, after={"state": order.state})
    return order


def _due(order: Rectification, at: datetime) -> datetime | None:
    if order.state in Rectification.FINAL:
        return None
    if order.state in (State.TO_SIGN, State.SIGNED):
        return order.call_back_due_at
    if order.state == State.APPEALED:
        return workcalendar.due_at(at, REVIEW_DAYS)
    if order.state == State.ANSWERED:
        return workcalendar.due_at(at, CONFIRM_DAYS)
    return order.answer_due_at


def _round_began(order: Rectification) -> datetime:
    return order.events.filter(kind="not_solved").aggregate(at=Max("at"))["at"] or order.opened_at


def _trace(order: Rectification, kind: str, actor, at: datetime, note: str = "") -> None:
    last = order.events.aggregate(last=Max("seq"))["last"] or 0
    user = actor.user if actor else None
    posts = active_posts(user)
    RectificationEvent.objects.create(
        order=order,
        seq=last + 1,
        kind=kind,
        note=note,
        is_public=kind not in INTERNAL,
        actor=user,
        organ=posts[0].department if posts else None,
        at=at,
    )


def _short(text: str, field: str, *, is_needed: bool = True) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST_NOTE or (is_needed and not text):
        words = {"n": LONGEST_NOTE}
        raise Unusable({field: [_("Write between 1 and %(n)s characters.") % words]})
    return text


def _tell_rater(actor, order: Rectification, at: datetime) -> None:
    evaluation = order.evaluation
    if evaluation.rater is None and not evaluation.contact:
        return
    if evaluation.rater is not None and evaluation.case_id and evaluation.visit_id is None:
        link = case_link(evaluation.case)
    else:
        link = reverse("my_rating", args=[receipt_of(evaluation.pk)])
    notify(
        actor=actor,
        recipient=evaluation.rater,
        key="case.rating_answered",
        title=in_both(lambda: _("We answered your rating")),
        body=in_both(lambda: _("Read what we found and did, and say whether it is solved.")),
        link=link,
        channels=("in_app",) if evaluation.rater else ("sms",),
        address=None if evaluation.rater else str(evaluation.contact),
        dedupe=f"rectification:{order.pk}:{order.state}:{order.round}",
    )
