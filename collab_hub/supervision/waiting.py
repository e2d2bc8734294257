"""What of a supervised matter waits for which organ, in the one inbox. Worked out anew after every
act, so that nothing waits that is done.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from collab_hub.inbox.models import WorkItem
from collab_hub.inbox.work import close_work, put_work
from platform_core.capabilities.documents.languages import in_both
from platform_core.common import workcalendar
from platform_core.common.work import WorkAction, register_work_kind

from .models import Supervision

State = Supervision.State
SIGN_DAYS = 2
DECIDE_DAYS = 3
CHECK_DAYS = 5
KINDS = {
    "supervision_open": (_("Supervision to open"), "clipboard-list"),
    "supervision_sign": (_("Supervision to sign for"), "file-check-2"),
    "supervision_do": (_("Supervised matter"), "siren"),
    "supervision_extension": (_("More time asked for"), "hourglass"),
    "supervision_review": (_("Report to check"), "list-checks"),
    "supervision_objection": (_("Objection to decide on"), "scale"),
    "supervision_summary": (_("Public summary to check"), "newspaper"),
}
REASONS = {
    "supervision_open": _("Your organ supervises"),
    "supervision_sign": _("Your organ is named in it"),
    "supervision_do": _("Your organ is in charge"),
    "supervision_extension": _("Your organ supervises"),
    "supervision_review": _("Your organ supervises"),
    "supervision_objection": _("Who took no part in the verdict decides"),
    "supervision_summary": _("A second person lets it out"),
}


def bring_up_to_date(*, actor, item: Supervision, assisting, at: datetime) -> None:
    """Open what waits now and close what no longer does."""
    wanted = list(_wanted(item, assisting, at))
    open_now = WorkItem.objects.filter(
        object_type=item._meta.label, object_id=item.pk, state=WorkItem.State.OPEN
    )
    signed = {one.organ_id for one in assisting if one.signed_at}
    if item.signed_at:
        signed.add(item.lead_id)
    stays = {(kind, organ) for kind, organ, _due, _warn in wanted}
    for found in open_now:
        if (found.kind, found.pool_department_id) not in stays:
            if found.kind != "supervision_sign":
                close_work(actor=actor, item=found)
            else:
                unsigned = found.pool_department_id not in signed
                close_work(actor=actor, item=found, outcome="sign", is_cancelled=unsigned)
    for kind, organ, due_at, warn_at in wanted:
        put_work(
            actor=actor,
            kind=kind,
            obj=item,
            title=item.title,
            department=organ,
            reason=in_both(lambda kind=kind: str(REASONS[kind])),
            number=item.number or "",
            due_at=due_at,
            warn_at=warn_at,
            address=("supervision_item", [item.pk]),
        )


def _wanted(item: Supervision, assisting, at: datetime):
    """(kind, organ's key, due, warn) of everything that waits."""
    if item.state in (State.ISSUED, State.DOING):
        yield from _of_handlers(item, assisting)
    if item.state == State.PROPOSED:
        yield "supervision_open", item.owner_id, *_within(at, DECIDE_DAYS)
    if item.state == State.DOING and item.extensions.filter(state="asked").exists():
        yield "supervision_extension", item.owner_id, item.due_at, item.warn_at
    if item.state == State.REPORTED:
        yield "supervision_review", item.owner_id, *_within(item.reported_at, CHECK_DAYS)
    if item.state == State.OBJECTED:
        yield "supervision_objection", item.owner_id, item.review_due_at, None
    if item.state in (State.CLOSED, State.ARCHIVED):
        asked = item.summaries.filter(state="asked").first()
        if asked is not None:
            yield "supervision_summary", item.owner_id, *_within(asked.asked_at, CHECK_DAYS)


def _of_handlers(item: Supervision, assisting):
    """What waits for the lead and the assisting organs: to sign, then to do."""
    parts = [(item.lead_id, item.state == State.DOING)]
    parts += [(one.organ_id, one.signed_at is not None) for one in assisting]
    for organ, has_signed in parts:
        if not has_signed:
            yield "supervision_sign", organ, *_within(item.opened_at, SIGN_DAYS)
        elif item.state == State.DOING:
            yield "supervision_do", organ, item.due_at, item.warn_at


def _within(start: datetime, days: int) -> tuple[datetime | None, datetime | None]:
    return (
        workcalendar.if_known(workcalendar.due_at, start, days),
        workcalendar.if_known(workcalendar.warn_at, start, days),
    )


def register_kinds(sign) -> None:
    """Make the kinds known; `sign(actor=, item=, opinion=)` signs for an item from the list."""
    done = _("Signed for")
    quick = [WorkAction("sign", _("Sign for it"), sign, done=done, usual=True, undoable=False)]
    for key, (title, icon) in KINDS.items():
        register_work_kind(key, title, icon, actions=quick if key == "supervision_sign" else [])
