"""The history of a case and what its applicant is told: both written in the transaction of the
deed.
"""

from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.notifications.services import notify, notify_by_template
from security.accounts.selectors import mandate_holds
from security.statements import insert
from service_hub.items.definitions import definition_of

from .messages import message_body, message_title
from .models import Case, CaseEvent
from .words import in_both

LAST = "SELECT coalesce(max(seq), 0) FROM service_hub_caseevent WHERE case_id = %s"
PUBLIC = {
    "submitted",
    "received",
    "accepted",
    "accepted_by_silence",
    "not_accepted",
    "taken_in",
    "sent_back",
    "joint_asked",
    "opinion_given",
    "passed_on",
    "extended",
    "void",
    "delivery_chosen",
    "delivery_ready",
    "delivery_sent",
    "delivered",
    "material_confirmed",
    "reviewing",
    "correction_asked",
    "correction_answered",
    "suspended",
    "resumed",
    "urged",
    "approved",
    "refused",
    "withdrawn",
    "merged",
    "joined",
    "unmerged",
    "parted",
    "certificate_issued",
    "certificate_revoked",
    "document_issued",
    "document_revoked",
}
TOLD = {
    "submitted",
    "accepted_by_silence",
    "not_accepted",
    "taken_in",
    "sent_back",
    "joint_asked",
    "passed_on",
    "extended",
    "void",
    "delivery_ready",
    "delivery_sent",
    "delivered",
    "suspended",
    "resumed",
    "accepted",
    "correction_asked",
    "approved",
    "refused",
    "withdrawn",
    "merged",
    "unmerged",
    "certificate_revoked",
    "document_revoked",
}


def add_event(
    case: Case,
    kind: str,
    *,
    actor,
    at: datetime | None = None,
    params=None,
    task=None,
    seq: int | None = None,
    organ=None,
) -> CaseEvent:
    """Add one line to the history. The caller holds the row lock of the case, so numbers do not
    clash.

    `task` names the department in whose pool an official acted: people may hold several posts;
    `organ` names it where there is no task.
    `seq` is its number where the caller knows it, as for the first line of a new case.
    """
    user = actor.user if actor else None
    organ = task.pool_department if task is not None else organ
    event = CaseEvent(
        case=case,
        seq=seq,
        kind=kind,
        params=params or {},
        is_public=kind in PUBLIC,
        actor=user,
        organ=organ or (case.department if user and user.is_official else None),
        at=at or timezone.now(),
    )
    # During a move of the process the lines of all its listeners are written together.
    if case.lines_of_move is None:
        write_events(case, [event])
    else:
        case.lines_of_move.append(event)
    return event


def write_events(case: Case, events: list[CaseEvent]) -> None:
    """Insert lines in their order, numbered on from the last one."""
    if not events:
        return
    if events[0].seq is None:
        for number, event in enumerate(events, _last_number(case) + 1):
            event.seq = number
    insert(events)


def _last_number(case: Case) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LAST, [case.pk])
        return cursor.fetchone()[0]


def tell_applicant(case: Case, kind: str, *, actor, params=None, occasion="") -> None:
    """Tell the applicant of a public step: on the platform, and by e-mail or text when an
    address is known. `occasion` tells apart what may happen to a case more than once.
    """
    # A firm that files thousands at once is told once, when they are through.
    if kind not in TOLD or (kind == "submitted" and case.channel == "batch"):
        return
    address, channels = _reach(case)
    if case.applicant_id is None and not address:
        return
    facts = {"actor": actor, "params": params, "occasion": occasion}
    _tell(case, kind, case.applicant, address, channels, **facts)
    if case.mandate_id and mandate_holds(case.mandate.agent, case.mandate):
        _tell(case, kind, case.mandate.agent, None, ("in_app",), **facts)


def _tell(case: Case, kind: str, recipient, address, channels, *, actor, params, occasion) -> None:
    notify(
        actor=actor,
        recipient=recipient,
        key=f"case.{kind}",
        title="{title}",
        body="{body}",
        # As values, so that braces in what an official wrote are never read as blanks.
        values={
            "title": in_both(lambda: message_title(case, kind)),
            "body": in_both(lambda: message_body(case, kind, params or {})),
        },
        link=case_link(case),
        channels=channels,
        address=address,
        dedupe=f"case:{case.pk}:{kind}"
        + ("" if recipient == case.applicant else f":{recipient.pk}")
        + (f":{occasion}" if occasion else ""),
    )


def tell_wording(case: Case, wording: dict, *, node: str, actor) -> None:
    """Tell the applicant what a step of the process says, over every way that reaches them."""
    address, channels = _reach(case)
    if case.applicant_id is None and not address:
        return
    facts = {
        "actor": actor,
        "recipient": case.applicant,
        "values": wording["values"],
        "link": case_link(case),
        "address": address,
        "channels": channels,
        "dedupe": f"case:{case.pk}:told:{node}",
    }
    if wording["template"]:
        template = wording["template"]
        notify_by_template(template=template, napp_version=case.napp_version, **facts)
    else:
        title, body = wording["text"]["title"], wording["text"]["body"]
        notify(key="case.told", title=title, body=body, **facts)


def case_link(case: Case) -> str:
    """Where the applicant follows the case: at the end where it was filed."""
    end = "enterprise" if case.firm_id else "portal"
    if case.applicant_id is None:
        return reverse("portal:follow", current_app="portal")
    return reverse("portal:case", args=[case.pk], current_app=end)


def _reach(case: Case) -> tuple[str | None, tuple[str, ...]]:
    """(address, channels): a signed-in person's own addresses, else the one given in the form."""
    if case.applicant_id:
        channels = ["in_app"]
        channels += ["email"] if case.applicant.email else []
        channels += ["sms"] if case.applicant.phone else []
        return None, tuple(channels)
    if case.received_by_id:
        mobile = case.intake.mobile
        return (mobile, ("sms",)) if mobile else (None, ())
    field = definition_of(case.item, case.napp_version).contact_field
    address = forms.plain_values(case.record).get(field) if field else None
    if not address:
        return None, ()
    return str(address), ("email",) if "@" in str(address) else ("sms",)
