"""Writes of attachments: files are taken in, and tied to the paper whose revision names them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.services import link_file, store_file
from platform_core.common.errors import Unusable

from .annexing import attached, count_pages
from .models import Attachment, Paper
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
def attach(*, actor, paper: Paper, keys) -> None:
    """Tie files of the actor's to the paper, the first time a text names them. Unusable at "files"
    for those of somebody else, or of another paper.
    """
    known = set(attached(paper, keys))
    for key in keys:
        if key not in known:
            _attach(actor, paper, key)


def _attach(actor, paper: Paper, key: str) -> None:
    try:
        file = link_file(actor=actor, file_id=key, subject_type=ATTACHED, subject_id=key)
    except Unusable as error:
        raise Unusable({"files": error.errors[""]}) from None
    # Asked with the file's row locked: of two who name it at once, one is told.
    if Attachment.objects.filter(pk=key).exists():
        raise Unusable({"files": [_("This file already belongs to something else.")]})
    title = file.name.rpartition(".")[0] or file.name
    one = Attachment(file=file, paper=paper, title=title[:200], added_by=actor.user)
    one.save(force_insert=True)
    note_pages(actor=actor, attachments=[one])


@transaction.atomic
def note_pages(*, actor, attachments) -> dict[str, list[str]]:
    """Look at the files that nobody has looked at yet; {"files": [words]} for those that keep a
    paper from going on: not yet checked for viruses, refused, or not looked at for want of time.
    """
    wrong = []
    for one in attachments:
        name = {"name": one.title}
        if one.file.state != StoredFile.State.CLEAN:
            words = _("“%(name)s” waits for the virus scan, or was refused by it.")
            wrong.append(words % name)
        elif one.pages is None:
            try:
                one.pages = count_pages(one.file)
            except Unprintable:
                wrong.append(_("“%(name)s” could not be looked at just now. Try again.") % name)
            else:
                one.save(update_fields=["pages"])
    return {"files": wrong} if wrong else {}
