"""Checking a certificate: anybody with its verification code may, without signing in."""

from io import BytesIO

import segno
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from platform_core.common.limits import is_within
from security.identifiers import mask_name
from service_hub.certificates import identifiers
from service_hub.certificates.selectors import certificate_by_code, standing

from ..ends import go, page

TRIES = (60, 600)


def verify(request):
    """Ask for the code."""
    typed = request.GET.get("code", "")[:60].replace("\x00", "")
    code = identifiers.plain_code(typed)
    if not typed:
        return page(request, "verify", {"code": "", "error": ""})
    if code.isalnum() and certificate_by_code(code):
        return go(request, "verify_code", code)
    error = _("There is no certificate with this code. Check the code for mistakes.")
    return page(request, "verify", {"code": typed, "error": error}, status=422)


def result(request, code):
    """What the certificate with this code says and whether it counts today."""
    if not is_within(f"verify:{request.actor.ip}", *TRIES):
        return page(
            request,
            "verify",
            {"code": "", "error": _("Too many tries. Please wait a while.")},
            status=429,
        )
    certificate = certificate_by_code(code)
    if certificate is None:
        error = _("There is no certificate with this code. Check the code for mistakes.")
        return page(request, "verify", {"code": code, "error": error}, status=404)
    holder = certificate.holder
    context = {
        "certificate": certificate,
        "standing": standing(certificate),
        "holder": holder if certificate.case.firm_id else mask_name(holder),
        "code": identifiers.shown_code(certificate.verify_code),
        "public_statements": certificate.statements if certificate.case.firm_id else [],
    }
    return page(request, "verified", context)


def qr(request, code):
    """The address of the verification page as a QR code."""
    certificate = certificate_by_code(code)
    if certificate is None:
        raise Http404
    address = request.build_absolute_uri(
        reverse("portal:verify_code", args=[certificate.verify_code])
    )
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=4, border=2, xmldecl=False)
    answer = HttpResponse(picture.getvalue(), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
