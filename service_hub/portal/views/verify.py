"""Checking a document: anybody with its verification code may, without signing in."""

from django.http import Http404, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.capabilities.documents import numbers
from platform_core.capabilities.documents.selectors import found_by_code, is_the_file
from platform_core.capabilities.documents.typesetting import public_address, qr_svg
from platform_core.common.limits import is_within

from ..ends import go, page

TRIES = (60, 600)
LARGEST = 10 * 1024 * 1024


def verify(request):
    """Ask for the code; the document's number may be given too and must then belong to it."""
    typed = request.GET.get("code", "")[:60].replace("\x00", "")
    number = request.GET.get("number", "")[:100].replace("\x00", "")
    if not typed:
        return page(request, "verify", {"code": "", "number": number, "error": ""})
    if not _may_try(request):
        return _ask(request, typed, number, _("Too many tries. Please wait a while."), 429)
    code = numbers.plain_code(typed)
    if code.isalnum() and found_by_code(code, number):
        return go(request, "verify_code", code)
    return _ask(request, typed, number, _unknown(), 422)


def _may_try(request) -> bool:
    return is_within(f"verify:{request.actor.ip}", *TRIES)


def _unknown() -> str:
    return _("There is no document with this code. Check the code for mistakes.")


def _ask(request, typed: str, number: str, error: str, status: int):
    context = {"code": typed, "number": number, "error": error}
    return page(request, "verify", context, status=status)


def result(request, code):
    """What was issued under this code and whether it counts today; a PDF that is sent along is
    compared with what was issued.
    """
    if not _may_try(request):
        return _ask(request, "", "", _("Too many tries. Please wait a while."), 429)
    found = found_by_code(code)
    if found is None:
        return _ask(request, code, "", _unknown(), 404)
    document = found.document
    content, is_firm = document.content, document.holder_firm_id is not None
    rows = [row for block in content["blocks"] if block["kind"] == "fields"
            for row in block["rows"]]  # fmt: skip
    context = {
        "found": found,
        "document": document,
        "copy": found.copy,
        "code": numbers.shown_code(found.copy.verify_code if found.copy else document.verify_code),
        "plain_code": numbers.plain_code(code),
        "public_rows": rows if is_firm and document.kind == "certificate" else [],
        "compared": "",
        "error": "",
    }
    if request.method == "POST":
        context["compared"], context["error"] = _compared(request, found)
    return page(request, "verified", context, status=422 if context["error"] else 200)


def _compared(request, found) -> tuple[str, str]:
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return "", _("Choose the PDF that you were given.")
    if upload.size > LARGEST:
        return "", _("The file has more than %(limit)s.") % {"limit": filesizeformat(LARGEST)}
    return ("same" if is_the_file(found, upload.read()) else "other"), ""


def qr(request, code):
    """The address of the verification page as a QR code."""
    found = found_by_code(code) if _may_try(request) else None
    if found is None:
        raise Http404
    path = reverse("portal:verify_code", args=[numbers.plain_code(code)], current_app="portal")
    answer = HttpResponse(qr_svg(public_address(path)), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
