"""Reads of certificates. Anybody with the verification code may check one; nothing else is
public.
"""

from django.utils import timezone

from .identifiers import plain_code
from .models import Certificate


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate with this verification code, or None."""
    return (
        Certificate.objects.filter(verify_code=plain_code(code))
        .select_related("issuer", "case__item")
        .first()
    )


def certificate_of(case) -> Certificate | None:
    """The certificate that a case ended with, or None."""
    if case.state != case.State.APPROVED:
        return None
    return Certificate.objects.filter(case=case).select_related("issuer").first()


def certificates_of(user, firm=None):
    """The certificates of a person, or of the firm acted for, newest first."""
    found = Certificate.objects.select_related("issuer", "case__item__napp").order_by("-issued_at")
    return (
        found.filter(case__firm=firm)
        if firm
        else found.filter(case__applicant=user, case__firm=None)
    )


def standing(certificate: Certificate) -> str:
    """ "valid", "expired" or "revoked" today."""
    if certificate.state == Certificate.State.REVOKED:
        return "revoked"
    return "expired" if certificate.is_expired(timezone.localdate()) else "valid"
