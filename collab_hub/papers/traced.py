"""How the histories of an official document, and of what an organ received, are read (see
platform_core/common/trace.py).
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
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

from .models import Paper, Receipt, Trace
from .words import ACTS

PAPER, RECEIPT = "collab_hub.paper", "collab_hub.receipt"


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
    lines = Trace.objects.filter(paper=paper)
    return _entries(lines if paper.shows_receipts else lines.filter(receipt=None))


def _entries(lines: QuerySet[Trace]) -> list[Entry]:
    return [
        Entry(
            at=line.at, what=str(ACTS.get(line.act, line.act)), verb=f"paper.{line.act}",
            who=shown_name(line.actor), acting_as=str(line.organ or ""), note=line.note,
            key=f"paper-{line.pk}", actor_id=line.actor_id,
        )
        for line in lines.select_related("actor", "organ").order_by("at", "pk")
    ]  # fmt: skip


def objects(paper: Paper) -> list[tuple[str, str]]:
    receipts = paper.receipts.values_list("pk", flat=True) if paper.shows_receipts else ()
    return [(PAPER, str(paper.pk)), *((RECEIPT, str(pk)) for pk in receipts)]


def received_by(user) -> QuerySet[Receipt]:
    """Received documents whose way at the organ `user` may read: those that they handle; auditors
    all but secret ones.
    """
    found = Receipt.objects.select_related("paper", "organ")
    return readable(user, "handle", found.filter(paper__secrecy="") if is_auditor(user) else found)


def load_received(user, object_id: str) -> Receipt:
    return one_of(received_by(user), object_id)


def find_received(user, text: str) -> list[Ref]:
    found = received_by(user).order_by("-sent_at")
    if text:
        known = Q(number__icontains=text) | Q(paper__title__icontains=text)
        known |= Q(paper__number__icontains=text) | Q(paper__outside_number__icontains=text)
        found = found.filter(known)
    return [name_received(one) for one in found[:MOST_FOUND]]


def name_received(receipt: Receipt) -> Ref:
    title, number = receipt.paper.title, receipt.number or receipt.paper.shown_number
    return Ref(str(receipt.pk), title, number, reverse("paper_receipt", args=[receipt.pk]))


def own_received(receipt: Receipt) -> list[Entry]:
    """What was done with it at the organ; of a paper from outside, that is all there is."""
    mine = Q(receipt=receipt)
    if receipt.paper.state == "outside":
        mine |= Q(receipt=None)
    return _entries(Trace.objects.filter(mine, paper=receipt.paper))


def objects_received(receipt: Receipt) -> list[tuple[str, str]]:
    own = [(RECEIPT, str(receipt.pk))]
    return [*own, (PAPER, str(receipt.paper_id))] if receipt.paper.state == "outside" else own


register_traceable(
    Traceable(
        "received", _("Received document"), "inbox", (RECEIPT,), find=find_received,
        load=load_received, name=name_received, objects=objects_received, own=own_received,
    )
)  # fmt: skip
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
