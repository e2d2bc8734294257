"""Documents are issued in the transaction of the deed, so that both commit or neither."""

from platform_core.common.events import listen
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.models import Case
from service_hub.cases.services import SUBJECT

from .facts import names_of_fields
from .services import issue_certificate, issue_notices
from .templates import certificate_template

DECIDED = {"approved": "approved", "rejected": "refused"}


@listen("case.accepted")
def on_case_accepted(*, case, actor, at, **_facts) -> None:
    issue_notices(actor=actor, case=case, occasion="accepted", at=at)


@listen("case.correction_asked")
def on_correction_asked(*, case, actor, at, fields, note, **_facts) -> None:
    asked = names_of_fields(case, fields)
    issue_notices(
        actor=actor, case=case, occasion="correction", at=at, note=note, asked_fields=asked
    )


@listen("case.extended")
def on_case_extended(*, case, actor, at, reason, **_facts) -> None:
    issue_notices(actor=actor, case=case, occasion="extended", at=at, note=reason)


@listen("case.passed_on")
def on_case_passed_on(*, case, actor, at, reason, organ, **_facts) -> None:
    issue_notices(actor=actor, case=case, occasion="passed_on", at=at, note=reason, to_organ=organ)


@listen("case.returned")
def on_case_returned(*, case, actor, at, reason, **_facts) -> None:
    issue_notices(actor=actor, case=case, occasion="returned", at=at, note=reason)


@listen("case.decided")
def on_case_decided(*, case, outcome, actor, at, **_facts) -> None:
    """The decision in writing; an approved case ends with a certificate when its item says so."""
    if case.state == Case.State.NOT_ACCEPTED:
        issue_notices(actor=actor, case=case, occasion="not_accepted", at=at)
    elif outcome in DECIDED:
        issue_notices(actor=actor, case=case, occasion=DECIDED[outcome], at=at)
    if outcome == "approved" and certificate_template(case) is not None:
        issue_certificate(actor=actor, case=case, at=at)


@listen("document.revoked")
def on_document_revoked(*, document, actor, reason, at, **_facts) -> None:
    """The applicant is told, and the history of the case says why."""
    if document.subject_type != SUBJECT:
        return
    case = Case.objects.select_for_update(of=("self",)).get(pk=document.subject_id)
    params = {"reason": reason, "title": document.title}
    kind = "certificate_revoked" if document.kind == "certificate" else "document_revoked"
    add_event(case, kind, actor=actor, at=at, params=params)
    tell_applicant(case, kind, actor=actor, params=params)
