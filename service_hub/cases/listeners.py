"""What the process tells the case: each event moves the case's state inside the same
transaction.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.process.definitions import plan_for
from platform_core.capabilities.process.suspension.selectors import pauses_of_subject
from platform_core.common.errors import Conflict
from platform_core.common.events import emit, listen
from platform_core.common.organs import organ_text

from . import states
from .clocks import acceptance_due, clock_from, level
from .history import add_event, tell_applicant, tell_wording
from .locking import SUBJECT, locked_case
from .models import Case, Correction
from .moving import conclude, move, save, write
from .selectors import answer_given, ends_with_answer
from .terms import days_of

State = states.State
# The move of a decision, and its line of the history.
DECISIONS = {"approved": ("grant", "approved"), "rejected": ("refuse", "refused")}


def accept(case: Case, actor, at, task=None, *, by_silence: bool = False) -> None:
    """Acceptance (受理): the clock starts; days are those of the version the case began with.

    `by_silence`: nobody said anything in time, so it counts from the day of receipt.
    """
    if case.accepted_at:
        return
    move(case, "accept")
    case.accepted_at = case.received_at if by_silence else at
    case.acceptance_due_at = None
    # No procedure may stop the clock before acceptance.
    set_clock(case, at, pauses=())
    due = case.promise_due_at.isoformat() if case.promise_due_at else None
    kind, who = ("accepted_by_silence", None) if by_silence else ("accepted", actor)
    add_event(case, kind, actor=who, at=at, params={"due": due}, task=task)
    save(case)
    emit("case.accepted", case=case, actor=actor, at=at)
    tell_applicant(case, kind, actor=actor, params={"due": due})


def set_clock(case: Case, now, *, pauses=None) -> None:
    """Compute the clock of an accepted case anew, with its pauses (read when not given) and its
    extension; the light follows.
    """
    if case.accepted_at is None or case.decided_at:
        return
    promise, legal = days_of(case, case.accepted_at)
    more = case.extension_days
    promise = min(promise, legal) + more
    pauses = pauses_of_subject(SUBJECT, case.pk) if pauses is None else pauses
    clock = clock_from(case.accepted_at, promise, legal + more, pauses)
    case.promise_due_at, case.promise_warn_at = clock.promise_due_at, clock.promise_warn_at
    case.legal_due_at = clock.legal_due_at
    case.light = level(case, now)


@listen("process.moved")
def on_moved(*, instance, **_facts) -> None:
    case, instance.subject_of_move = instance.subject_of_move, None
    if case is not None:
        write(case)
        case.lines_of_move = None


@listen("process.step_done")
def on_step_done(*, instance, task, action, actor, at=None, **_facts) -> None:
    case = locked_case(instance)
    if case is None or case.is_ended or action not in {"approve", "submit"}:
        return
    at = at or timezone.now()
    params = {"step": task.title, "stage": task.stage}
    add_event(case, "step_done", actor=actor, at=at, params=params, task=task)
    if task.stage == "acceptance":
        accept(case, actor, at, task)


@listen("process.stage_reached")
def on_stage_reached(*, instance, stage, actor, at=None, **_facts) -> None:
    # Every case begins in acceptance, so a filing need not read its case again.
    case = locked_case(instance) if stage != "acceptance" else None
    if case is None or case.state in (*states.ENDED, State.REVIEWING):
        return
    at = at or timezone.now()
    accept(case, actor, at)
    if move(case, "review"):
        add_event(case, "reviewing", actor=None, at=at)
    save(case)


@listen("process.correction_asked")
def on_correction_asked(*, instance, task, fields, note, actor, at=None, **_facts) -> None:
    """Everything to correct is asked at once (Licensing Law art. 32), so an official's second
    request is refused. A step of the process that asks (`task` is None) was published with it.
    """
    case = locked_case(instance)
    if case is None:
        return
    is_again = Correction.objects.filter(case=case).exists()
    if task is not None and is_again:
        raise Conflict(_("A correction was already asked for. It may be asked only once."))
    move(case, "ask_correction")
    at = at or timezone.now()
    asked = {"fields": list(fields), "note": note, "asked_at": at}
    asked["asked_by"] = actor.user if task is not None else None
    Correction.objects.update_or_create(case=case, defaults={**asked, "answered_at": None})
    case.acceptance_due_at = None
    params = {"note": note, "fields": list(fields)}
    add_event(case, "correction_asked", actor=actor, at=at, params=params, task=task)
    save(case)
    emit("case.correction_asked", case=case, actor=actor, at=at, fields=list(fields), note=note)
    occasion = at.isoformat() if is_again else ""
    tell_applicant(case, "correction_asked", actor=actor, params={"note": note}, occasion=occasion)


@listen("process.correction_answered")
def on_correction_answered(*, instance, actor, at=None, **_facts) -> None:
    case = locked_case(instance)
    if case is None:
        return
    at = at or timezone.now()
    move(case, "answer_correction")
    Correction.objects.filter(case=case, answered_at=None).update(answered_at=at)
    if case.accepted_at is None:
        # The term to accept begins anew with what was missing (art. 32).
        case.received_at, case.acceptance_due_at = at, acceptance_due(at)
    add_event(case, "correction_answered", actor=actor, at=at)
    save(case)


@listen("process.applicant_told")
def on_applicant_told(*, instance, wording, node, actor, at=None, **_facts) -> None:
    case = locked_case(instance)
    if case is not None:
        tell_wording(case, wording, node=f"{node}:{instance.event_count}", actor=actor)


@listen("process.suspended")
def on_suspended(*, instance, task, actor, at, suspension, **_facts) -> None:
    """The clock stands, and the applicant is told so in writing (Licensing Law art. 45)."""
    case = locked_case(instance)
    if case is None:
        return
    move(case, "suspend")
    set_clock(case, at)
    until = suspension.planned_until.isoformat() if suspension.planned_until else None
    params = {"procedure": suspension.kind, "note": suspension.reason, "until": until}
    add_event(case, "suspended", actor=actor, at=at, params=params, task=task)
    save(case)
    tell_applicant(case, "suspended", actor=actor, params=params, occasion=str(suspension.pk))


@listen("process.resumed")
def on_resumed(*, instance, task, actor, at, suspension, **_facts) -> None:
    case = locked_case(instance)
    if case is None:
        return
    move(case, "resume")
    set_clock(case, at)
    due = case.promise_due_at.isoformat() if case.promise_due_at else None
    add_event(case, "resumed", actor=actor, at=at, params={"due": due}, task=task)
    save(case)
    occasion = str(suspension.pk)
    tell_applicant(case, "resumed", actor=actor, params={"due": due}, occasion=occasion)


def _has_more_stages(instance) -> bool:
    """Whether the process looks at applications before it decides on them."""
    plan = plan_for(instance.napp_version, instance.process_key)
    return any(plan.step(key).stage != "acceptance" for key in plan.people_steps)


@listen("process.urged")
def on_urged(*, instance, task, actor, at, **_facts) -> None:
    case = locked_case(instance)
    if case is not None:
        add_event(case, "urged", actor=actor, at=at, task=task)


@listen("process.returned")
def on_returned(*, instance, task, actor, at=None, opinion="", **_facts) -> None:
    case = locked_case(instance)
    if case is not None:
        add_event(case, "returned", actor=actor, at=at, params={"opinion": opinion}, task=task)


@listen("process.opinion_given")
def on_opinion_given(*, instance, task, organ, actor, at, **_facts) -> None:
    """Who acts on a joint case is no secret; what they say is the decision's business."""
    case = locked_case(instance)
    if case is not None and case.is_joint:
        params = {"organ": organ_text(organ)}
        add_event(case, "opinion_given", actor=actor, at=at, params=params, task=task)


@listen("process.closed")
def on_closed(*, instance, outcome, actor, opinion="", at=None, task=None, **_facts) -> None:
    """The process has ended: the case is decided, or taken back by its applicant. A case that ended
    by another deed took its process with it.
    """
    case = locked_case(instance)
    if case is None or case.is_ended:
        return
    at = at or timezone.now()
    facts = {"actor": actor, "at": at, "task": task}
    if outcome == "withdrawn":
        conclude(case, "withdraw", "withdrawn", words={"reason": opinion}, **facts)
        return
    case.decided_at = at
    case.result = {"outcome": outcome, "opinion": opinion, "answer": answer_given(case)}
    event, kind = DECISIONS[outcome]
    if outcome == "rejected" and case.accepted_at is None and _has_more_stages(instance):
        # Turned away before it was taken up: another decision in law than refusing what was asked.
        event, kind = "decline", "not_accepted"
    words = {"opinion": opinion}
    if outcome == "approved" and ends_with_answer(case):
        words["is_answer"] = True
    conclude(case, event, kind, words=words, outcome=outcome, **facts)


@listen("subject.read")
def on_read(*, subject_type, subject_id, actor, **_facts) -> None:
    _note(subject_type, subject_id, actor, "case.read")


@listen("subject.unmasked")
def on_unmasked(*, subject_type, subject_id, actor, **_facts) -> None:
    _note(subject_type, subject_id, actor, "case.unmask")


def _note(subject_type, subject_id, actor, verb) -> None:
    from .services import note_read

    if subject_type == SUBJECT:
        note_read(actor=actor, case=Case.objects.get(pk=subject_id), verb=verb)
