"""Officials who may read a case may read its documents."""

from django.db.models import CharField
from django.db.models.functions import Cast

from platform_core.capabilities.documents.policies import register_document_access
from security.access import visible_to
from service_hub.cases.models import Case
from service_hub.cases.services import SUBJECT


def readable_cases(user):
    """The ids of the cases that the official may read, as text."""
    cases = visible_to(user, "read", Case.objects.all())
    return cases.annotate(text_id=Cast("pk", CharField())).values("text_id")


register_document_access(SUBJECT, readable_cases)
