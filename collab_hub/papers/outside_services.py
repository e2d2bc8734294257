"""Writes of the files of a paper from outside: what comes after it was registered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from security.access import may

from . import elements
from .annexing import attached, drawn_pages
from .attaching_services import attach_outside
from .clerking import keep_revision, lock_receipt, must, tell, trace, words
from .models import Attachment, Receipt, Step
from .selectors import content_of, needs_reason

# Where a new file goes, when it takes no other one's place.
FURTHER, SCAN = "", "scan"


def add_files(
    *, actor, receipt: Receipt, keys, place: str = FURTHER, reason: str = "",
    at: datetime | None = None,
) -> list[Attachment]:  # fmt: skip
    """Give a paper from outside further files, its scan, or one file in the place of another.

    `keys` are ids of the actor's new files; `place` is FURTHER, SCAN, or the id of the file that is
    replaced. Nothing is lost: the replaced one is kept and stays in the history. Once somebody was
    asked about the paper or it was passed round, a reason is needed, and they are told. Unusable at
    "files", "scan" or "reason"; Conflict when the paper is filed or the place is taken.
    """
    _must_take(actor, receipt)
    keys = elements.clean({"files": keys})["files"]
    if not keys:
        raise Unusable({"files": [_("Choose a file.")]})
    if errors := elements.too_many(keys):
        raise Unusable(errors)
    if place != FURTHER and len(keys) > 1:
        raise Unusable({"files": [_("Only one file goes to this place.")]})
    pages = drawn_pages(actor.user, receipt.paper, keys)
    with transaction.atomic():
        return _add(actor, receipt, keys, place, reason, pages, at)


def _add(actor, receipt: Receipt, keys, place, reason, pages, at) -> list[Attachment]:
    receipt = lock_receipt(receipt)
    paper = receipt.paper
    _must_take(actor, receipt)
    if attached(paper, keys):
        raise Conflict(_("This file was added already."))
    content = content_of(paper)
    files = list(content.get("files", ()))
    old = _taken(attached(paper, files), place)
    reason = words(reason, "reason", is_needed=needs_reason(receipt))
    if old is not None:
        files[files.index(str(old.pk))] = keys[0]
    else:
        files = [*keys, *files] if place == SCAN else [*files, *keys]
    content = content | {"files": list(dict.fromkeys(files))}
    if errors := elements.too_long(content):
        raise Unusable(errors)
    is_scan = place == SCAN or (old is not None and old.is_scan)
    made = [
        attach_outside(actor=actor, paper=paper, key=key, pages=pages, is_scan=is_scan,
                       replaces=old, reason=reason)
        for key in keys
    ]  # fmt: skip
    keep_revision(actor, paper, content)
    for one in made:
        note = f"{one.file.name} · SHA-256 {one.file.sha256[:16]}"
        if old is not None:
            note = f"{old.file.name} → {note}"
        note = f"{note}\n{reason}".strip()
        act = "file_added" if old is None else "file_replaced"
        trace(actor, paper, act, receipt=receipt, note=note, at=at)
    _tell_readers(actor, receipt)
    return made


def _must_take(actor, receipt: Receipt) -> None:
    must(may(actor.user, "handle", receipt))
    if not may(actor.user, "attach", receipt):
        raise Conflict(_("Files are added to papers from outside until they are filed."))


def _taken(known: dict[str, Attachment], place: str) -> Attachment | None:
    """The file whose place is taken; nobody's for a new one. Raises Conflict."""
    if place == FURTHER:
        return None
    if place == SCAN:
        if any(one.is_scan for one in known.values()):
            raise Conflict(_("The scan is there already. Choose to replace it."))
        return None
    if place not in known:
        raise Conflict(_("This file was replaced already. Look at the list again."))
    return known[place]


def _tell_readers(actor, receipt: Receipt) -> None:
    steps = receipt.steps.exclude(state=Step.State.CANCELLED).exclude(person=None)
    for person in {one.person_id: one.person for one in steps.select_related("person")}.values():
        if person.pk != actor.user.pk:
            key = f"paper-files:{receipt.paper_id}:{receipt.paper.head}:{person.pk}"
            tell(actor, person, receipt.paper, "files", dedupe=key, receipt=receipt)
