"""Who may read a document, and who takes one back. Checking one by its code is public and asks
nobody.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from platform_core.capabilities.files.subjects import register_subject
from security.access import Policy, may, register_policy
from security.access.policies import is_admin, is_auditor
from security.accounts.firm_roles import WALLET
from security.accounts.selectors import firms_with

from .models import Document, DocumentCopy
from .services import SUBJECT

_readers: dict[str, Callable] = {}


def register_document_access(subject_type: str, subjects: Callable) -> None:
    """Let whoever may read a subject read its documents: `subjects(user)` gives a query of the
    subjects' ids as text.
    """
    _readers[subject_type] = subjects


def _held(user) -> Q:
    return Q(holder_user=user, holder_firm=None) | Q(holder_firm__in=firms_with(user, WALLET))


class DocumentPolicy(Policy):
    """The holder and the firm's agents hold it; officials read what belongs to what they may
    read; administrators and auditors see the list, administrators revoke.
    """

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if user is None or not user.is_authenticated:
            return queryset.none()
        if verb in {"view", "revoke"}:  # the admin site
            acts = is_admin(user) or (verb == "view" and is_auditor(user))
            return queryset if acts else queryset.none()
        if verb not in {"read", "hold"}:
            return queryset.none()
        allowed = _held(user)
        if verb == "read" and user.is_official:
            for subject_type, subjects in _readers.items():
                allowed |= Q(subject_type=subject_type, subject_id__in=subjects(user))
        return queryset.filter(allowed)


class CopyPolicy(Policy):
    """Whoever holds the document holds its copies."""

    def visible(self, user, verb: str, queryset: QuerySet) -> QuerySet:
        if verb != "hold" or user is None or not user.is_authenticated:
            return queryset.none()
        mine = Document.objects.filter(_held(user))
        return queryset.filter(document__in=mine.values("pk"))


def may_see_file(user, document_id: str, _key: str = "") -> bool:
    """Whether the person may have the PDF of a document."""
    if user is None or not user.is_authenticated:
        return False
    document = Document.objects.filter(pk=document_id).first()
    return document is not None and may(user, "read", document)


register_policy(Document, DocumentPolicy())
register_policy(DocumentCopy, CopyPolicy())
register_subject(SUBJECT, may_see_file)
