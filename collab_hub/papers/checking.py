"""What keeps a paper from being sent on, agreed to or signed.

It is looked for anew each time: text, heads and words of the organ change in between.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_core.capabilities.documents.typesetting import Unprintable
from platform_core.capabilities.files.models import StoredFile
from security.actors import Actor

from . import elements
from .annexing import attached
from .attaching_services import note_pages
from .kinds import kind_of
from .layout import print_paper
from .models import OrganWord, Paper
from .selectors import content_of, draft_job, heads_of


def prove(*, paper: Paper, version: int) -> bool | None:
    """Have the press draw what a check or a signature needs: the attachments nobody has looked at,
    and the pages of the text `version`. Whether they can be set; None when nothing was set, because
    something else is wrong or the text has moved on.

    Takes seconds: to be called before the transaction that then asks `faults`. What a revision says
    never changes, so the answer holds there as long as `version` is still the text.
    """
    paper = Paper.objects.select_related("department__region").get(pk=paper.pk)
    if paper.head != version:
        return None
    content = content_of(paper)
    note_pages(actor=Actor.system("papers"), paper=paper, keys=content.get("files", ()))
    if faults(paper, content, is_printable=True):
        return None
    return is_printable(paper, content)


def faults(paper: Paper, content: dict, *, is_printable: bool | None) -> dict[str, list[str]]:
    """Every element that is missing, forbidden or not printable, as {field: [words]}; whether its
    pages can be set is what `prove` found. Draws nothing.
    """
    errors = elements.problems(kind_of(paper.kind), content)
    if not OrganWord.objects.filter(department=paper.department, word=content["word"]).exists():
        errors.setdefault("word", []).append(_("Choose the word of your organ for the number."))
    if content["signer"] and not _may_sign(content["signer"], paper):
        errors.setdefault("signer", []).append(_("A head of the organ signs, and not the drafter."))
    if paper.department_id in content["countersign"]:
        errors.setdefault("countersign", []).append(_("Your own organ does not countersign."))
    errors |= unseen(attached(paper, content.get("files", ())).values())
    if not errors and not is_printable:
        errors["body"] = [
            _("The pages cannot be set just now. Try again later.")
            if is_printable is None
            else _("The pages cannot be set: the text is too long for them.")
        ]
    return errors


def unseen(attachments) -> dict[str, list[str]]:
    """{"files": [words]} for those that keep a paper from going on: not yet checked for viruses,
    refused, or not looked at for want of time.
    """
    wrong = []
    for one in attachments:
        name = {"name": one.title}
        if one.file.state != StoredFile.State.CLEAN:
            words = _("“%(name)s” waits for the virus scan, or was refused by it.")
            wrong.append(words % name)
        elif one.pages is None:
            wrong.append(_("“%(name)s” could not be looked at just now. Try again.") % name)
    return {"files": wrong} if wrong else {}


def _may_sign(signer: int, paper: Paper) -> bool:
    return signer != paper.drafter_id and any(one.pk == signer for one in heads_of(paper))


def is_printable(paper: Paper, content: dict) -> bool:
    """Whether the pages can be set; those of a secret paper never are."""
    if content["secrecy"]:
        return True
    try:
        print_paper(*draft_job(paper, content, is_whole=False), moment=0)
    except Unprintable:
        return False
    return True
