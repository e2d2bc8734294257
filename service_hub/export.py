"""A person's own data as plain values, to take along or to check: as JSON, or as tables in CSV."""

import io
import json
import zipfile

from django.db import transaction

from platform_core.capabilities.documents.selectors import wallet_of
from platform_core.capabilities.forms import selectors as forms
from platform_core.common.i18n import pick
from platform_core.common.spreadsheets import write_csv
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


def person_archive(*, actor) -> bytes:
    """The same copy as a ZIP of CSV files, one for each table and one for each part of the summary,
    for a spreadsheet: UTF-8 with its mark, and no cell is a formula.
    """
    whole = person_export(actor=actor)
    files = dict(whole.pop("tables"))
    for name, part in whole.items():
        rows = part if isinstance(part, list) else [part] if part else []
        files[f"summary.{name}"] = [one if isinstance(one, dict) else {name: one} for one in rows]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            if rows:
                archive.writestr(f"{name}.csv", _table([_flat(row) for row in rows]))
    return out.getvalue()


def _table(rows: list[dict]) -> bytes:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return write_csv(columns, ([row.get(key, "") for key in columns] for row in rows))


def _flat(row: dict) -> dict:
    """One cell for each answer of a form; what is a list or deeper stands in its cell as JSON."""
    cells = {}
    for key, value in row.items():
        parts = {key: value}
        if isinstance(value, dict) and value:
            parts = {f"{key}.{name}": one for name, one in value.items()}
        cells |= {name: _cell(one) for name, one in parts.items()}
    return cells


def _cell(value):
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else value


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
