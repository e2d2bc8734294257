"""A person's own data as plain values, to take along or to check."""

from django.db import transaction

from platform_core.capabilities.documents.selectors import wallet_of
from platform_core.capabilities.forms import selectors as forms
from platform_core.common.i18n import pick
from security.accounts.selectors import identity_of, mandates_of
from security.audit.services import record_audit
from security.privacy.consents import consents_of
from service_hub.cases import selectors as cases
from service_hub.evaluations.selectors import ratings_to_take_along
from service_hub.inquiries.selectors import questions_to_take_along
from service_hub.personal_data.holdings import copy_of

MOST = 1000


@transaction.atomic
def person_export(*, actor) -> dict:
    """Account, identity, mandates, cases with answers and history, ratings, questions, documents.
    The export is audited.
    """
    user, firm = actor.user, actor.firm
    identity = identity_of(user)
    found = cases.with_events(
        cases.cases_of(user, firm).select_related("record__napp_version", "item__napp")
    )
    record_audit(actor=actor, verb="person.export", obj=user)
    return {
        "account": {
            "username": user.username,
            "name": user.name,
            "email": user.email,
            "mobile": user.phone,
        },
        "identity": {"name": identity.real_name, "citizen_number": identity.citizen_number}
        if identity
        else None,
        "tables": copy_of(user),
        "consents": [
            {
                "kind": one.kind,
                "version": one.version,
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
                "channel": one.channel,
            }
            for one in consents_of(user)
        ],
        "firms": [mandate.firm.name for mandate in mandates_of(user)],
        "cases": [_case(case) for case in found[:MOST]],
        "ratings": [] if firm else ratings_to_take_along(user, MOST),
        "questions": [] if firm else questions_to_take_along(user, MOST),
        "documents": [
            {"number": one.number, "title": pick(one.title), "issued_at": one.issued_at.isoformat()}
            for one in wallet_of(user, firm)[:MOST]
        ],
    }


def _case(case) -> dict:
    return {
        "number": case.number,
        "service": pick(case.item.title),
        "state": case.state,
        "joined_with": case.merged_into.number if case.merged_into_id else None,
        "submitted_at": case.submitted_at.isoformat(),
        "decided_at": case.decided_at.isoformat() if case.decided_at else None,
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "answers": forms.plain_values(case.record),
        "history": [
            {"what": event.kind, "at": event.at.isoformat()}
            for event in case.events.all()
            if event.is_public
        ],
    }
