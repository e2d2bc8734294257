"""Every write of documents: issue, revoke, replace, copy for one use, print."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.files.services import link_file, store_file
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.events import emit
from platform_core.common.organs import organ_text
from platform_core.common.outbox.services import send
from security.audit.services import record_audit

from . import numbers, serials
from .definition import Template
from .freezing import Answered, digest, frozen
from .languages import days
from .models import Document, DocumentCopy
from .printing import job_of, moment_of, sm3, stamp_of
from .typesetting import typeset

State = Document.State
SUBJECT = "platform_core.document"
LONGEST_COPY = timedelta(days=365)
COPIES_A_DAY = 20


@transaction.atomic
def issue_document(
    *,
    actor,
    template: Template,
    issuer,
    facts: dict,
    subject_type: str,
    subject_id,
    subject_number: str = "",
    holder: str = "",
    holder_user=None,
    holder_firm=None,
    answered: Answered | None = None,
    replaces: Document | None = None,
    at: datetime | None = None,
) -> Document:
    """Issue one document: number, code and what it says are fixed for ever.

    `facts` fill in the template's names, texts in two languages or plain strings; number, organ,
    holder and days are added here. Raises Conflict when the subject has a valid document of the
    template, or when it would be far too long. The PDF is printed after the commit; that of a
    notice when somebody first asks for it.
    """
    at = at or timezone.now()
    issued_on = timezone.localdate(at)
    until = issued_on + timedelta(days=template.valid_days - 1) if template.valid_days else None
    subject = {"subject_type": subject_type, "subject_id": str(subject_id)}
    _require_first(subject, template)
    number, code = _number(template, issuer, issued_on.year), numbers.new_verify_code()
    facts = facts | _own_facts(number, issuer, holder, issued_on, until)
    content = frozen(template, facts, answered, issued_on=issued_on, valid_until=until)
    document = Document(
        kind=template.kind,
        template=template.key,
        **subject,
        subject_number=subject_number,
        number=number,
        verify_code=code,
        title=content["title"],
        holder=holder,
        holder_user=holder_user,
        holder_firm=holder_firm,
        issuer=issuer,
        issued_by=actor.user,
        issued_at=at,
        valid_until=until,
        content=content,
        content_sha256=digest(content, number=number, code=code),
        replaces=replaces,
    )
    document.save(force_insert=True)
    _note_issue(actor, document, template)
    if template.kind != Document.Kind.NOTICE:
        _print_later(document)
    return document


def _require_first(subject: dict, template: Template) -> None:
    if Document.objects.filter(**subject, template=template.key, state=State.VALID).exists():
        raise Conflict(_("This document was issued already."))


def _own_facts(number: str, issuer, holder: str, issued_on, until) -> dict:
    return {
        "number": number,
        "organ": organ_text(issuer),
        "organ_phone": issuer.phone,
        "holder": holder,
        "issued_on": days(issued_on),
        "valid_until": days(until),
    }


def _note_issue(actor, document: Document, template: Template) -> None:
    after = {"number": document.number, "subject": document.subject_number}
    if template.purpose is not None:
        after["unmasked_for"] = template.purpose.zh
    record_audit(actor=actor, verb="document.issue", obj=document, after=after)


def _number(template: Template, issuer, year: int) -> str:
    scheme = template.number
    if scheme.scheme == "official":
        word = numbers.word_for(scheme.word, issuer.region.name)
        serial = serials.take(f"official:{word}:{year}")
        return numbers.official_number(word=word, year=year, serial=serial)
    owner = issuer.credit_code
    return numbers.certificate_number(
        type_owner=owner,
        type_code=scheme.type_code,
        issuer=owner,
        serial=serials.take(f"certificate:{owner}{scheme.type_code}"),
    )


def _print_later(row: Document | DocumentCopy) -> None:
    kind = "copy" if isinstance(row, DocumentCopy) else "document"
    send(topic="documents.print", key=f"documents.print:{row.pk}", payload={kind: str(row.pk)})


@transaction.atomic
def revoke_document(
    *, actor, document: Document, reason: str, at: datetime | None = None
) -> Document:
    """Take a document back; whoever checks it from now on sees that and since when."""
    return _end(actor, document, State.REVOKED, reason, at)


@transaction.atomic
def name_holder(*, actor, subject_type: str, subject_id, user) -> int:
    """The holder of a subject's documents, known by name so far, has an account now; how many."""
    nameless = Document.objects.filter(
        subject_type=subject_type, subject_id=str(subject_id), holder_user=None, holder_firm=None
    )
    found = list(nameless.select_for_update(of=("self",)))
    for document in found:
        document.holder_user = user
        document.save(update_fields=["holder_user"])
        record_audit(actor=actor, verb="document.holder", obj=document)
    return len(found)


def _end(actor, document: Document, state: str, reason: str, at: datetime | None) -> Document:
    reason = reason.replace("\x00", "").strip()[:400]
    if not reason:
        raise Unusable({"reason": [_("Say why the document is revoked.")]})
    document = _locked(document)
    if document.state != State.VALID:
        raise Conflict(_("The document no longer counts already."))
    document.state, document.revoked_reason = state, reason
    document.revoked_at, document.revoked_by = at or timezone.now(), actor.user
    document.save(update_fields=["state", "revoked_reason", "revoked_at", "revoked_by"])
    record_audit(actor=actor, verb=f"document.{state}", obj=document, after={"reason": reason})
    emit(f"document.{state}", document=document, actor=actor, reason=reason, at=at)
    return document


def _locked(document: Document) -> Document:
    return (
        Document.objects.select_for_update(of=("self",))
        .select_related("issuer__region", "holder_user", "holder_firm")
        .get(pk=document.pk)
    )


@transaction.atomic
def replace_document(
    *,
    actor,
    document: Document,
    template: Template,
    facts: dict,
    reason: str,
    answered: Answered | None = None,
    holder: str = "",
    at: datetime | None = None,
) -> Document:
    """Issue a document in the place of another one, which no longer counts; each names the
    other. `holder` is the name where that was put right.
    """
    old = _end(actor, document, State.REPLACED, reason, at)
    return issue_document(
        actor=actor,
        template=template,
        issuer=old.issuer,
        facts=facts,
        subject_type=old.subject_type,
        subject_id=old.subject_id,
        subject_number=old.subject_number,
        holder=holder or old.holder,
        holder_user=old.holder_user,
        holder_firm=old.holder_firm,
        answered=answered,
        replaces=old,
        at=at,
    )


@transaction.atomic
def copy_document(
    *, actor, document: Document, purpose: str, recipient: str, expires_on, at=None
) -> DocumentCopy:
    """Make a copy for one use. Raises Unusable by field, Conflict when the document does not
    count.
    """
    at = at or timezone.now()
    today = timezone.localdate(at)
    purpose, recipient = (_one_line(text) for text in (purpose, recipient))
    errors = {}
    if not purpose:
        errors["purpose"] = [_("Say what the copy is for.")]
    if not recipient:
        errors["recipient"] = [_("Say who will use the copy.")]
    if expires_on is None:
        errors["expires_on"] = [_("Enter a day, for example 2026-05-01.")]
    elif not today <= expires_on <= today + LONGEST_COPY:
        errors["expires_on"] = [_("Choose a day from today to one year from now.")]
    if errors:
        raise Unusable(errors)
    document = _locked(document)
    if document.state != State.VALID or document.is_expired(today):
        raise Conflict(_("The document no longer counts, so no copy can be made of it."))
    since = at - timedelta(days=1)
    if document.copies.filter(made_at__gt=since).count() >= COPIES_A_DAY:
        raise Conflict(_("Too many copies were made today. Please try again tomorrow."))
    copy = DocumentCopy.objects.create(
        document=document,
        verify_code=numbers.new_verify_code(),
        purpose=purpose,
        recipient=recipient,
        expires_on=min(expires_on, document.valid_until or expires_on),
        made_by=actor.user,
        made_at=at,
    )
    record_audit(actor=actor, verb="document.copy", obj=document, after={"copy": str(copy.pk)})
    _print_later(copy)
    return copy


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:100]


@transaction.atomic
def print_document(*, actor, document: Document) -> Document:
    """The document with its PDF, printed now if it was not yet. The file never changes after."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.file_id is None:
        pdf = typeset(job_of(document, document.verify_code), moment=moment_of(document))
        document.file = _stored(actor, pdf, document)
        document.pdf_sha256, document.pdf_sm3 = hashlib.sha256(pdf).hexdigest(), sm3(pdf)
        document.save(update_fields=["file", "pdf_sha256", "pdf_sm3"])
    return document


@transaction.atomic
def print_copy(*, actor, copy: DocumentCopy) -> DocumentCopy:
    """The copy with its PDF, printed now if it was not yet."""
    copy = (
        DocumentCopy.objects.select_for_update(of=("self",))
        .select_related("document")
        .get(pk=copy.pk)
    )
    if copy.file_id is None:
        job = job_of(copy.document, copy.verify_code, stamp_of(copy))
        pdf = typeset(job, moment=moment_of(copy.document))
        copy.file, copy.pdf_sha256 = (
            _stored(actor, pdf, copy.document),
            hashlib.sha256(pdf).hexdigest(),
        )
        copy.save(update_fields=["file", "pdf_sha256"])
    return copy


def _stored(actor, pdf: bytes, document: Document):
    upload = SimpleUploadedFile(f"{document.number}.pdf", pdf, content_type="application/pdf")
    file = store_file(actor=actor, upload=upload)
    return link_file(actor=actor, file_id=file.pk, subject_type=SUBJECT, subject_id=document.pk)
