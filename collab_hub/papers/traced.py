"""How the history of an official document is read (see platform_core/common/trace.py)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.trace import (
    MOST_FOUND,
    Entry,
    Ref,
    Traceable,
    one_of,
    readable,
    register_deeds,
    register_traceable,
    shown_name,
)
from security.access.policies import is_auditor

from .models import Paper, Trace
from .words import ACTS

PAPER = "collab_hub.paper"


def open_to(user) -> QuerySet[Paper]:
    """Papers whose way `user` may read: those that they handle; auditors all but secret ones."""
    found = Paper.objects.exclude(state="outside").select_related("department")
    return readable(user, "handle", found.filter(secrecy="") if is_auditor(user) else found)


def load(user, object_id: str) -> Paper:
    """The paper. What an organ that got it says inside is not its sender's to read."""
    paper = one_of(open_to(user), object_id)
    paper.shows_receipts = is_auditor(user)
    return paper


def find(user, text: str) -> list[Ref]:
    found = open_to(user).order_by("-changed_at")
    if text:
        found = found.filter(number__icontains=text) | found.filter(title__icontains=text)
    return [name(one) for one in found[:MOST_FOUND]]


def name(paper: Paper) -> Ref:
    return Ref(str(paper.pk), paper.title, paper.number or "", reverse("paper", args=[paper.pk]))


def own(paper: Paper) -> list[Entry]:
    """The way out; for auditors the way at every organ that got it, too."""
    lines = Trace.objects.filter(paper=paper).select_related("actor", "organ").order_by("at", "pk")
    if not paper.shows_receipts:
        lines = lines.filter(receipt=None)
    return [
        Entry(
            at=line.at, what=str(ACTS.get(line.act, line.act)), verb=f"paper.{line.act}",
            who=shown_name(line.actor), acting_as=str(line.organ or ""), note=line.note,
            key=f"paper-{line.pk}", actor_id=line.actor_id,
        )
        for line in lines
    ]  # fmt: skip


def objects(paper: Paper) -> list[tuple[str, str]]:
    receipts = paper.receipts.values_list("pk", flat=True) if paper.shows_receipts else ()
    return [(PAPER, str(paper.pk)), *(("collab_hub.receipt", str(pk)) for pk in receipts)]


register_traceable(
    Traceable(
        "paper", _("Official document"), "files", (PAPER,), find=find, load=load,
        name=name, objects=objects, own=own,
    )
)  # fmt: skip
register_deeds({f"paper.{key}": words for key, words in ACTS.items()})
register_deeds({
    "paper.read": _("Document read"),
    "paper.file_read": _("File of a document opened"),
    "paper.side_revision": _("Second text of a document kept"),
    "paper.word": _("Word of document numbers changed"),
})  # fmt: skip
