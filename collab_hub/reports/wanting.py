"""What is wanted of an organ: an item in its inbox, and messages to whoever works there.

Every function is called inside the transaction of a service.
"""

from __future__ import annotations

from datetime import timedelta

from collab_hub.inbox.work import put_work
from platform_core.common.outbox.services import send_all

from .models import ReportFilling

TOLD = "reports.told"
WARN = timedelta(days=2)


def open_work(actor, filling: ReportFilling, open_ones: int, why: str = "") -> None:
    """Let the organ fill in `open_ones` fields, or look again at what came back, and `why`."""
    campaign = filling.campaign
    reason = {"zh": f"本单位待填 {open_ones} 项", "en": f"{open_ones} fields for your office"}
    if why:
        reason = {"zh": f"被退回：{why}", "en": f"Returned: {why}"}
    put_work(
        actor=actor, kind="report_fill", obj=filling, title=campaign.title,
        department=filling.department, number=campaign.number, due_at=campaign.due_at,
        warn_at=campaign.due_at - WARN, address=("report_fill", [filling.pk]), reason=reason,
    )  # fmt: skip


def tell_later(kind: str, fillings, occasion: str) -> None:
    """Tell whoever works in these organs, after the commit, once for the occasion."""
    send_all(
        topic=TOLD,
        payloads={
            f"report:{kind}:{one.pk}:{occasion}": {"kind": kind, "filling": str(one.pk)}
            for one in fillings
        },
    )
