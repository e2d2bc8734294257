"""Writes of drafts: begin, save a revision, send on, take back, discard, words of an organ."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work
from platform_core.capabilities.documents.numbers import WORD
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import headed_organs, organs_of

from . import elements
from .annexing import drawn_pages
from .attaching_services import attach
from .checking import faults, prove
from .clerking import (
    cancel_steps,
    keep_revision,
    lock_paper,
    moved,
    must,
    open_step,
    trace,
)
from .kinds import kind_of
from .models import OrganWord, Paper, Revision
from .selectors import may_be_asked


@dataclass(frozen=True)
class Saved:
    """What became of a save: the paper's new revision, or, when a colleague had saved meanwhile,
    a side revision that waits for being put together with theirs.
    """

    revision: Revision
    paper: Paper


def start_paper(*, actor, kind: str, department: Department, content: dict) -> Paper:
    """Begin a draft of the organ with its first revision. Unusable at "kind", "department", "files"
    or a field that is too long.
    """
    errors = {}
    if kind_of(kind) is None:
        errors["kind"] = [_("Choose a kind of document.")]
    if department is None or department.pk not in organs_of(actor.user):
        errors["department"] = [_("Choose an organ in which you have a post.")]
    content = elements.clean(content)
    errors |= elements.too_long(content)
    if errors:
        raise Unusable(errors)
    content = elements.shaped(kind_of(kind), content)
    pages = drawn_pages(actor.user, None, content["files"])
    with transaction.atomic():
        paper = Paper.objects.create(kind=kind, department=department, drafter=actor.user)
        attach(actor=actor, paper=paper, keys=content["files"], pages=pages)
        keep_revision(actor, paper, content)
        trace(actor, paper, "drafted")
    return paper


def save_revision(*, actor, paper: Paper, content: dict, base: int) -> Saved:
    """Save what somebody wrote on top of revision `base`.

    When a colleague saved meanwhile, nothing of theirs is overwritten and nothing of these words is
    lost: they are kept as a side revision. `files` of the content are ids of the paper's files and
    of the actor's own new ones. Unusable at a field that is too long or at "files"; Conflict when
    the text is no longer open to change.
    """
    content, pages = elements.clean(content), {}
    # Nothing is drawn for a text that is refused anyway.
    if may(actor.user, "draft", paper) and not elements.too_long(content):
        pages = drawn_pages(actor.user, paper, content["files"])
    with transaction.atomic():
        return _save(actor, paper, content, base, pages)


def _save(actor, paper: Paper, content: dict, base: int, pages: dict[str, int]) -> Saved:
    paper = lock_paper(paper)
    if not may(actor.user, "draft", paper):
        raise Conflict(_("This document is no longer a draft, or not one that you may change."))
    content = elements.shaped(kind_of(paper.kind), content)
    errors = elements.too_long(content)
    if paper.state == Paper.State.REVIEW and content["secrecy"] != paper.secrecy:
        # Its title stands in the inboxes of whoever was asked.
        errors["secrecy"] = [_("Take it back first: others have it in their inbox.")]
    if errors:
        raise Unusable(errors)
    attach(actor=actor, paper=paper, keys=content["files"], pages=pages)
    newest = paper.revisions.get(number=paper.head, is_side=False)
    if base == paper.head:
        if newest.content == content:
            return Saved(newest, paper)
        revision = keep_revision(actor, paper, content)
        trace(actor, paper, "revised", note=str(revision.number))
        return Saved(revision, paper)
    if not paper.revisions.filter(number=base, is_side=False).exists():
        raise Conflict(_("It is not known which text this was written on."))
    side = Revision.objects.create(
        paper=paper, number=base, is_side=True, author=actor.user, content=content
    )
    record_audit(actor=actor, verb="paper.side_revision", obj=paper)
    return Saved(side, paper)


def submit_paper(*, actor, paper: Paper, reviewer, version: int) -> Paper:
    """Send the draft to a colleague who checks it. Unusable at every element that is missing or
    forbidden; Conflict when the text is no longer the one that was seen.
    """
    must(may(actor.user, "draft", paper))
    is_printable = prove(paper=paper, version=version)
    with transaction.atomic():
        return _submit(actor, paper, reviewer, version, is_printable)


def _submit(actor, paper: Paper, reviewer, version: int, is_printable: bool | None) -> Paper:
    paper = lock_paper(paper)
    must(may(actor.user, "draft", paper))
    after = moved("out", paper, "submit")
    if version != paper.head:
        raise Conflict(_("A colleague changed the text meanwhile. Read it first."))
    content = paper.revisions.get(number=paper.head, is_side=False).content
    errors = faults(paper, content, is_printable=is_printable)
    writers = {actor.user.pk, paper.drafter_id}
    if reviewer is None or reviewer.pk in writers or not may_be_asked(paper, reviewer):
        errors["reviewer"] = [_("Choose a colleague who checks it.")]
    if errors:
        raise Unusable(errors)
    paper.state = after
    paper.save(update_fields=["state", "changed_at"])
    close_work(actor=actor, kind="paper_returned", obj=paper)
    open_step(actor, paper, "review", person=reviewer)
    trace(actor, paper, "submitted")
    return paper


@transaction.atomic
def withdraw_paper(*, actor, paper: Paper) -> Paper:
    """The drafter takes the paper back; whoever was asked about it no longer is."""
    paper = lock_paper(paper)
    if paper.drafter_id != actor.user.pk:
        raise NotAllowed(_("Only whoever drafted it takes it back."))
    paper.state = moved("out", paper, "withdraw")
    paper.save(update_fields=["state", "changed_at"])
    cancel_steps(actor, paper, receipt=None)
    trace(actor, paper, "withdrawn")
    return paper


@transaction.atomic
def discard_paper(*, actor, paper: Paper) -> Paper:
    """Give a draft up. It never had a number, so none is lost."""
    paper = lock_paper(paper)
    after = moved("out", paper, "discard")
    must(may(actor.user, "draft", paper))
    paper.state = after
    paper.save(update_fields=["state", "changed_at"])
    close_work(actor=actor, kind="paper_returned", obj=paper, is_cancelled=True)
    trace(actor, paper, "discarded")
    return paper


@transaction.atomic
def add_word(*, actor, department: Department, word: str) -> OrganWord:
    """Give an organ a word for its numbers, as its head. Unusable at "word"."""
    word = "".join(word.split())
    if not any(department.path.startswith(one.path) for one in headed_organs(actor.user)):
        raise NotAllowed(_("The head of the organ gives it its words."))
    if not WORD.match(word):
        raise Unusable({"word": [_("Two to twelve Chinese characters.")]})
    try:
        with transaction.atomic():
            found = OrganWord.objects.create(department=department, word=word)
    except IntegrityError:
        raise Unusable({"word": [_("This word is taken.")]}) from None
    record_audit(actor=actor, verb="paper.word", obj=found, after={"word": word})
    return found
