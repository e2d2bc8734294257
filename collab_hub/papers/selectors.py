"""Reads of papers: lists, search within what the reader may see, one paper with all about it."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.files.models import StoredFile
from platform_core.common import workcalendar
from platform_core.common.errors import Conflict
from platform_core.common.organs import organ_words
from security.access import get_or_404, may, visible_to
from security.accounts.models import User
from security.organs.models import Department
from security.organs.selectors import (
    departments_found,
    heads_at,
    officials_of,
    organs_of,
)

from . import grams
from .annexing import attached, entries, sheets
from .elements import Annex
from .layout import Printed, files_of, job_of
from .merging import merge_content
from .models import Attachment, OrganWord, Paper, Publication, Receipt, Revision, Step, Trace

WITH = ("department", "drafter", "signed_by")
VIEWS = ("out", "in", "read", "all")


def papers_for(user, view: str = "out", text: str = "") -> QuerySet[Paper]:
    """Papers that `user` may read, newest first: those their organs write ("out"), or all of them;
    with what was searched for.
    """
    found = visible_to(user, "read", Paper.objects.select_related(*WITH))
    organs = organs_of(user)
    if view == "out":
        found = found.filter(department__in=organs).exclude(state=Paper.State.OUTSIDE)
    return _holding(found, text).defer("plain", "grams").order_by("-changed_at", "pk")


def _holding(found: QuerySet, text: str) -> QuerySet:
    wanted, runs = grams.asked(text)
    if not text.strip():
        return found
    if not wanted:
        return found.none()
    found = found.filter(grams__contains=wanted)
    # The index finds candidates; a number or a sender stands in the grams only.
    for run in runs:
        if len(run) > 2 and not run[0].isascii():
            number = Q(number__icontains=run) | Q(outside_number__icontains=run)
            found = found.filter(Q(plain__contains=run) | Q(sender__icontains=run) | number)
    return found


def receipts_for(user, text: str = "", *, is_open: bool = True) -> QuerySet[Receipt]:
    """What came in for the organs of `user`: what is under way, the urgent first, or what is filed
    or was sent back.
    """
    found = visible_to(user, "read", Receipt.objects.filter(organ__in=organs_of(user)))
    found = found.select_related("paper__department", "organ", "officer")
    ended = [Receipt.State.FILED, Receipt.State.SENT_BACK]
    found = found.exclude(state__in=ended) if is_open else found.filter(state__in=ended)
    if text.strip():
        found = found.filter(paper__in=_holding(Paper.objects.all(), text))
    found = found.defer("paper__plain", "paper__grams")
    found = found.annotate(urgent_at=Coalesce("due_at", "sign_by"))
    return found.order_by("urgent_at", "-sent_at", "pk")


def passed_to(user, text: str = "") -> QuerySet[Step]:
    """What was passed round to `user`, unread first."""
    found = Step.objects.filter(kind=Step.Kind.CIRCULATE, person=user)
    if text.strip():
        found = found.filter(paper__in=_holding(Paper.objects.all(), text))
    found = found.select_related("paper__department", "receipt")
    found = found.defer("paper__plain", "paper__grams")
    return found.order_by("-state", "-opened_at", "pk")


def paper_for(user, paper_id, verb: str = "read") -> Paper:
    """The paper when `user` may do `verb` with it, else Http404."""
    found = Paper.objects.select_related(*WITH, "pdf").defer("plain", "grams")
    return get_or_404(user, verb, found, pk=paper_id)


def receipt_for(user, receipt_id, verb: str = "read") -> Receipt:
    found = Receipt.objects.select_related(
        "paper__department", "paper__drafter", "paper__pdf", "organ", "officer", "signed_by"
    ).defer("paper__plain", "paper__grams")
    return get_or_404(user, verb, found, pk=receipt_id)


def content_of(paper: Paper) -> dict:
    """What the paper says now."""
    return Revision.objects.get(paper=paper, number=paper.head, is_side=False).content


def told_content(paper: Paper) -> dict:
    """What the paper says now, its files among the names of attachments."""
    content = content_of(paper)
    names = [one.title for one, _file in entries(paper, content)]
    return content | {"attachments": "\n".join(names)}


def files_to_show(user, paper: Paper | None, keys) -> list[StoredFile]:
    """Those of the files that belong to the paper, and those that the user has sent for it, in
    their order.
    """
    found = {} if paper is None else {k: one.file for k, one in attached(paper, keys).items()}
    own = StoredFile.objects.filter(pk__in=[key for key in keys if key not in found])
    found |= {str(one.pk): one for one in own.filter(owner=user.pk, subject_type="")}
    return [found[key] for key in keys if key in found]


def needs_reason(receipt: Receipt) -> bool:
    """Whether somebody was already asked about the received paper, or has it to read: from then on
    a file is added with a reason.
    """
    return receipt.steps.exists()


def replaced_files(paper: Paper) -> list[Attachment]:
    """The files of a paper from outside in whose place another one was put, the newest first."""
    if paper.state != Paper.State.OUTSIDE:
        return []
    found = Attachment.objects.filter(paper=paper, replaced_by__isnull=False)
    found = found.select_related("file", "replaced_by__added_by")
    return list(found.order_by("-replaced_by__added_at", "pk"))


def revision_of(paper: Paper, number: int, *, side: int | None = None) -> Revision | None:
    """A revision by number, or the side revision with this id."""
    found = Revision.objects.filter(paper=paper).select_related("author")
    if side is not None:
        return found.filter(pk=side, is_side=True).first()
    return found.filter(number=number, is_side=False).first()


def revisions_of(paper: Paper) -> list[Revision]:
    """Every revision, side ones included, newest first, without what they say."""
    found = paper.revisions.select_related("author").defer("content")
    return list(found.order_by("-made_at", "-pk"))


def merged_with(paper: Paper, side: Revision) -> dict:
    """The head and a side revision put together: {"content", "texts", "clashes", "theirs"}."""
    head, base = revision_of(paper, paper.head), revision_of(paper, side.number)
    content, texts, clashes = merge_content(base.content, head.content, side.content)
    return {"content": content, "texts": texts, "clashes": clashes, "theirs": head}


def organ_names(ids) -> dict[int, str]:
    """{id: name in the reader's language}, in the order given."""
    found = Department.objects.in_bulk(list(ids))
    return {pk: organ_words(found[pk]) for pk in ids if pk in found}


Job = tuple[dict, dict[str, bytes]]


def job_for(paper: Paper) -> Job:
    """The print job of the signed paper, and the files that belong to it."""
    return _job(paper, content_of(paper), str(paper.signed_by))


def draft_job(paper: Paper, content: dict, *, is_whole: bool = True) -> Job:
    """The print job of the paper before it is sealed, with `content` as its text; without the pages
    of attachments when not `is_whole`.
    """
    signer = paper.signed_by or User.objects.filter(pk=content["signer"]).first()
    return _job(paper, content, str(signer or ""), is_draft=True, is_whole=is_whole)


def public_job(publication: Publication) -> Job:
    """The print job of what is public, made from the redacted content alone: it names no signer.
    Of the attachments it has those that were let out.
    """
    found = public_entries(publication)
    return _job(publication.paper, publication.content, "", found=found)


def redactions_of(paper: Paper) -> dict[str, str]:
    """{id of a file: id of the newest redacted version that was given of it}."""
    found = Attachment.objects.filter(paper=paper, redacts__isnull=False).order_by("added_at")
    return {str(one.redacts_id): str(one.pk) for one in found}


def compared_files(publication: Publication) -> list[tuple]:
    """[(entry, attachment, what everybody would get of it: an attachment or None)] of the entries
    with a file, in their order.
    """
    original = entries(publication.paper, content_of(publication.paper))
    public = public_entries(publication)
    return [
        (one, file, public[place][1] if place < len(public) else None)
        for place, (one, file) in enumerate(original)
        if file
    ]


def public_entries(publication: Publication) -> list:
    """The attachments under their public titles, as `annexing.entries`."""
    told = publication.content.get("annexes", ())
    files = attached(publication.paper, [one["file"] for one in told if one["file"]])
    return [
        (Annex(number, one["title"], one["file"]), files.get(one["file"]))
        for number, one in enumerate(told, 1)
    ]


def _job(paper: Paper, content: dict, signer: str, *, is_draft: bool = False,
         is_whole: bool = True, found=None) -> Job:  # fmt: skip
    found = entries(paper, content) if found is None else found
    made = sheets(found, is_whole=is_whole)
    names = Department.objects.in_bulk([*content["main_to"], *content["copy_to"]])
    number = paper.number or ""
    printed = Printed(
        organ=paper.department.name,
        main_to=tuple(names[pk].name for pk in content["main_to"] if pk in names),
        copy_to=tuple(names[pk].name for pk in content["copy_to"] if pk in names),
        number=number,
        signer=signer,
        day=timezone.localdate(paper.signed_at) if paper.signed_at else None,
        seal=f"{paper.department.name} {number}" if not is_draft else "",
        is_draft=is_draft,
        sheets=made,
    )
    return job_of(paper.kind, content, printed), files_of(made)


def steps_of(paper: Paper, receipt: Receipt | None = None) -> list[Step]:
    """What was asked on the way out, or at one organ."""
    found = paper.steps.filter(receipt=receipt).select_related("person", "organ", "closed_by")
    return list(found.exclude(state=Step.State.CANCELLED))


def is_inside(user, paper: Paper) -> bool:
    """Whether `user` is of those who work on it on its way out, and so reads what they said."""
    asked = visible_to(user, "read", paper.steps.filter(receipt=None))
    return may(user, "handle", paper) or may(user, "draft", paper) or asked.exists()


def to_do(user, paper: Paper, receipt: Receipt | None = None) -> list[Step]:
    """The open steps that `user` is asked for."""
    found = paper.steps.filter(receipt=receipt, state=Step.State.OPEN)
    return list(visible_to(user, "do", found.select_related("person", "organ")))


def reading_step(user, receipt: Receipt) -> Step:
    """The open step by which the paper was passed to `user`. Raises Conflict without one."""
    found = to_do(user, receipt.paper, receipt)
    step = next((one for one in found if one.kind == Step.Kind.CIRCULATE), None)
    if step is None:
        raise Conflict(_("This was done already."))
    return step


def traces_of(paper: Paper, receipt: Receipt | None = None) -> list[Trace]:
    """What happened, newest first: on the way out, or at one organ."""
    found = paper.traces.filter(receipt=receipt).select_related("actor", "organ")
    return list(found.order_by("-at", "-pk"))


def receipts_of(paper: Paper) -> list[Receipt]:
    """Who has the paper and how far they are: for its sender."""
    found = paper.receipts.select_related("organ", "signed_by")
    return list(found.order_by("is_copy", "organ__code"))


def light(receipt: Receipt, now=None) -> dict | None:
    """The light of what runs: signing in first, then handling."""
    if receipt.state == Receipt.State.WAITING:
        return workcalendar.deadline_light(receipt.sign_by, None, now)
    if receipt.state == Receipt.State.HANDLING:
        return workcalendar.deadline_light(receipt.due_at, receipt.warn_at, now)
    return None


def colleague_of(organ: Department, person) -> bool:
    return any(one.pk == person.pk for one in officials_of(organ))


def may_be_asked(paper: Paper, person) -> bool:
    """Whether a check may be asked of the person: a colleague, or a head above."""
    return colleague_of(paper.department, person) or any(
        one.pk == person.pk for one in heads_of(paper)
    )


def heads_of(paper: Paper) -> list[User]:
    """Who may sign: the heads of the organ and of those above it."""
    return heads_at(paper.department)


def people_at(organ: Department) -> list[User]:
    return officials_of(organ)


def organs_to_choose(department: Department) -> list[Department]:
    """The organs a paper may be addressed to: those of the organ's place, below and above it."""
    region = department.region
    codes = [code for code in region.path.split("/") if code]
    found = departments_found().filter(
        Q(region__code__in=codes) | Q(region__parent=region) | Q(region__path=region.path)
    )
    return list(found.exclude(pk=department.pk).order_by("region__level", "code")[:600])


def words_of(department: Department) -> list[str]:
    return list(OrganWord.objects.filter(department=department).values_list("word", flat=True))


def own_words(user) -> list[OrganWord]:
    """The words of the official's organs."""
    found = OrganWord.objects.select_related("department")
    return list(visible_to(user, "use", found))


def publication_for(user, publication_id, verb: str = "read") -> Publication:
    found = Publication.objects.select_related("paper__department", "asked_by", "decided_by")
    return get_or_404(user, verb, found, pk=publication_id)


def publication_of(paper: Paper) -> Publication | None:
    """The newest publication of the paper that was not refused, or None."""
    return paper.publications.exclude(state=Publication.State.REFUSED).first()


def published_papers(text: str = "") -> QuerySet[Publication]:
    """What the public reads, newest first, with what was searched for."""
    found = visible_to(None, "view", Publication.objects.select_related("paper__department"))
    found = found.defer("plain", "content", "paper__plain", "paper__grams")
    for run in grams.asked(text)[1]:
        found = found.filter(plain__contains=run)
    return found.order_by("-decided_at", "-pk")


def published_paper(key) -> Publication:
    found = Publication.objects.select_related("paper__department")
    return get_or_404(None, "view", found, key=key)
