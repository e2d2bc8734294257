"""Writes of certificates: issued when a case is approved, revoked with a reason."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.forms.display import display_texts
from platform_core.common.errors import Conflict, Unusable
from security.audit.services import record_audit
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.models import Case
from service_hub.items.definitions import definition_of

from .identifiers import certificate_number, new_verify_code
from .models import Certificate

NEXT = """
    insert into service_hub_certificateserial (code, last) values (%s, 1)
    on conflict (code) do update set last = service_hub_certificateserial.last + 1 returning last
"""


@transaction.atomic
def issue_certificate(*, actor, case: Case, at: datetime | None = None) -> Certificate:
    """Issue the certificate of an approved case. Raises Conflict when it has one or is not
    approved.
    """
    at = at or timezone.now()
    if case.state != Case.State.APPROVED or Certificate.objects.filter(case=case).exists():
        raise Conflict(_("This case has no certificate to issue."))
    result = definition_of(case.item, case.napp_version).result
    issuer = case.department
    until = (
        timezone.localdate(at) + timedelta(days=result.valid_days - 1)
        if result.valid_days
        else None
    )
    certificate = Certificate(
        case=case,
        number=certificate_number(
            type_owner=issuer.credit_code,
            type_code=result.type_code,
            issuer=issuer.credit_code,
            serial=_next_serial(f"{issuer.credit_code}{result.type_code}"),
        ),
        verify_code=new_verify_code(),
        title=result.title.model_dump(),
        holder=case.applicant_name,
        statements=_statements(case, result),
        issuer=issuer,
        issued_at=at,
        valid_until=until,
    )
    certificate.save(force_insert=True)
    record_audit(
        actor=actor, verb="certificate.issue", obj=certificate, after={"case": case.number}
    )
    add_event(case, "certificate_issued", actor=None, at=at, params={"number": certificate.number})
    return certificate


def _next_serial(code: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [code])
        return cursor.fetchone()[0]


def _statements(case: Case, result) -> list[dict]:
    """The answers that the certificate states, in both languages, frozen at issue."""
    form, values = forms.form_of(case.record), forms.plain_values(case.record)
    asked = [form.question(key) for key in result.statements]
    return [
        {
            "label": question.label.model_dump(),
            "value": display_texts(question, values[question.key]),
        }
        for question in asked
        if question is not None
        and values.get(question.key) not in (None, "", [], case.applicant_name)
    ]


@transaction.atomic
def revoke_certificate(
    *, actor, certificate: Certificate, reason: str, at: datetime | None = None
) -> Certificate:
    """Take a certificate back; whoever verifies it from now on sees that and since when."""
    reason = reason.strip()
    if not reason:
        raise Unusable({"reason": [_("Say why the certificate is revoked.")]})
    case = Case.objects.select_for_update(of=("self",)).get(pk=certificate.case_id)
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.state == Certificate.State.REVOKED:
        raise Conflict(_("The certificate is already revoked."))
    certificate.state, certificate.revoked_reason = Certificate.State.REVOKED, reason[:400]
    certificate.revoked_at, certificate.revoked_by = at or timezone.now(), actor.user
    certificate.save(update_fields=["state", "revoked_reason", "revoked_at", "revoked_by"])
    record_audit(
        actor=actor, verb="certificate.revoke", obj=certificate, after={"reason": reason[:400]}
    )
    add_event(case, "certificate_revoked", actor=actor, at=at, params={"reason": reason[:400]})
    tell_applicant(case, "certificate_revoked", actor=actor, params={"reason": reason[:400]})
    return certificate
