"""What stays after a deletion, on which ground and until when (Personal Information Protection Law
art. 47: what the law asks to keep is kept, and for nothing else).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from service_hub.cases.models import Case

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
    "last": _("The last message to you, 30 days."),
}
FILE_YEARS, CLAIM_YEARS, TRAIL_DAYS, LAST_DAYS = 10, 3, 183, 30
GROUND_OF = {
    "platform_core.ContestedValue": "file",
    "platform_core.Delivery": "last",
    "platform_core.Document": "file",
    "platform_core.DocumentCopy": "file",
    "platform_core.Draft": "file",
    "platform_core.Invitation": "file",
    "platform_core.Message": "last",
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
    """What stays of one table: its name, how many entries, why, and until when where a day is
    known.
    """

    title: str
    count: int
    ground: str
    until: date | None


def kept_of(user, today: date | None = None) -> list[dict]:
    """What the law keeps of a person, as plain facts {"table", "count", "ground", "until"}."""
    today = today or timezone.localdate()
    days = _days(user, today)
    return [
        {
            "table": one.label,
            "count": one.count,
            "ground": ground,
            "until": day.isoformat() if (day := days.get(ground)) else "",
        }
        for one in holdings_of(user)
        for ground in [GROUND_OF.get(one.label)]
        # The messages of now are deleted; the last one is still to come.
        if ground and ground != "last"
    ]


def _days(user, today: date) -> dict[str, date]:
    ended = Case.objects.filter(applicant=user).aggregate(last=Max("closed_at"))["last"]
    last = timezone.localdate(ended) if ended else today
    return {
        "file": _years_after(last, FILE_YEARS),
        "shell": _years_after(last, FILE_YEARS),
        "claim": _years_after(today, CLAIM_YEARS),
        "trail": today + timedelta(days=TRAIL_DAYS),
        "last": today + timedelta(days=LAST_DAYS),
    }


def _years_after(day: date, years: int) -> date:
    # The end of the year, as archives count: no 29 February to mind.
    return date(day.year + years, 12, 31)


def in_words(kept: list[dict]) -> list[Kept]:
    """The plain facts of `kept_of` in the reader's language, as they were decided on."""
    return [
        Kept(
            table_title(model),
            one["count"],
            str(GROUNDS.get(one["ground"], "")),
            parse_date(one["until"]) if one["until"] else None,
        )
        for one in kept
        for model in [model_of(one["table"])]
        if model
    ]
