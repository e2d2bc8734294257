"""Drafts that change hands: a member leaves a firm, the firm's drafts stay with the firm."""

from __future__ import annotations

from django.db import transaction

from platform_core.capabilities.files.models import StoredFile
from security.actors import Actor
from security.audit.services import record_audit

from . import selectors
from .models import Draft
from .schema import named_values


@transaction.atomic
def hand_over_drafts(*, actor: Actor, firm, of, to) -> int:
    """Give what `of` began for the firm, with its files, to `to`; gives how many drafts."""
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("napp_version")
    drafts = list(drafts.filter(user=of, firm=firm, submitted_at=None))
    for draft in drafts:
        values = selectors.plain_values(draft)
        ids = [one for one in _file_ids(selectors.form_of(draft), values) if one]
        StoredFile.objects.filter(pk__in=ids, owner=of, subject_type="").update(owner=to)
        draft.user = to
        draft.save(update_fields=["user"])
        record_audit(actor=actor, verb="draft.handed_over", obj=draft)
    return len(drafts)


def _file_ids(form, values: dict):
    for question, value in named_values(form, values):
        if question.type == "attachment" and isinstance(value, list):
            yield from map(selectors.as_uuid, value)
        elif question.type == "signature" and isinstance(value, dict):
            yield selectors.as_uuid(value.get("file"))
