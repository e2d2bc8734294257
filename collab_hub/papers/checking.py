"""What keeps a paper from being sent on, agreed to or signed.

It is looked for anew each time: text, heads and words of the organ change in between.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_core.capabilities.documents.typesetting import Unprintable
from security.actors import Actor

from . import elements
from .annexing import attached
from .attaching_services import note_pages
from .kinds import kind_of
from .layout import print_paper
from .models import OrganWord, Paper
from .selectors import draft_job, heads_of


def faults(paper: Paper, content: dict) -> dict[str, list[str]]:
    """Every element that is missing, forbidden or not printable, as {field: [words]}."""
    errors = elements.problems(kind_of(paper.kind), content)
    if not OrganWord.objects.filter(department=paper.department, word=content["word"]).exists():
        errors.setdefault("word", []).append(_("Choose the word of your organ for the number."))
    if content["signer"] and not _may_sign(content["signer"], paper):
        errors.setdefault("signer", []).append(_("A head of the organ signs, and not the drafter."))
    if paper.department_id in content["countersign"]:
        errors.setdefault("countersign", []).append(_("Your own organ does not countersign."))
    files = attached(paper, content.get("files", ())).values()
    errors |= note_pages(actor=Actor.system("papers"), attachments=files)
    if not errors and not is_printable(paper, content):
        errors["body"] = [_("The pages cannot be set: the text is too long for them.")]
    return errors


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
