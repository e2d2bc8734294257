"""What stays after a deletion, and on which ground (Personal Information Protection Law
art. 47: what the law asks to keep is kept, and for nothing else).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .holdings import holdings_of, model_of, table_title

GROUNDS = {
    "file": _(
        "File of a case: kept ten years after its end (Archives Law art. 13 and the storage terms"
        " for files of organs, Order 8 of the National Archives Administration)."
    ),
    "trail": _("Log of who did what: at least six months (Cybersecurity Law)."),
    "claim": _(
        "Evidence of your request, as long as either side may sue: three years (Civil Code"
        " art. 188)."
    ),
    "firm": _("Belongs to the firm for which you acted, as long as the firm keeps it."),
    "shell": _(
        "An empty account under a made-up name, without your data, to which the kept cases lead."
    ),
}
GROUND_OF = {
    "platform_core.ContestedValue": "file",
    "platform_core.Document": "file",
    "platform_core.DocumentCopy": "file",
    "platform_core.Draft": "file",
    "platform_core.Invitation": "file",
    "platform_core.ProcessInstance": "file",
    "platform_core.Record": "file",
    "platform_core.RecordRevision": "file",
    "platform_core.StoredFile": "file",
    "security.AuditEntry": "trail",
    "security.PersonMandate": "file",
    "security.User": "shell",
    "service_hub.Appeal": "file",
    "service_hub.Batch": "firm",
    "service_hub.BatchRow": "firm",
    "service_hub.Case": "file",
    "service_hub.CaseEvent": "file",
    "service_hub.Confirmation": "file",
    "service_hub.Correction": "file",
    "service_hub.DataRequest": "claim",
    "service_hub.Delivery": "file",
    "service_hub.Evaluation": "file",
    "service_hub.Extension": "file",
    "service_hub.FirmEvent": "firm",
    "service_hub.FirmInvitation": "firm",
    "service_hub.Intake": "file",
    "service_hub.MaterialReceipt": "file",
    "service_hub.Question": "file",
    "service_hub.QuestionEvent": "file",
    "service_hub.Rectification": "file",
    "service_hub.RectificationEvent": "file",
    "service_hub.Voiding": "file",
}


@dataclass(frozen=True)
class Kept:
    """What stays of one table: its name, how many entries, and why."""

    title: str
    count: int
    ground: str


def kept_of(user) -> list[dict]:
    """What the law keeps of a person, as plain facts {"table", "count", "ground"}."""
    return [
        {"table": one.label, "count": one.count, "ground": GROUND_OF[one.label]}
        for one in holdings_of(user)
        if one.label in GROUND_OF
    ]


def in_words(kept: list[dict]) -> list[Kept]:
    """The plain facts of `kept_of` in the reader's language, as they were decided on."""
    return [
        Kept(
            table_title(model),
            one["count"],
            str(GROUNDS.get(one["ground"], "")),
        )
        for one in kept
        for model in [model_of(one["table"])]
        if model
    ]
