"""Papers that an applicant gave before: offered again, never across people, only with their leave.

A paper is known by its material's code; that it is the very same file, by the hash of its content.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import Http404

from platform_core.capabilities.files.models import StoredFile
from platform_core.capabilities.files.services import copy_file
from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms import services as form_services
from platform_core.capabilities.forms.earlier import allows_earlier
from security.audit.services import record_audit

from .models import MaterialReceipt, WithdrawnPaper

MOST_LOOKED_AT = 50
MOST_SHOWN = 300


@dataclass(frozen=True)
class Given:
    """A paper given before: the receipt of that case and the file."""

    field: str
    receipt: MaterialReceipt
    file: StoredFile


def papers_of(definition) -> dict[str, str]:
    """{code: field} of the upload questions of a service that ask for a material."""
    return {
        material.code: way.field
        for material in definition.guide.materials
        for way in material.ways
        if material.code and way.way == "upload"
    }


def given_before(user, firm, papers: dict[str, str]) -> list[Given]:
    """The newest clean file for each of the `papers` ({code: field}); nothing for who has not
    agreed that earlier answers are used. A constant number of queries.
    """
    if not papers or not allows_earlier(user):
        return []
    receipts = MaterialReceipt.objects.filter(
        code__in=papers, way="upload", case__applicant=user, case__firm=firm
    ).order_by("-at")
    gone = _withdrawn(user, firm)
    newest: dict[str, MaterialReceipt] = {}
    for receipt in receipts[:MOST_LOOKED_AT]:
        if (receipt.code, _content(receipt)) not in gone:
            newest.setdefault(receipt.code, receipt)
    files = _files_of(user, newest.values())
    return [
        Given(papers[code], receipt, files[_content(receipt)])
        for code, receipt in newest.items()
        if _content(receipt) in files
    ]


def _content(receipt: MaterialReceipt) -> str:
    """The hash of the file that a receipt is about; "" for none."""
    return next(iter(receipt.facts.get("files") or []), "")


def _files_of(user, receipts) -> dict[str, StoredFile]:
    """The person's clean files by hash that these receipts are about."""
    hashes = {_content(one) for one in receipts} - {""}
    found = StoredFile.objects.filter(sha256__in=hashes, owner=user, state=StoredFile.State.CLEAN)
    return {file.sha256: file for file in found.order_by("created_at")}


def _withdrawn(user, firm) -> set[tuple[str, str]]:
    """(code, hash) of what the person wants to be offered no more."""
    found = WithdrawnPaper.objects.filter(user=user, firm=firm)
    return set(found.values_list("code", "sha256"))


@dataclass
class Paper:
    """A paper that a person has given: its file and the cases in which it was used, newest first;
    `is_offered` says whether new applications offer it again.
    """

    code: str
    content: str
    name: dict
    file: StoredFile
    is_offered: bool
    cases: list


def papers_given(user, firm=None) -> list[Paper]:
    """The papers that a person, or they for the firm acted for, have given, newest first. As many
    queries however many there are.
    """
    receipts = list(
        MaterialReceipt.objects.filter(way="upload", case__applicant=user, case__firm=firm)
        .select_related("case__item")
        .order_by("-at", "-pk")[:MOST_SHOWN]
    )
    files, gone = _files_of(user, receipts), _withdrawn(user, firm)
    found: dict[tuple[str, str], Paper] = {}
    for one in receipts:
        at = one.code, _content(one)
        if at[1] in files:
            paper = Paper(*at, one.name, files[at[1]], at not in gone, [])
            found.setdefault(at, paper).cases.append(one.case)
    return list(found.values())


@transaction.atomic
def offer_paper(*, actor, code: str, content: str, is_offered: bool) -> None:
    """The person wants a paper that they gave to be offered again, or no more. Http404 for what is
    no paper of theirs. The cases that have it keep it.
    """
    mine = {(one.code, one.content) for one in papers_given(actor.user, actor.firm)}
    if (code, content) not in mine:
        raise Http404
    paper = {"user": actor.user, "firm": actor.firm, "code": code, "sha256": content}
    if is_offered:
        WithdrawnPaper.objects.filter(**paper).delete()
    else:
        WithdrawnPaper.objects.get_or_create(**paper)
    verb = "material.offer" if is_offered else "material.withdraw"
    record_audit(actor=actor, verb=verb, after={"code": code})


def offered(actor, papers: dict[str, str], draft, page) -> list[Given]:
    """What may be used again on a page of the person's own draft, where nothing was added yet."""
    if draft.only_fields or actor.mandate or actor.user is None or not papers:
        return []
    values = forms.plain_values(draft)
    empty = {one.key for one in page.fields if one.type == "attachment" and not values.get(one.key)}
    here = {code: field for code, field in papers.items() if field in empty}
    return given_before(actor.user, actor.firm, here)


@transaction.atomic
def use_again(
    *, actor, papers: dict[str, str], draft, page: str, field: str, owner_key: str = ""
) -> StoredFile:
    """Put the paper given before into the draft as a file of its own. Http404 when there is none.

    Deleting one of the two leaves the other: each case keeps what it was decided on.
    """
    here = forms.form_of(draft).page(page)
    found = offered(actor, papers, draft, here) if here is not None else []
    given = next((one for one in found if one.field == field), None)
    if given is None:
        raise Http404
    file = copy_file(actor=actor, original=given.file.pk)
    form_services.save_page(
        actor=actor, draft=draft, page=page, values={field: [str(file.pk)]}, owner_key=owner_key
    )
    record_audit(actor=actor, verb="material.use_again", obj=draft, after={"field": field})
    return file


@transaction.atomic
def forget_withdrawn(*, actor, user) -> int:
    """Forget which papers a person has withdrawn, when their account closes; how many."""
    count, _of = WithdrawnPaper.objects.filter(user=user).delete()
    record_audit(actor=actor, verb="material.forget_withdrawn", obj=user, after={"count": count})
    return count


def hashes_of(case, field: str, values: dict) -> list[str]:
    """The content hashes of the files that answer an upload question of a case."""
    ids = [one for one in values.get(field) or [] if isinstance(one, str)]
    found = {
        str(key): content
        for key, content in StoredFile.objects.filter(pk__in=ids).values_list("pk", "sha256")
    }
    return [found[key] for key in ids if key in found]


def same_elsewhere(case, hashes) -> int:
    """In how many other cases of the same applicant the very same files were accepted."""
    if not hashes or case.applicant_id is None:
        return 0
    others = MaterialReceipt.objects.filter(case__applicant=case.applicant).exclude(case=case)
    return others.filter(way="upload", facts__files__contains=hashes[:1]).count()
