"""Documents of cases: the certificate that an approved case ends with, notices on the way, the
decision.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.capabilities.documents import services as documents
from platform_core.capabilities.documents.models import Document
from platform_core.common.errors import Conflict
from service_hub.cases.history import add_event
from service_hub.cases.models import Case
from service_hub.cases.services import SUBJECT
from service_hub.cases.states import GRANTED

from .facts import answered_in, decision_facts, facts_of
from .selectors import issuer_of
from .templates import certificate_template, notice_templates


@transaction.atomic
def issue_certificate(*, actor, case: Case, at: datetime | None = None) -> Document:
    """Issue the certificate of an approved case. Raises Conflict when it has one or is not
    approved.
    """
    template = certificate_template(case)
    if case.state not in GRANTED or template is None:
        raise Conflict(_("This case has no certificate to issue."))
    return _issue(actor, case, template, at, "certificate_issued")


@transaction.atomic
def reissue_certificate(
    *, actor, case: Case, reason: str, at: datetime | None = None
) -> Document | None:
    """Issue the valid certificate of a case anew, because an answer that it may rest on was put
    right; the earlier one no longer counts. None when the case has none. The caller holds the row
    lock of the case.
    """
    template = certificate_template(case)
    earlier = template and _earlier_notice(case, template)
    if not earlier:
        return None
    document = documents.replace_document(
        actor=actor,
        document=earlier,
        template=template,
        facts=facts_of(case) | decision_facts(case, template),
        answered=answered_in(case) if template.form else None,
        holder=case.applicant_name,
        reason=reason,
        at=at,
    )
    params = {"number": document.number, "title": document.title}
    add_event(case, "certificate_issued", actor=None, at=at, params=params)
    return document


@transaction.atomic
def issue_notices(
    *, actor, case: Case, occasion: str, at: datetime | None = None, **more
) -> list[Document]:
    """Issue what the case's item issues on an occasion ("accepted", "correction", "approved",
    "refused", "returned", "passed_on" …); `more` are facts of the moment. Nothing for a case
    without a name.
    """
    if case.is_anonymous:
        return []
    return [
        _issue(actor, case, template, at, "document_issued", **more)
        for template in notice_templates(case, occasion)
    ]


def _issue(actor, case: Case, template, at, kind: str, **more) -> Document:
    said = {
        "facts": facts_of(case, **more) | decision_facts(case, template),
        "answered": answered_in(case) if template.form else None,
    }
    earlier = _earlier_notice(case, template) if "asked_fields" in more else None
    if earlier is not None:
        # A process may ask the applicant more than once; the last question is the one that counts.
        reason = _("The applicant was asked anew.")
        document = documents.replace_document(
            actor=actor, document=earlier, template=template, reason=reason, at=at, **said
        )
    else:
        document = documents.issue_document(
            actor=actor,
            template=template,
            issuer=issuer_of(case),
            subject_type=SUBJECT,
            subject_id=case.pk,
            subject_number=case.number,
            holder=case.applicant_name,
            holder_user=case.applicant,
            holder_firm=case.firm,
            at=at,
            **said,
        )
    params = {"number": document.number, "title": document.title}
    add_event(case, kind, actor=None, at=at, params=params)
    return document


def _earlier_notice(case: Case, template) -> Document | None:
    """The notice of a question that the case had before this one."""
    of_case = {"subject_type": SUBJECT, "subject_id": str(case.pk)}
    found = Document.objects.filter(**of_case, template=template.key)
    return found.filter(state=Document.State.VALID).first()
