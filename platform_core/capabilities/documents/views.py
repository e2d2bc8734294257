"""Handing out PDFs; whatever was not printed yet is printed for the first who asks."""

import structlog
from django.http import FileResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platform_core.capabilities.files.selectors import open_content

from . import selectors, services
from .printing import PRINTER
from .typesetting import Unprintable

log = structlog.get_logger(__name__)


@require_safe
def document_pdf(request, pk):
    """The PDF of a document, for whoever may read it."""
    return pdf_answer(request, selectors.document_for(request.user, pk))


@require_safe
def copy_pdf(request, pk):
    """The PDF of a copy for one use, for whoever holds the document."""
    return pdf_answer(request, selectors.held_copy(request.user, pk))


def pdf_answer(request, row):
    """The file of a document or copy that the caller has let this person see."""
    try:
        printed = _printed(row)
    except Unprintable as error:
        log.error("document.unprintable", document=str(row.pk), error=str(error)[:200])
        return render(request, "documents/not_printed.html", status=503)
    try:
        content = open_content(printed.file)
    except FileNotFoundError:
        return render(request, "files/not_served.html", {"file": printed.file}, status=409)
    answer = FileResponse(
        content, as_attachment=True, filename=printed.file.name, content_type="application/pdf"
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _printed(row):
    if row.file_id is not None:
        return row
    if hasattr(row, "document"):
        return services.print_copy(actor=PRINTER, copy=row)
    return services.print_document(actor=PRINTER, document=row)
