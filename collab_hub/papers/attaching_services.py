"""Writes of attachments: files are taken in, and tied to the paper whose revision names them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.capabilities.files.kinds import TYPES
from platform_core.capabilities.files.services import link_file, store_file
from platform_core.common.errors import Unusable
from security.access import may, visible_to
from security.audit.services import record_audit

from .annexing import attached, drawn_pages
from .models import Attachment, Paper, Receipt
from .policies import ATTACHED


@transaction.atomic
def take_in(*, actor, uploads) -> tuple[list[str], list[str]]:
    """Store uploaded files, each for itself: (ids of those taken, why the others were not)."""
    taken, refused = [], []
    for upload in uploads:
        try:
            taken.append(str(store_file(actor=actor, upload=upload).pk))
        except Unusable as error:
            refused += [f"{upload.name}: {words}" for words in error.errors[""]]
    return taken, refused


@transaction.atomic
def attach(*, actor, paper: Paper, keys, pages: dict[str, int], **about) -> None:
    """Tie files of the actor's to the paper, the first time a text names them; `pages` is what
    `annexing.drawn_pages` found, `about` further facts of the attachments. Unusable at "files" for
    those of somebody else, or of another paper.
    """
    known = attached(paper, keys)
    for key in keys:
        if key not in known:
            _attach(actor, paper, key, pages.get(key), about)
        elif known[key].pages is None and key in pages:
            known[key].pages = pages[key]
            known[key].save(update_fields=["pages"])


def _attach(actor, paper: Paper, key: str, pages: int | None, about: dict) -> None:
    try:
        file = link_file(actor=actor, file_id=key, subject_type=ATTACHED, subject_id=key)
    except Unusable as error:
        raise Unusable({"files": error.errors[""]}) from None
    # Asked with the file's row locked: of two who name it at once, one is told.
    if Attachment.objects.filter(pk=key).exists():
        raise Unusable({"files": [_("This file already belongs to something else.")]})
    title = file.name.rpartition(".")[0] or file.name
    one = Attachment(file=file, paper=paper, title=title[:200], pages=pages, added_by=actor.user,
                     **about)  # fmt: skip
    one.save(force_insert=True)


@transaction.atomic
def attach_outside(*, actor, paper: Paper, key: str, pages: dict[str, int], is_scan=False,
                   **about) -> Attachment:  # fmt: skip
    """As `attach`, one file of a paper from outside. Unusable at "scan" for one that is no PDF."""
    try:
        attach(actor=actor, paper=paper, keys=[key], pages=pages, is_scan=is_scan, **about)
    except Unusable as error:
        raise Unusable({"scan": error.errors["files"]} if is_scan else error.errors) from None
    one = Attachment.objects.select_related("file").get(pk=key)
    if is_scan and one.file.content_type != TYPES["pdf"]:
        raise Unusable({"scan": [_("The scan of the paper is a PDF file.")]})
    return one


@transaction.atomic
def note_file_read(*, actor, file) -> None:
    """Somebody opened a file of a paper: the audit trail says who, and which one. It stands with
    the paper, or with what their organ received: who reads it there is not its sender's to know.
    """
    one = Attachment.objects.select_related("paper").filter(pk=file.pk).first()
    if one is None:
        return
    paper, about = one.paper, None
    if not (may(actor.user, "draft", paper) or may(actor.user, "handle", paper)):
        about = visible_to(actor.user, "read", Receipt.objects.filter(paper=paper)).first()
    facts = {"file": one.title, "sha256": file.sha256}
    record_audit(actor=actor, verb="paper.file_read", obj=about or paper, after=facts)


def note_pages(*, actor, paper: Paper, keys) -> None:
    """Count the pages of those files of the paper that nobody has counted yet. Each number is kept
    for good, whatever becomes of the act that needed it; not to be called inside a transaction.
    """
    for key, pages in drawn_pages(None, paper, keys).items():
        with transaction.atomic():
            Attachment.objects.filter(pk=key, pages=None).update(pages=pages)
