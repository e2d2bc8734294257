"""Writes of publication: proposed without personal data, decided by a second person."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may

from .annexing import entries
from .clerking import REASONS, lock_paper, must, shown_title, trace, words
from .grams import plain
from .models import Paper, Publication
from .redaction import HIDDEN, SHOWN, hide, missing, must_go, public_content
from .selectors import content_of, told_content

PUBLISHABLE = (Paper.State.SENT, Paper.State.FILED)
# What may be decided about a file: everybody gets it as it is, or nobody does.
OPEN, KEPT = "open", "kept"


@transaction.atomic
def propose_publication(*, actor, paper: Paper, hidden, files=None) -> Publication:
    """Propose to publish the paper with the words `hidden` taken out; a second person decides.

    `files` says of each attached file whether it is public: {id: "open" or "kept"}. Unusable at
    "hidden" when a word does not stand in the text, or a number that is never public would stay,
    at "files" when one is not decided; Conflict for a secret paper, one that was not sent, or one
    that is published or proposed already.
    """
    paper = lock_paper(paper)
    must(may(actor.user, "handle", paper))
    if paper.secrecy:
        raise Conflict(_("A secret document is never published."))
    if paper.state not in PUBLISHABLE:
        raise Conflict(_("Only a document that was sent is published."))
    hidden = {str(one).replace("\x00", "").replace("\r\n", "\n").strip() for one in hidden} - {""}
    if any(len(one) > 200 for one in hidden):
        raise Unusable({"hidden": [_("At most %(n)s characters.") % {"n": 200}]})
    original = told_content(paper)
    if strange := missing(original, hidden):
        said = _("This does not stand in the text: %(words)s")
        raise Unusable({"hidden": [said % {"words": one} for one in strange]})
    content = public_content(original, hidden)
    content["annexes"] = _annexes(paper, hidden, files or {})
    text = "\n".join(content[name] for name in SHOWN)
    if left := must_go(text):
        said = _("Identity and account numbers are never published; %(n)s would stay.")
        raise Unusable({"hidden": [said % {"n": len(left)}]})
    try:
        with transaction.atomic():
            found = Publication.objects.create(
                paper=paper, asked_by=actor.user, content=content, hidden=text.count(HIDDEN),
                title=content["title"][:200], plain=plain(text),
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(_("It is published or proposed already.")) from None
    put_work(
        actor=actor, kind="paper_publish", obj=paper, department=paper.department,
        title=shown_title(paper), reason=in_both(REASONS["publish"]), number=paper.shown_number,
        address=("paper_publication", [found.pk]),
    )  # fmt: skip
    trace(actor, paper, "publish_asked")
    return found


def _annexes(paper: Paper, hidden, decided: dict) -> list[dict]:
    """The attachments under their public titles; with the file of those that everybody gets."""
    found = entries(paper, content_of(paper))
    undecided = [one.title for one, file in found if file and decided.get(one.file) not in
                 (OPEN, KEPT)]  # fmt: skip
    if undecided:
        said = _("Decide whether this file is published: %(name)s")
        raise Unusable({"files": [said % {"name": name} for name in undecided]})
    return [
        {
            "title": hide(one.title, hidden),
            "file": one.file if decided.get(one.file) == OPEN else "",
        }
        for one, _file in found
    ]


@transaction.atomic
def decide_publication(
    *, actor, publication: Publication, grant: bool, note: str = "", at: datetime | None = None
) -> Publication:
    """Publish it, or refuse with a reason, as a colleague who did not propose it."""
    paper = lock_paper(publication.paper)
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    if publication.state != Publication.State.ASKED:
        raise Conflict(_("This was decided already."))
    if actor.user.pk == publication.asked_by_id or not may(actor.user, "decide", publication):
        raise NotAllowed(_("A second person of the organ decides, never whoever proposed it."))
    note = words(note, "note", is_needed=not grant)
    publication.state = Publication.State.APPROVED if grant else Publication.State.REFUSED
    publication.decided_by, publication.decided_at = actor.user, at or timezone.now()
    publication.note = note
    publication.save()
    close_work(actor=actor, kind="paper_publish", obj=paper, outcome=publication.state)
    trace(actor, paper, "published" if grant else "publish_refused", note=note)
    return publication
