"""Writes of publication: proposed without personal data, decided by a second person."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.services import drop_file, store_file
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may

from .annexing import entries
from .attaching_services import attach
from .clerking import REASONS, lock_paper, must, shown_title, trace, words
from .grams import plain
from .models import Attachment, Paper, Publication
from .redacting import Redacted, redacted_version
from .redaction import HIDDEN, SHOWN, hide, missing, must_go, public_content
from .selectors import content_of, public_entries, publication_of, told_content

PUBLISHABLE = (Paper.State.SENT, Paper.State.FILED)
# What may be decided about a file: everybody gets it as it is, a redacted version of it, or none.
OPEN, REDACTED, KEPT = "open", "redacted", "kept"


def propose_publication(*, actor, paper: Paper, hidden, files=None, redacted=None) -> Publication:
    """Propose to publish the paper with the words `hidden` taken out; a second person decides.

    `files` says of each attached file whether it is public, {id: "open", "redacted" or "kept"};
    `redacted` gives the version that takes its place, {id: id of the actor's new file}. Unusable at
    "hidden" when a word does not stand in the text, or a number that is never public would stay, at
    "files" when one is not decided or its redacted version will not do; Conflict for a secret
    paper, one that was not sent, or one that is published or proposed already.
    """
    paper = Paper.objects.get(pk=paper.pk)
    _check(actor, paper)
    hidden = {str(one).replace("\x00", "").replace("\r\n", "\n").strip() for one in hidden} - {""}
    content = _public(paper, hidden)
    found = entries(paper, content_of(paper))
    decided = _decided(found, files or {})
    # What a sent paper says and names never changes: the versions are drawn before its row is held.
    versions = [
        redacted_version(actor.user, one, (redacted or {}).get(key, ""), hidden)
        for key, one in decided[REDACTED].items()
    ]
    with transaction.atomic():
        paper = lock_paper(paper)
        _check(actor, paper)
        public = {key: key for key in decided[OPEN]}
        public |= {str(one.original.pk): _keep_version(actor, paper, one) for one in versions}
        content["annexes"] = [
            {"title": hide(annex.title, hidden), "file": public.get(annex.file, "")}
            for annex, _file in found
        ]
        return _propose(actor, paper, content)


def _check(actor, paper: Paper) -> None:
    must(may(actor.user, "handle", paper))
    if paper.secrecy:
        raise Conflict(_("A secret document is never published."))
    if paper.state not in PUBLISHABLE:
        raise Conflict(_("Only a document that was sent is published."))
    if publication_of(paper) is not None:
        raise Conflict(_("It is published or proposed already."))


def _public(paper: Paper, hidden) -> dict:
    """What everybody may read of the paper's text. Unusable at "hidden"."""
    if any(len(one) > 200 for one in hidden):
        raise Unusable({"hidden": [_("At most %(n)s characters.") % {"n": 200}]})
    original = told_content(paper)
    if strange := missing(original, hidden):
        said = _("This does not stand in the text: %(words)s")
        raise Unusable({"hidden": [said % {"words": one} for one in strange]})
    content = public_content(original, hidden)
    if left := must_go("\n".join(content[name] for name in SHOWN)):
        said = _("Identity and account numbers are never published; %(n)s would stay.")
        raise Unusable({"hidden": [said % {"n": len(left)}]})
    return content


def _decided(found, files: dict) -> dict[str, dict]:
    """{decision: {id: attachment}} of the entries with a file. Unusable at "files"."""
    with_file = [(one, file) for one, file in found if file]
    undecided = [
        one.title for one, _file in with_file if files.get(one.file) not in (OPEN, REDACTED, KEPT)
    ]
    if undecided:
        said = _("Decide whether this file is published: %(name)s")
        raise Unusable({"files": [said % {"name": name} for name in undecided]})
    return {
        what: {one.file: file for one, file in with_file if files[one.file] == what}
        for what in (OPEN, REDACTED, KEPT)
    }


def _keep_version(actor, paper: Paper, version: Redacted) -> str:
    """The id of the redacted version, kept with the paper. What was given is dropped once it was
    drawn anew: only what the second person reads is left.
    """
    key = str(version.file.pk)
    if version.is_known:
        return key
    if version.content:
        upload = SimpleUploadedFile(version.name, version.content)
        try:
            made = store_file(actor=actor, upload=upload)
        except Unusable as error:
            raise Unusable({"files": error.errors[""]}) from None
        drop_file(actor=actor, file_id=version.file.pk)
        key = str(made.pk)
    pages = {key: version.pages}
    attach(actor=actor, paper=paper, keys=[key], pages=pages, redacts=version.original)
    note = f"{version.original.file.name} → {version.name}"
    trace(actor, paper, "file_redacted", note=note)
    return key


def _propose(actor, paper: Paper, content: dict) -> Publication:
    text = "\n".join(content[name] for name in SHOWN)
    found = Publication.objects.create(
        paper=paper, asked_by=actor.user, content=content, hidden=text.count(HIDDEN),
        title=content["title"][:200], plain=plain(text),
    )  # fmt: skip
    put_work(
        actor=actor, kind="paper_publish", obj=paper, department=paper.department,
        title=shown_title(paper), reason=in_both(REASONS["publish"]), number=paper.shown_number,
        address=("paper_publication", [found.pk]),
    )  # fmt: skip
    trace(actor, paper, "publish_asked")
    return found


@transaction.atomic
def decide_publication(
    *, actor, publication: Publication, grant: bool, note: str = "", confirmed=(),
    at: datetime | None = None,
) -> Publication:  # fmt: skip
    """Publish it, or refuse with a reason, as a colleague who did not propose it.

    `confirmed` are ids of redacted versions that were read beside their originals: without each of
    them nothing is published. Unusable at "note" or "confirmed".
    """
    paper = lock_paper(publication.paper)
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    if publication.state != Publication.State.ASKED:
        raise Conflict(_("This was decided already."))
    if actor.user.pk == publication.asked_by_id or not may(actor.user, "decide", publication):
        raise NotAllowed(_("A second person of the organ decides, never whoever proposed it."))
    note = words(note, "note", is_needed=not grant)
    versions = _confirmed(publication, confirmed) if grant else []
    publication.state = Publication.State.APPROVED if grant else Publication.State.REFUSED
    publication.decided_by, publication.decided_at = actor.user, at or timezone.now()
    publication.note = note
    publication.save()
    close_work(actor=actor, kind="paper_publish", obj=paper, outcome=publication.state)
    for one in versions:
        names = f"{one.redacts.file.name} → {one.file.name}"
        trace(actor, paper, "redaction_confirmed", note=names)
    trace(actor, paper, "published" if grant else "publish_refused", note=note)
    return publication


def _confirmed(publication: Publication, confirmed) -> list[Attachment]:
    """The redacted versions, each of them confirmed; everything that goes out is free of viruses.
    Unusable at "confirmed", Conflict.
    """
    public = [one for _annex, one in public_entries(publication) if one]
    waiting = [one.title for one in public if one.file.state != StoredFile.State.CLEAN]
    if waiting:
        said = _("“%(name)s” waits for the virus scan, or was refused by it.")
        raise Conflict(said % {"name": waiting[0]})
    versions = Attachment.objects.filter(pk__in=[one.pk for one in public if one.redacts_id])
    versions = list(versions.select_related("file", "redacts__file"))
    left = [one for one in versions if str(one.pk) not in set(confirmed)]
    if left:
        said = _("Open the redacted version of “%(name)s” beside its original, then confirm it.")
        raise Unusable({"confirmed": [said % {"name": one.redacts.title} for one in left]})
    return versions
