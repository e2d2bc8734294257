"""Reads of documents. Anybody with a verification code may check one; everything else goes through
the policy.
"""

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from security.access import get_or_404
from security.accounts.firm_roles import WALLET
from security.accounts.selectors import firms_with
from security.identifiers import mask_name

from .models import Document, DocumentCopy
from .numbers import plain_code

State = Document.State
FOR_PAGES = ("issuer", "file")


def document_for(user, document_id) -> Document:
    """The document when this person may read it, else Http404."""
    return get_or_404(user, "read", Document.objects.select_related(*FOR_PAGES), pk=document_id)


def held_document(user, document_id, firm=None) -> Document:
    """A document of the person's own wallet, or of the firm acted for; Http404 otherwise."""
    return get_or_404(user, "hold", _held(user, firm), pk=document_id)


def is_held(document: Document, user, firm=None) -> bool:
    """Whether the document lies in the wallet of the person, or of the firm acted for."""
    if firm is not None:
        return document.holder_firm_id == firm.pk
    held = user is not None and document.holder_user_id == user.pk
    return held and document.holder_firm_id is None


def held_copy(user, copy_id) -> DocumentCopy:
    """A copy that was made of a document in the person's wallet; Http404 otherwise."""
    copies = DocumentCopy.objects.select_related("document")
    return get_or_404(user, "hold", copies, pk=copy_id)


def wallet_of(user, firm=None, standing: str = "") -> QuerySet[Document]:
    """What a person, or the firm acted for, holds, newest first; only one standing when asked."""
    found = _held(user, firm).order_by("-issued_at")
    today = timezone.localdate()
    if standing == "valid":
        return found.filter(state=State.VALID).exclude(valid_until__lt=today)
    if standing == "expired":
        return found.filter(state=State.VALID, valid_until__lt=today)
    if standing == "ended":
        return found.exclude(state=State.VALID)
    return found


def may_open_wallet(user, firm=None) -> bool:
    """Whether the person may see what the firm holds: of its members a viewer may not. Their own
    wallet is open to everybody, and the platform itself asks as nobody.
    """
    return firm is None or user is None or firm in firms_with(user, WALLET)


def _held(user, firm) -> QuerySet[Document]:
    documents = Document.objects.select_related(*FOR_PAGES)
    if firm is not None:
        may = may_open_wallet(user, firm)
        return documents.filter(holder_firm=firm) if may else documents.none()
    return documents.filter(holder_user=user, holder_firm=None)


def copies_of(document: Document) -> list[DocumentCopy]:
    """The copies made of a document that the caller has let its reader see, newest first."""
    return list(document.copies.order_by("-made_at")[:50])


def documents_of(subject_type: str, subject_id) -> list[Document]:
    """All documents of a subject, oldest first, for the module that has let its reader in."""
    found = Document.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    return list(found.select_related(*FOR_PAGES).order_by("issued_at", "number"))


@dataclass(frozen=True)
class Found:
    """What a verification code leads to: a document, or a copy of one for one use."""

    document: Document
    copy: DocumentCopy | None = None

    @property
    def standing(self) -> str:
        """ "valid", "expired", "revoked" or "replaced" today."""
        own = standing(self.document)
        if own == "valid" and self.copy and self.copy.expires_on < timezone.localdate():
            return "expired"
        return own

    @property
    def holder(self) -> str:
        """Who holds it, as strangers may read it: people masked, firms in full."""
        holder = self.document.holder
        return holder if self.document.holder_firm_id else mask_name(holder)


def found_by_code(code: str, number: str = "") -> Found | None:
    """What the code belongs to; with `number`, only when that is the document's number."""
    code = plain_code(code)
    documents = Document.objects.select_related("issuer", "replaced_by")
    document, copy = documents.filter(verify_code=code).first(), None
    if document is None:
        copies = DocumentCopy.objects.select_related("document__issuer", "document__replaced_by")
        copy = copies.filter(verify_code=code).first()
        document = copy.document if copy else None
    if document is None or (number and _plain(number) != _plain(document.number)):
        return None
    return Found(document, copy)


def _plain(number: str) -> str:
    return "".join(number.split()).upper()


def is_the_file(found: Found, content: bytes) -> bool:
    """Whether `content` is, bit by bit, the PDF that was issued under the code."""
    issued = found.copy.pdf_sha256 if found.copy else found.document.pdf_sha256
    return bool(issued) and hashlib.sha256(content).hexdigest() == issued


def standing(document: Document) -> str:
    """ "valid", "expired", "revoked" or "replaced" today."""
    if document.state != State.VALID:
        return document.state
    return "expired" if document.is_expired(timezone.localdate()) else "valid"


def document_by_id(document_id) -> Document | None:
    """A document for the press, whoever may read it."""
    return Document.objects.filter(pk=document_id).first()


def copy_by_id(copy_id) -> DocumentCopy | None:
    """A copy for the press, whoever may read it."""
    return DocumentCopy.objects.filter(pk=copy_id).first()
