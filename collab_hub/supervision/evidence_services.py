"""Proof of the work taken from what other parts have on record, never asked for as photographs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.languages import in_both
from platform_core.common.errors import Conflict, Unusable
from platform_core.common.i18n import pick
from platform_core.common.trace import History, history_for

from . import stages
from .models import Evidence, Supervision
from .moving import facts_of, needs_hand, write_line
from .policies import own_among

MOST_LINES = 30
MOST_OBJECTS = 20


@transaction.atomic
def add_evidence(
    *,
    actor,
    item: Supervision,
    kind: str,
    object_id: str,
    keys: list[str],
    at: datetime | None = None,
) -> Evidence:
    """Keep the chosen lines of another thing's history with the item, as they stand.

    `kind` and `object_id` name a thing whose history the actor may read (else Http404), `keys`
    those lines. Raises Unusable at keys, NotAllowed unless the actor's organ has to do it, Conflict
    when it is not being done or the thing is there already.
    """
    at = at or timezone.now()
    item = Supervision.objects.select_for_update().get(pk=item.pk)
    organs = needs_hand(actor, item)
    if item.state not in (stages.DOING, stages.REPORTED):
        raise Conflict(_("Proof is added while it is being done or checked."))
    read = in_both(lambda: _read(history_for(actor.user, kind, object_id), set(keys)))
    lines = _in_one(read["zh"]["lines"], read["en"]["lines"])
    if not lines or len(lines) > MOST_LINES:
        raise Unusable({"keys": [_("Choose from 1 to %(n)s lines.") % {"n": MOST_LINES}]})
    if item.evidence.count() >= MOST_OBJECTS:
        raise Conflict(_("There is proof enough: 20 things are linked."))
    title = {language: one["title"] for language, one in read.items()}
    evidence, is_new = Evidence.objects.get_or_create(
        item=item, kind=kind, object_id=str(object_id),
        defaults={"title": title, "lines": lines, "added_by": actor.user, "added_at": at},
    )  # fmt: skip
    if not is_new:
        raise Conflict(_("This is linked already."))
    write_line(
        actor, item, "evidence", at, note=title["zh"], before=facts_of(item),
        facts={"kind": kind, "object": str(object_id), "lines": len(lines)},
        organ=own_among(actor.user, organs)[0],
    )  # fmt: skip
    return evidence


def _read(history: History, keys: set[str]) -> dict:
    """The thing's name and the chosen lines, in the language in force."""
    return {
        "title": f"{pick(history.title)} {history.number}".strip(),
        "lines": [
            {
                "key": line.key, "at": line.at.isoformat(), "what": str(line.what),
                "who": line.who,
            }
            for line in history.entries
            if line.key in keys
        ],
    }  # fmt: skip


def _in_one(chinese: list[dict], english: list[dict]) -> list[dict]:
    return [
        {**one, "what": {"zh": one["what"], "en": other["what"]}}
        for one, other in zip(chinese, english, strict=True)
    ]
