"""What the press is told about one document or copy."""

from cryptography.hazmat.primitives import hashes
from django.urls import reverse
from django.utils.translation import gettext as _

from security.actors import Actor

from .languages import days, in_both
from .models import Document, DocumentCopy
from .typesetting import print_job, public_address

PRINTER = Actor.system("press")


def stamp_of(copy: DocumentCopy) -> dict:
    """What is stamped onto a copy: across every page, and as a line at its foot."""
    until = days(copy.expires_on)
    words = in_both(
        lambda: _("Copy only for %(recipient)s, purpose: %(purpose)s, usable until %(day)s.")
    )
    line = {
        language: said
        % {"recipient": copy.recipient, "purpose": copy.purpose, "day": until[language]}
        for language, said in words.items()
    }
    mark = f"{copy.purpose} · {copy.recipient} · {copy.expires_on.isoformat()}"
    return {"line": line, "mark": mark}


def job_of(document: Document, code: str, stamp: dict | None = None) -> dict:
    """The print job of a document under a code, with what is stamped onto it."""
    path = reverse("portal:verify_code", args=[code], current_app="portal")
    return print_job(
        document.content,
        number=document.number,
        address=public_address(path),
        code=code,
        stamp=stamp,
    )


def moment_of(document: Document) -> int:
    """The time that the PDF carries: that of the issue, whenever it is printed."""
    return int(document.issued_at.timestamp())


def sm3(content: bytes) -> str:
    """The SM3 digest (GB/T 32905) of bytes."""
    found = hashes.Hash(hashes.SM3())
    found.update(content)
    return found.finalize().hex()
