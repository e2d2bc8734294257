"""What a form declares of its sensitive questions (Personal Information Protection Law art. 17):
for what, on what ground, and how long. Read at the field and by the privacy pages.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from platform_core.common.i18n import pick

from .fields import Declaration

GROUNDS = {
    "consent": _("your consent"),
    "contract": _("a contract with you"),
    "statutory_duty": _("a duty or power given by law"),
    "public_emergency": _("a public health emergency"),
    "public_interest": _("reporting in the public interest"),
    "already_public": _("it is public already"),
    "other_law": _("another law or regulation"),
}
YEAR = 365


@dataclass(frozen=True)
class Reason:
    """A declaration in the reader's language."""

    purpose: str
    ground: str
    basis: str
    kept: str


@dataclass(frozen=True)
class Declared:
    """The reason why a sensitive question is asked."""

    key: str
    label: str
    reason: Reason


def is_sensitive(question) -> bool:
    return getattr(question, "is_sealed", False)


def declaration_of(form, question) -> Declaration | None:
    """The declaration that covers a question: its own, that of a cell, or that of the form."""
    own = [question, *getattr(question, "cells", ())]
    given = (getattr(one, "sensitive", False) for one in own)
    return next((one for one in given if isinstance(one, Declaration)), form.privacy)


def declared(form, question) -> Declared | None:
    """What is declared of a sensitive question, in words; None when it is not sensitive or nobody
    declared anything.
    """
    found = declaration_of(form, question) if is_sensitive(question) else None
    if found is None:
        return None
    reason = Reason(
        pick(found.purpose),
        str(GROUNDS[found.ground]),
        pick(found.basis),
        kept(found.retention_days),
    )
    return Declared(question.key, pick(question.label), reason)


def declarations(form) -> list[Declared]:
    """Everything that a form declares, in the order of its questions."""
    return [found for one in form.questions() if (found := declared(form, one))]


def undeclared(form) -> list:
    """The sensitive questions that nobody declared: those of versions older than the duty to."""
    return [
        one for one in form.questions() if is_sensitive(one) and declaration_of(form, one) is None
    ]


def kept(days: int) -> str:
    """How long, in words: whole years where they are whole."""
    if days % YEAR == 0:
        years = days // YEAR
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
