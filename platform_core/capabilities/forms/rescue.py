"""What a browser sent to a draft after its session had ended: kept apart, and joined later."""

from __future__ import annotations

from django.db import transaction

from security.actors import Actor
from security.audit.services import record_audit

from . import clashes, posting, selectors, storage
from .models import Draft
from .rows import expiry, locked
from .uploads import store_uploads


@transaction.atomic
def keep_rescued(
    *, actor: Actor, draft: Draft, page: str, values, files=None, owner_key: str
) -> Draft | None:
    """Keep what a browser sent to somebody's draft after the session had ended.

    Nothing of the draft is shown or changed: what was typed waits, bound to this browser, until the
    draft's owner signs in here again (`attach_rescued`).
    """
    form = selectors.form_of(draft)
    here = form.page(page)
    if here is None or not owner_key:
        return None
    kept = selectors.rescued_draft(draft, owner_key) or Draft(
        napp_version=draft.napp_version,
        form_key=draft.form_key,
        purpose=f"{selectors.RESCUE}{draft.pk}",
        owner_key=owner_key,
    )
    current = selectors.plain_values(kept)
    posted = posting.read(posting.writable(here.fields), values, files, current)
    current |= posted.values
    store_uploads(here.fields, posted, current, actor, owner_key)
    kept.page, kept.expires_at = here.key, expiry(None)
    kept.data = storage.pack(form, current, "draft", kept.pk)
    kept.save()
    record_audit(actor=actor, verb="draft.rescued", obj=kept)
    return kept


@transaction.atomic
def attach_rescued(*, actor: Actor, draft: Draft, owner_key: str) -> str:
    """Bring what `keep_rescued` kept into the draft. Gives the key of its page, or ""."""
    kept = selectors.rescued_draft(draft, owner_key)
    if kept is None:
        return ""
    draft = locked(draft, actor, owner_key)
    form = selectors.form_of(draft)
    before, rescued = selectors.plain_values(draft), selectors.plain_values(kept)
    open_keys = set(draft.only_fields) or {question.key for question in form.questions()}
    open_keys -= selectors.locked_keys(draft)
    for question in form.questions():
        if question.type == "attachment" and question.key in rescued:
            rescued[question.key] = [*(before.get(question.key) or []), *rescued[question.key]]
    values = before | {key: value for key, value in rescued.items() if key in open_keys}
    draft.data = storage.pack(form, values, "draft", draft.pk)
    draft.page = kept.page
    clashes.stamped(draft, clashes.Stand(), before, values)
    draft.save(update_fields=["data", "page", "saves", "stamps", "updated_at"])
    record_audit(actor=actor, verb="draft.rescue_attached", obj=draft)
    kept.delete()
    return draft.page
