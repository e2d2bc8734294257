"""The link on a QR code: it names one visit, is signed, and holds nothing about anybody."""

import uuid

from django.core import signing

VISIT, RATED = "evaluations.visit", "evaluations.rated"


def token_of(visit_id: uuid.UUID) -> str:
    """What the QR code of a visit carries."""
    return signing.Signer(salt=VISIT, sep=".").sign(visit_id.hex)


def visit_of(token: str) -> uuid.UUID | None:
    """The visit a QR code was made for; None when the token was not made by us."""
    try:
        return uuid.UUID(signing.Signer(salt=VISIT, sep=".").unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def receipt_of(evaluation_id: int) -> str:
    """The rater's own link to what became of a rating; given only to who has just rated."""
    return signing.Signer(salt=RATED, sep=".").sign(str(evaluation_id))


def evaluation_of(receipt: str) -> int | None:
    """The rating a receipt was given for; None when it was not made by us."""
    try:
        return int(signing.Signer(salt=RATED, sep=".").unsign(receipt))
    except (signing.BadSignature, ValueError):
        return None
