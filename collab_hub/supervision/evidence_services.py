"""Proof of the work taken from what other parts have on record, never asked for as photographs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from platform_core.common.trace import History

from . import stages
from .models import Evidence, Supervision
from .moving import facts_of, needs_hand, write_line
from .policies import organs_of

MOST_LINES = 30
MOST_OBJECTS = 20


@transaction.atomic
def add_evidence(
    *, actor, item: Supervision, history: History, keys: list[str], at: datetime | None = None
) -> Evidence:
    """Keep the chosen lines of another thing's history with the item, as they stand.

    `history` is what the actor may read (`platform_core.common.trace.history_for`), `keys` those
    lines. Raises Unusable at keys, NotAllowed unless the actor's organ has to do it, Conflict when
    it is not being done or the thing is there already.
    """
    at = at or timezone.now()
    item = Supervision.objects.select_for_update().get(pk=item.pk)
    organs = needs_hand(actor, item)
    if item.state not in (stages.DOING, stages.REPORTED):
        raise Conflict(_("Proof is added while it is being done or checked."))
    chosen = [line for line in history.entries if line.key in set(keys)]
    if not chosen or len(chosen) > MOST_LINES:
        raise Unusable({"keys": [_("Choose from 1 to %(n)s lines.") % {"n": MOST_LINES}]})
    if item.evidence.count() >= MOST_OBJECTS:
        raise Conflict(_("There is proof enough: 20 things are linked."))
    evidence, is_new = Evidence.objects.get_or_create(
        item=item, kind=history.kind, object_id=history.object_id,
        defaults={
            "title": history.title_in_both, "added_by": actor.user, "added_at": at,
            "lines": [line.as_kept() for line in chosen],
        },
    )  # fmt: skip
    if not is_new:
        raise Conflict(_("This is linked already."))
    write_line(
        actor, item, "evidence", at, note=history.title_in_both["zh"], before=facts_of(item),
        facts={"kind": history.kind, "object": history.object_id, "lines": len(chosen)},
        organ=organs_of(actor.user, organs)[0],
    )  # fmt: skip
    return evidence
