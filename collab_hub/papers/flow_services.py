"""Writes on a paper's way out: opinions, sign-off with the number, seal, sending, filing."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents import serials
from platform_core.capabilities.documents.numbers import official_number
from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.capabilities.files.services import link_file, store_file
from platform_core.common.errors import Conflict, Unusable
from security.access import may
from security.accounts.models import User
from security.actors import Actor
from security.organs.models import Department

from . import states
from .checking import faults, prove
from .clerking import (
    DAYS,
    SIGN_IN_DAYS,
    cancel_steps,
    close_step,
    due,
    let_wait,
    lock_paper,
    lock_step,
    moved,
    must,
    open_step,
    remind_later,
    tell,
    trace,
    words,
)
from .grams import grams
from .layout import print_paper
from .models import Paper, Receipt, Step
from .policies import SUBJECT
from .selectors import content_of, job_for

PRESS = Actor.system("press")
OUT = {Step.Kind.REVIEW, Step.Kind.COUNTERSIGN, Step.Kind.SIGN}
PROVED = {Step.Kind.REVIEW, Step.Kind.SIGN}


def say_opinion(
    *, actor, step: Step, agrees: bool, opinion: str = "", version: int, at: datetime | None = None
) -> Step:
    """Check, countersign or sign: agree, or return it with a reason. Signing gives the number.

    `version` is the revision that was read; Conflict when another one is the text now. Whoever
    checks or signs agrees to a text without faults: Unusable at every element that has one.
    """
    at = at or timezone.now()
    must(may(actor.user, "do", step) and step.kind in OUT)
    is_printable = None
    if agrees and step.state == Step.State.OPEN and step.kind in PROVED:
        is_printable = prove(paper=step.paper, version=version)
    with transaction.atomic():
        return _say(actor, step, agrees, opinion, version, is_printable, at)


def _say(actor, step: Step, agrees: bool, opinion: str, version: int,
         is_printable: bool | None, at) -> Step:  # fmt: skip
    step = lock_step(step)
    paper = step.paper
    must(may(actor.user, "do", step) and step.kind in OUT)
    if version != paper.head:
        raise Conflict(_("The text was changed meanwhile. Read it again."))
    opinion = words(opinion, is_needed=not agrees)
    step.revision = paper.head
    step.save(update_fields=["revision"])
    if not agrees:
        _return(actor, step, opinion, at)
        return step
    if step.kind == Step.Kind.SIGN and actor.user.pk == paper.drafter_id:
        raise Conflict(_("Nobody signs what they drafted."))
    if step.kind in PROVED:
        errors = faults(paper, content_of(paper), is_printable=is_printable)
        if errors:
            raise Unusable(errors)
    close_step(actor, step, Step.State.AGREED, opinion, at=at)
    note = opinion
    if step.kind == Step.Kind.REVIEW:
        _after_check(actor, paper, at)
    elif step.kind == Step.Kind.COUNTERSIGN:
        _after_countersigning(actor, paper, at)
    else:
        _sign(actor, paper, at)
    trace(actor, paper, f"{step.kind}_agreed", note=note, at=at)
    return step


def _return(actor, step: Step, opinion: str, at) -> None:
    paper = step.paper
    paper.state = moved("out", paper, "return")
    paper.save(update_fields=["state", "changed_at"])
    close_step(actor, step, Step.State.RETURNED, opinion, at=at)
    cancel_steps(actor, paper, receipt=None)
    let_wait(actor, "paper_returned", paper, paper, person=paper.drafter,
             days=DAYS[paper.urgency], at=at)  # fmt: skip
    tell(actor, paper.drafter, paper, "returned", dedupe=f"paper-back:{step.pk}")
    trace(actor, paper, "returned", note=opinion, at=at)


def _after_check(actor, paper: Paper, at) -> None:
    organs = Department.objects.filter(pk__in=content_of(paper)["countersign"], is_active=True)
    paper.state = moved("out", paper, states.after_check(organs))
    paper.save(update_fields=["state", "changed_at"])
    for organ in organs:
        open_step(actor, paper, "countersign", organ=organ, at=at)
    if not organs:
        _ask_to_sign(actor, paper, at)


def _after_countersigning(actor, paper: Paper, at) -> None:
    still = paper.steps.filter(kind=Step.Kind.COUNTERSIGN, state=Step.State.OPEN).count()
    paper.state = moved("out", paper, states.after_countersigning(still))
    paper.save(update_fields=["state", "changed_at"])
    if not still:
        _ask_to_sign(actor, paper, at)


def _ask_to_sign(actor, paper: Paper, at) -> None:
    signer = User.objects.get(pk=content_of(paper)["signer"])
    open_step(actor, paper, "sign", person=signer, at=at)


def _sign(actor, paper: Paper, at) -> None:
    """The number is taken last: whoever signs next under the word waits for this transaction."""
    paper.state = moved("out", paper, "sign")
    paper.signed_by, paper.signed_at = actor.user, at
    paper.word = content_of(paper)["word"]
    year = timezone.localdate(at).year
    serial = serials.take(f"official:{paper.word}:{year}")
    paper.number = official_number(word=paper.word, year=year, serial=serial)
    paper.grams = sorted({*paper.grams, *grams(paper.number)})
    paper.save()


def seal_paper(*, actor, paper: Paper, at: datetime | None = None) -> Paper:
    """Set the pages and put the electronic seal's mark on them; from now on the file is the paper.

    A secret paper is set on no page that could leave: it is read here only. Conflict when the pages
    cannot be set.
    """
    at = at or timezone.now()
    paper = Paper.objects.select_related("department__region", "signed_by").get(pk=paper.pk)
    must(may(actor.user, "handle", paper))
    moved("out", paper, "seal")
    # What was signed never changes, so the pages may be set before the row is locked.
    pdf = b"" if paper.secrecy else _set(paper)
    with transaction.atomic():
        paper = lock_paper(paper)
        must(may(actor.user, "handle", paper))
        paper.state = moved("out", paper, "seal")
        paper.sealed_at = at
        if pdf:
            paper.pdf = _keep_pages(paper, pdf)
        paper.save()
        trace(actor, paper, "sealed", at=at)
    return paper


def _set(paper: Paper) -> bytes:
    try:
        return print_paper(*job_for(paper), moment=int(paper.signed_at.timestamp()))
    except Unprintable:
        raise Conflict(_("The pages cannot be set just now. Try again later.")) from None


def _keep_pages(paper: Paper, pdf: bytes):
    upload = SimpleUploadedFile(f"{paper.number}.pdf", pdf, content_type="application/pdf")
    file = store_file(actor=PRESS, upload=upload)
    return link_file(actor=PRESS, file_id=file.pk, subject_type=SUBJECT, subject_id=paper.pk)


@transaction.atomic
def send_paper(*, actor, paper: Paper, further=(), at: datetime | None = None) -> list[Receipt]:
    """Send the paper to the organs it names, and to `further` ones for information; returns the new
    receipts. Whoever has it already gets no second one.
    """
    at = at or timezone.now()
    paper = lock_paper(paper)
    must(may(actor.user, "handle", paper))
    was_sent = paper.state == Paper.State.SENT
    paper.state = moved("out", paper, "send")
    content = content_of(paper)
    wanted = dict.fromkeys([getattr(one, "pk", one) for one in further], True)
    wanted = dict.fromkeys(content["copy_to"], True) | wanted
    wanted |= dict.fromkeys(content["main_to"], False)
    known = set(paper.receipts.values_list("organ", flat=True))
    organs = Department.objects.in_bulk([pk for pk in wanted if pk not in known])
    if was_sent and not organs:
        raise Unusable({"further": [_("Choose an organ that does not have it yet.")]})
    paper.sent_at = paper.sent_at or at
    paper.save(update_fields=["state", "sent_at", "changed_at"])
    made = [_deliver(actor, paper, organs[pk], wanted[pk], at) for pk in sorted(organs)]
    trace(actor, paper, "sent", note=str(len(made)), at=at)
    return made


def _deliver(actor, paper: Paper, organ: Department, is_copy: bool, at) -> Receipt:
    days = SIGN_IN_DAYS[paper.urgency]
    by = due(at, days)["due_at"]
    receipt = Receipt.objects.create(
        paper=paper, organ=organ, is_copy=is_copy, sent_at=at, sign_by=by
    )
    let_wait(actor, "paper_receive", receipt, paper, organ=organ, receipt=receipt, days=days,
             at=at)  # fmt: skip
    if by is not None:
        remind_later(receipt, by, 1)
    return receipt


@transaction.atomic
def file_paper(*, actor, paper: Paper, at: datetime | None = None) -> Paper:
    """Put the paper that was sent into the archive: nothing about it changes any more."""
    at = at or timezone.now()
    paper = lock_paper(paper)
    must(may(actor.user, "handle", paper))
    if paper.receipts.filter(state=Receipt.State.WAITING).exists():
        raise Conflict(_("Some organs have not signed it in yet. Urge them first."))
    paper.state, paper.filed_at = moved("out", paper, "file"), at
    paper.save(update_fields=["state", "filed_at", "changed_at"])
    trace(actor, paper, "filed", at=at)
    return paper
