"""Reads of the documents of cases."""

from platform_core.capabilities.documents import selectors as documents
from platform_core.capabilities.documents.models import Document
from platform_core.capabilities.process.definition import HUMAN
from platform_core.capabilities.process.models import ProcessEvent, Task
from service_hub.cases.services import SUBJECT


def documents_of_case(case) -> list[Document]:
    """Everything that was issued in a case, oldest first; the caller has let its reader in."""
    return documents.documents_of(SUBJECT, case.pk)


def decided_in(case) -> dict[str, dict]:
    """What each decision table said last in the process of a case, by the table's key."""
    events = ProcessEvent.objects.filter(instance=case.process_id, kind="decided").order_by("seq")
    return {data["decision"]: data["outputs"] for data in events.values_list("data", flat=True)}


def issuer_of(case):
    """The organ in whose name a document of the case is issued: of a decided case the organ that
    took the decision, such as a city's; otherwise the one that handles the case.
    """
    if case.decided_at is None:
        return case.department
    tasks = Task.objects.filter(instance=case.process_id, signs_for=None, kind__in=HUMAN)
    last = tasks.order_by("opened_at", "round").select_related("pool_department__region").last()
    decides = last is not None and last.stage == "decision"
    return last.pool_department if decides and last.pool_department else case.department


def certificate_among(issued: list[Document]) -> Document | None:
    """The newest certificate among the documents of a case."""
    found = [one for one in issued if one.kind == Document.Kind.CERTIFICATE]
    return found[-1] if found else None


def certificate_of(case) -> Document | None:
    """The certificate that a case ended with, or None."""
    return certificate_among(documents_of_case(case)) if case.decided_at else None


def issued_in(case, document_id) -> Document | None:
    """A document of the case, None when it belongs to another one."""
    return next((one for one in documents_of_case(case) if one.pk == document_id), None)
