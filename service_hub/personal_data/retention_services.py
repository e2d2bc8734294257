"""The daily errand that deletes answers whose declared time is over."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from platform_core.capabilities.forms.forgetting_services import erase_answers
from platform_core.capabilities.notifications.services import forget_messages
from security.audit.services import record_audit

from .correcting import forget_copies
from .retention import Rule, cutoff, overdue, rules

BATCH = 200
# So long the last message to somebody whose account is closed stays.
LAST_DAYS = 30


def erase_overdue(*, actor, today: date | None = None, batch: int = BATCH) -> dict[str, int]:
    """Delete what is over on `today` (local), batch by batch, each in a transaction of its own with
    its count in the trail; a run that was killed is taken up by the next one. Last go the messages
    of closed accounts. Gives {"answers", "messages"}.
    """
    today = today or timezone.localdate()
    erased = sum(_erase_all(actor, rule, today, batch) for rule in rules())
    with transaction.atomic():
        messages = forget_messages(actor=actor, before=cutoff(today, LAST_DAYS))
        told = {"answers": erased, "messages": messages, "on": today.isoformat()}
        record_audit(actor=actor, verb="retention.run", after=told)
    return {"answers": erased, "messages": messages}


def _erase_all(actor, rule: Rule, today: date, batch: int) -> int:
    total = 0
    while count := _erase_batch(actor, rule, today, batch):
        total += count
    return total


@transaction.atomic
def _erase_batch(actor, rule: Rule, today: date, batch: int) -> int:
    # Two runs at once share the work: what the other one has locked is its own.
    due = overdue(rule, today).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    count = 0
    for record in due.select_related("napp_version")[:batch]:
        erase_answers(actor=actor, record=record, keys=[rule.field])
        forget_copies(record, rule.field)
        count += 1
    if count:
        facts = {"question": rule.question, "days": rule.days, "count": count}
        record_audit(actor=actor, verb="retention.erase", after=facts)
    return count
