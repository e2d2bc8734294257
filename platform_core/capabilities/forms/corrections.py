"""Correcting a record: only flagged fields are open, and what stood there before is kept."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, Unusable
from security.actors import Actor
from security.audit.services import record_audit

from . import posting, selectors, storage
from .binding import bind, bind_draft
from .cleaning import missing
from .models import Draft, Record, RecordRevision
from .rows import close, expiry, locked
from .uploads import link_to_record


@transaction.atomic
def start_correction(
    *, actor: Actor, record: Record, only_fields: list[str], purpose: str, owner_key: str = ""
) -> Draft:
    """A draft of the record's answers in which only some fields are open.

    The caller has made sure that the actor may correct this record. Ends with `submit_correction`.
    """
    form = selectors.form_of(record)
    draft = Draft(
        napp_version=record.napp_version,
        form_key=record.form_key,
        purpose=purpose,
        user=actor.user,
        firm=record.firm,
        mandate=actor.mandate,
        owner_key="" if actor.user else owner_key,
        record=record,
        only_fields=[
            question.key for question in form.questions() if question.key in set(only_fields)
        ],
        expires_at=expiry(actor.user),
    )
    if not draft.only_fields:
        raise Unusable({"": [_("No field of this form is open for correction.")]})
    draft.data = storage.pack(form, selectors.plain_values(record), "draft", draft.pk)
    draft.save(force_insert=True)
    record_audit(
        actor=actor, verb="correction.started", obj=draft, after={"fields": draft.only_fields}
    )
    return draft


@transaction.atomic
def submit_correction(
    *, actor: Actor, draft: Draft, owner_key: str = "", reason: str = ""
) -> Record:
    """Write the open fields of a correction draft into its record; see `correct_record`."""
    draft = locked(draft, actor, owner_key)
    if not draft.only_fields or draft.record is None:
        raise Conflict(_("This draft does not correct a record."))
    bound = bind_draft(draft, actor=actor, owner_key=owner_key)
    values = {key: value for key, value in bound.values.items() if key in bound.only}
    record = _correct(actor, draft.record, values, draft.only_fields, draft, owner_key, reason)
    close(draft, record)
    return record


@transaction.atomic
def correct_record(
    *,
    actor: Actor,
    record: Record,
    values: dict,
    only_fields: list[str],
    owner_key: str = "",
    reason: str = "",
    needed: frozenset[str] | set[str] = frozenset(),
) -> Record:
    """Change answers of a record and keep the old ones as a revision, with the `reason`.

    `values` maps field keys to answers. Only `only_fields`, and fields that their new answers bring
    to light, may be named; anything else raises Unusable, and so does a field of `needed` that is
    left empty. The caller has made sure that the actor may correct this record. For people in a
    browser use `start_correction`.
    """
    return _correct(actor, record, values, only_fields, record, owner_key, reason, needed)


def _correct(
    actor: Actor,
    record: Record,
    values: dict,
    only_fields,
    subject,
    owner_key: str,
    reason: str,
    needed=(),
) -> Record:
    record = (
        Record.objects.select_for_update(of=("self",))
        .select_related("napp_version")
        .get(pk=record.pk)
    )
    form, old = selectors.form_of(record), selectors.plain_values(record)
    typed = posting.read(form.questions(), values).values
    bound = bind(
        form, old | typed, actor=actor, owner_key=owner_key, subject=subject, only=list(only_fields)
    )
    errors = dict(bound.errors)
    for key in values:
        if key not in bound.only:
            errors[str(key)[:60]] = [_("This answer is not open for correction.")]
    for key in needed:
        if key in bound.visible and key not in bound.cleaned and key not in errors:
            errors[key] = [missing(form.question(key))]
    if errors:
        raise Unusable(errors)
    changed = sorted(k for k in {*old, *bound.cleaned} if old.get(k) != bound.cleaned.get(k))
    if not changed:
        return record
    RecordRevision.objects.create(
        record=record,
        version=record.version,
        data=record.data,
        changed=changed,
        actor=actor.user,
        reason=reason[:2000],
    )
    # What somebody put right no longer comes from where it came.
    record.sources = {
        key: facts
        for key, facts in record.sources.items()
        if key not in changed or facts.get("contested")
    }
    record.data = storage.pack(form, bound.cleaned, "record", record.pk)
    record.blind = storage.blind_indexes(form, bound.cleaned)
    record.version += 1
    record.save(update_fields=["data", "blind", "sources", "version", "updated_at"])
    link_to_record(record, bound, actor, owner_key, keys=set(changed))
    record_audit(
        actor=actor,
        verb="record.corrected",
        obj=record,
        after={"fields": changed, "version": record.version},
    )
    return record
