"""Writes on a paper's way in: sign in, register, propose, instruct, handle, answer, file; passing
round and urging.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work
from platform_core.capabilities.documents import serials
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.events import emit
from security.access import may
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import officials_of, organs_of

from . import elements, states
from .annexing import drawn_pages
from .attaching_services import attach_outside
from .clerking import (
    close_step,
    due,
    keep_revision,
    lock_receipt,
    lock_step,
    moved,
    must,
    open_step,
    people_to_tell,
    remind_later,
    shown_title,
    tell,
    trace,
    words,
)
from .kinds import kind_of
from .models import Paper, Receipt, Step
from .selectors import colleague_of

URGE_AGAIN = timedelta(hours=4)
MOST_REMINDERS = 3
MOST_DAYS = 250
SUPERVISED = "collab_hub.Receipt"


def register_outside(
    *, actor, organ: Department, kind: str, sender: str, number: str, content: dict,
    scan: str = "", at: datetime | None = None,
) -> Receipt:  # fmt: skip
    """Take in a paper that came on paper or from another system: it is signed in at once. `files`
    of the content are ids of the actor's new files, `scan` the one of them that is the paper
    itself, a PDF.

    Unusable at "organ", "kind", "sender", "title", "number", "scan", "files" or a field that is too
    long.
    """
    at = at or timezone.now()
    sender = " ".join(sender.replace("\x00", "").split())
    number = "".join(number.replace("\x00", "").split())
    content, errors = elements.clean(content), {}
    errors |= elements.too_long(content)
    if kind_of(kind) is None:
        errors["kind"] = [_("Choose a kind of document.")]
    if organ is None or organ.pk not in organs_of(actor.user):
        errors["organ"] = [_("Choose an organ in which you have a post.")]
    if not sender or len(sender) > 120:
        errors["sender"] = [_("Name the organ that issued it.")]
    if len(number) > 60:
        errors["number"] = [_("At most %(n)s characters.") % {"n": 60}]
    if not content["title"]:
        errors["title"] = [_("Write the title.")]
    if errors:
        raise Unusable(errors)
    pages = drawn_pages(actor.user, None, content["files"])
    with transaction.atomic():
        paper = Paper.objects.create(
            kind=kind, department=organ, drafter=actor.user, state=Paper.State.OUTSIDE,
            sender=sender, outside_number=number, sent_at=at,
        )  # fmt: skip
        for key in content["files"]:
            attach_outside(actor=actor, paper=paper, key=key, pages=pages, is_scan=key == scan)
        keep_revision(actor, paper, content)
        receipt = Receipt.objects.create(
            paper=paper, organ=organ, sent_at=at, state=Receipt.State.SIGNED, signed_at=at,
            signed_by=actor.user,
        )  # fmt: skip
        trace(actor, paper, "signed_in", receipt=receipt, at=at)
        return _registered(actor, receipt, at)


def _open(actor, receipt: Receipt) -> Receipt:
    receipt = lock_receipt(receipt)
    must(may(actor.user, "handle", receipt))
    return receipt


def _keep(receipt: Receipt, *names: str) -> Receipt:
    receipt.version += 1
    receipt.save(update_fields=["state", "version", *names])
    return receipt


@transaction.atomic
def sign_in(
    *, actor, receipt: Receipt, at: datetime | None = None, seen: int | None = None
) -> Receipt:
    """Sign for the paper, as somebody of the organ, and give it the organ's number of receipt.

    `seen` is the receipt's version where it was read: Conflict when it has moved on.
    """
    at = at or timezone.now()
    receipt = _open(actor, receipt)
    if seen is not None and receipt.version != seen:
        raise Conflict(_("It has moved on meanwhile. Read it again."), version=receipt.version)
    receipt.state = moved("in", receipt, "sign_in")
    receipt.signed_by, receipt.signed_at = actor.user, at
    _keep(receipt, "signed_by", "signed_at")
    close_work(actor=actor, kind="paper_receive", obj=receipt, outcome="sign_in")
    trace(actor, receipt.paper, "signed_in", receipt=receipt, at=at)
    return _registered(actor, receipt, at)


def _registered(actor, receipt: Receipt, at) -> Receipt:
    receipt.state = moved("in", receipt, "register")
    year = timezone.localdate(at).year
    serial = serials.take(f"received:{receipt.organ_id}:{year}")
    receipt.number = f"{year}-{serial:04d}"
    trace(actor, receipt.paper, "registered", receipt=receipt, note=receipt.number, at=at)
    return _keep(receipt, "number")


@transaction.atomic
def send_back(*, actor, receipt: Receipt, reason: str, at: datetime | None = None) -> Receipt:
    """It is not for this organ: back to the sender, with the reason. Unusable at "reason"."""
    receipt = _open(actor, receipt)
    reason = words(reason, "reason", is_needed=True)
    receipt.state = moved("in", receipt, "send_back")
    close_work(actor=actor, kind="paper_receive", obj=receipt, outcome="send_back")
    tell(actor, receipt.paper.drafter, receipt.paper, "returned", dedupe=f"sent-back:{receipt.pk}")
    trace(actor, receipt.paper, "sent_back", receipt=receipt, note=reason, at=at)
    return _keep(receipt)


@transaction.atomic
def propose(*, actor, receipt: Receipt, opinion: str, leader, at=None) -> Receipt:
    """Say how it should be handled (拟办), and ask a leader of the organ for instructions.

    Unusable at "opinion" or "leader".
    """
    receipt = _open(actor, receipt)
    opinion = words(opinion, is_needed=True)
    if leader is None or not colleague_of(receipt.organ, leader):
        raise Unusable({"leader": [_("Choose a colleague of your organ.")]})
    receipt.state = moved("in", receipt, "propose")
    open_step(actor, receipt.paper, "instruct", person=leader, receipt=receipt, at=at)
    trace(actor, receipt.paper, "proposed", receipt=receipt, note=opinion, at=at)
    return _keep(receipt)


@transaction.atomic
def instruct(
    *, actor, step: Step, opinion: str, officer, days: int, is_supervised: bool = False, at=None
) -> Receipt:
    """The leader instructs (批示): who handles it, within how many working days, and whether the
    supervision office is to follow it.

    Unusable at "opinion", "officer" or "days".
    """
    at = at or timezone.now()
    step = lock_step(step)
    must(step.kind == Step.Kind.INSTRUCT and may(actor.user, "do", step))
    receipt = lock_receipt(step.receipt)
    opinion = words(opinion, is_needed=True)
    errors = {}
    if officer is None or not colleague_of(receipt.organ, officer):
        errors["officer"] = [_("Choose a colleague of your organ.")]
    if days is None or not 0 <= days <= MOST_DAYS:
        errors["days"] = [_("A number of working days, at most %(n)s.") % {"n": MOST_DAYS}]
    if errors:
        raise Unusable(errors)
    receipt.state = moved("in", receipt, "instruct")
    receipt.officer = officer
    for name, value in due(at, days).items():
        setattr(receipt, name, value)
    close_step(actor, step, Step.State.DONE, opinion, at=at)
    open_step(actor, receipt.paper, "handle", person=officer, receipt=receipt, days=days, at=at)
    trace(actor, receipt.paper, "instructed", receipt=receipt, note=opinion, at=at)
    _keep(receipt, "officer", "due_at", "warn_at")
    if is_supervised:
        emit(
            "supervision.wanted", actor=actor, source="instruction", object_type=SUPERVISED,
            object_id=receipt.pk, title=shown_title(receipt.paper), requirement=opinion,
            lead=receipt.organ, assisting=[], due_at=receipt.due_at,
            url=reverse("paper_receipt", args=[receipt.pk]),
        )  # fmt: skip
    return receipt


@transaction.atomic
def note_supervision(*, actor, receipt_id, outcome: str) -> None:
    """The supervision of an instruction has ended: a line in the receipt's history."""
    receipt = Receipt.objects.select_related("paper", "organ").filter(pk=receipt_id).first()
    if receipt is not None:
        trace(actor, receipt.paper, "supervised", receipt=receipt, note=str(outcome)[:200])


@transaction.atomic
def answer(*, actor, step: Step, text: str, at=None) -> Receipt:
    """Whoever handles it says what was done or answered (答复). Unusable at "text"."""
    at = at or timezone.now()
    step = lock_step(step)
    must(step.kind == Step.Kind.HANDLE and may(actor.user, "do", step))
    receipt = lock_receipt(step.receipt)
    text = words(text, "text")
    if not text:
        raise Unusable({"text": [_("Write what was done, or what was answered.")]})
    receipt.state = moved("in", receipt, "answer")
    receipt.answer, receipt.answered_at = text, at
    close_step(actor, step, Step.State.DONE, text, at=at)
    trace(actor, receipt.paper, "answered", receipt=receipt, note=text, at=at)
    return _keep(receipt, "answer", "answered_at")


@transaction.atomic
def file_receipt(*, actor, receipt: Receipt, at=None) -> Receipt:
    """Put it into the organ's archive: one that needs no handling, or one that was answered."""
    receipt = _open(actor, receipt)
    receipt.state, receipt.filed_at = moved("in", receipt, "file"), at or timezone.now()
    trace(actor, receipt.paper, "filed", receipt=receipt, at=at)
    return _keep(receipt, "filed_at")


@transaction.atomic
def circulate(*, actor, receipt: Receipt, people, at=None) -> int:
    """Pass it round (传阅) to colleagues; returns how many are new. Unusable at "people"."""
    receipt = _open(actor, receipt)
    if receipt.state not in states.CIRCULATES:
        raise Conflict(_("It is passed round between registration and filing."))
    here = {one.pk for one in officials_of(receipt.organ)}
    here -= set(receipt.steps.filter(kind=Step.Kind.CIRCULATE).values_list("person", flat=True))
    fresh = [one for one in people if one.pk in here]
    if not fresh:
        raise Unusable({"people": [_("Choose colleagues who have not had it yet.")]})
    for person in fresh:
        open_step(actor, receipt.paper, "circulate", person=person, receipt=receipt, at=at)
    names = ", ".join(str(one) for one in fresh)
    trace(actor, receipt.paper, "circulated", receipt=receipt, note=names, at=at)
    return len(fresh)


@transaction.atomic
def note_reading(*, actor, receipt: Receipt, at=None) -> None:
    """Opening it is reading it: the mark on the list of whom it is passed round to."""
    at = at or timezone.now()
    found = Step.objects.filter(receipt=receipt, person=actor.user, read_at=None)
    if found.update(read_at=at):
        record_audit(actor=actor, verb="paper.read", obj=receipt)


@transaction.atomic
def finish_reading(*, actor, step: Step, opinion: str = "", at=None) -> Step:
    """Whoever it was passed to has read it, with or without an opinion."""
    at = at or timezone.now()
    step = lock_step(step)
    must(step.kind == Step.Kind.CIRCULATE and may(actor.user, "do", step))
    opinion = words(opinion)
    if step.read_at is None:
        step.read_at = at
        step.save(update_fields=["read_at"])
    close_step(actor, step, Step.State.DONE, opinion, at=at)
    if opinion:
        receipt = Receipt.objects.select_related("organ").get(pk=step.receipt_id)
        trace(actor, step.paper, "opinion", receipt=receipt, note=opinion, at=at)
    return step


@transaction.atomic
def urge(*, actor, receipt: Receipt, at=None) -> int:
    """Urge (催办) whoever the receipt waits for, at most once in four hours; returns how many
    people were told. The sender may, and the organ itself.
    """
    at = at or timezone.now()
    receipt = lock_receipt(receipt)
    must(may(actor.user, "handle", receipt.paper) or may(actor.user, "handle", receipt))
    if receipt.state not in states.OPEN_IN:
        raise Conflict(_("Nothing is waiting there."))
    if receipt.urged_at and at - receipt.urged_at < URGE_AGAIN:
        raise Conflict(_("They were urged less than four hours ago."))
    return _urge(actor, receipt, at)


def _urge(actor, receipt: Receipt, at) -> int:
    steps = receipt.steps.filter(state=Step.State.OPEN).exclude(kind=Step.Kind.CIRCULATE)
    steps = list(steps.select_related("person"))
    people = [step.person for step in steps if step.person]
    occasion = steps[0].kind if steps else "receive"
    people = people or people_to_tell(receipt.paper, receipt.organ)
    for person in people:
        key = f"urge:{receipt.pk}:{person.pk}:{at:%Y%m%d%H%M}"
        tell(actor, person, receipt.paper, occasion, dedupe=key, receipt=receipt)
    receipt.urged_at = at
    _keep(receipt, "urged_at")
    trace(actor, receipt.paper, "urged", receipt=receipt, at=at)
    return len(people)


@transaction.atomic
def ring(*, actor, receipt_id, turn: int, at=None) -> bool:
    """The timer of signing in: urge the organ that has not, and again on the next working days."""
    at = at or timezone.now()
    receipt = Receipt.objects.filter(pk=receipt_id).first()
    if receipt is None:
        return False
    receipt = lock_receipt(receipt)
    if receipt.state != Receipt.State.WAITING:
        return False
    _urge(actor, receipt, at)
    later = workcalendar.if_known(workcalendar.due_at, at, 1)
    if turn < MOST_REMINDERS and later is not None:
        remind_later(receipt, later, turn + 1)
    return True
