"""Which service carries out an act of the item's page, and what is said when it is done."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict
from platform_core.common.trace import shown_name

from . import extension_services, selectors, services, summary_services, verdict_services
from .models import PublicSummary, Supervision

# The first of these that can be done stands open on the page.
ORDER = (
    "sign", "join", "open", "report", "progress", "accept", "redo", "grant", "refuse", "review",
    "content", "archive", "let_out", "hold_back", "write_summary", "ask_extension", "urge",
    "conclude", "object", "not_ours", "drop",
)  # fmt: skip
APART = {"drop", "not_ours", "conclude", "object", "hold_back"}


def offered(user, item: Supervision) -> list[str]:
    """The acts that the page offers to `user`, in order."""
    found = set(selectors.acts_for(user, item))
    if found & {"uphold", "amend"}:
        found = (found - {"uphold", "amend"}) | {"review"}
    if item.state in (Supervision.State.CLOSED, Supervision.State.ARCHIVED) and (
        selectors.may_publish(user, item)
    ):
        found |= _of_summary(user, item)
    return [act for act in ORDER if act in found]


def _of_summary(user, item: Supervision) -> set[str]:
    summary = selectors.current_summary(item)
    if summary is None or summary.state == PublicSummary.State.REFUSED:
        return {"write_summary"} if selectors.is_verdict_settled(item) else set()
    waits = summary.state == PublicSummary.State.ASKED and summary.asked_by_id != user.pk
    return {"let_out", "hold_back"} if waits else set()


@transaction.atomic
def carry_out(act: str, *, actor, item: Supervision, data: dict, seen: int | None = None) -> str:
    """Do it and say so. `seen` is how long the log was where it was read: Conflict when somebody
    has added to it since. Raises what the service raises.
    """
    if seen is not None:
        _must_stand_at(item, seen)
    to = {"actor": actor, "item": item}
    calls = {
        "open": (services.open_supervision, {}),
        "drop": (services.drop_supervision, {}),
        "sign": (services.sign_supervision, {}),
        "not_ours": (services.hand_back, {}),
        "join": (services.join_supervision, {}),
        "progress": (services.note_progress, {}),
        "urge": (services.urge_supervision, {}),
        "ask_extension": (extension_services.ask_extension, {}),
        "grant": (extension_services.decide_extension, {"is_granted": True}),
        "refuse": (extension_services.decide_extension, {"is_granted": False}),
        "report": (services.report_supervision, {}),
        "redo": (verdict_services.send_back, {}),
        "accept": (verdict_services.accept_report, {}),
        "conclude": (verdict_services.conclude_late, {}),
        "content": (verdict_services.agree_to_verdict, {}),
        "object": (verdict_services.object_to_verdict, {}),
        "review": (verdict_services.decide_objection, {}),
        "archive": (verdict_services.archive_supervision, {}),
        "write_summary": (summary_services.write_summary, {}),
        "let_out": (summary_services.decide_summary, {"is_fit": True}),
        "hold_back": (summary_services.decide_summary, {"is_fit": False}),
    }
    service, more = calls[act]
    service(**to, **more, **data)
    return _("Done. It stands in the log.")


def _must_stand_at(item: Supervision, seen: int) -> None:
    Supervision.objects.select_for_update().get(pk=item.pk)
    last = item.lines.select_related("actor").order_by("-seq").first()
    if last is not None and last.seq != seen:
        words = _("Something was added to this matter meanwhile. Read it again.")
        raise Conflict(words, version=last.seq, who=shown_name(last.actor), at=last.at.isoformat())
