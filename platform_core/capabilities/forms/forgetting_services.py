"""Forgetting: what a person no longer wants kept, and answers whose declared time is over."""

from __future__ import annotations

import pgtrigger
from django.db import transaction
from django.utils import timezone

from platform_core.capabilities.files.services import remove_files
from security.actors import Actor
from security.audit.services import record_audit

from . import selectors, storage
from .models import ContestedValue, EarlierAnswers, ForgottenAnswer, Invitation, Record
from .uploads import files_in


@transaction.atomic
def forget_choices(*, actor: Actor, user, is_closing: bool) -> int:
    """Forget whether a person lets earlier answers be used, and take back what others asked them to
    fill in and they have not confirmed; how many. When the account closes, also
    forget which answers they did not want used.
    """
    EarlierAnswers.objects.filter(user=user).delete()
    if is_closing:
        ForgottenAnswer.objects.filter(user=user).delete()
    open_ones = Invitation.objects.filter(invitee=user, confirmed_at=None, revoked_at=None)
    count = 0
    for one in open_ones.select_for_update():
        one.invitee, one.name, one.number_index, one.revoked_at = None, "", "", timezone.now()
        one.save(update_fields=["invitee", "name", "number_index", "revoked_at"])
        count += 1
    record_audit(actor=actor, verb="earlier_answers.forget", obj=user, after={"invited": count})
    return count


@transaction.atomic
def erase_answers(*, actor: Actor, record: Record, keys) -> None:
    """Delete answers of a record for good: in it, in its earlier states, their files and what was
    said against them. The caller holds the row lock of the record and writes the audit entry.

    The earlier states are else append-only; a deletion that the law asks for is the one exception.
    """
    gone, form = set(keys), selectors.form_of(record)
    values = selectors.plain_values(record)
    files = _files(form, gone, values)
    with pgtrigger.ignore("platform_core.RecordRevision:append_only"):
        for revision in record.revisions.select_for_update():
            files |= _files(form, gone, selectors.revision_values(revision))
            revision.data = _without(revision.data, gone)
            revision.save(update_fields=["data"])
    record.data, record.sources = _without(record.data, gone), _without(record.sources, gone)
    record.blind = storage.blind_indexes(form, _without(values, gone))
    record.save(update_fields=["data", "sources", "blind", "updated_at"])
    ContestedValue.objects.filter(record=record, field__in=gone).delete()
    remove_files(actor=actor, file_ids=files, subject_type=selectors.RECORD, subject_id=record.pk)


def _files(form, keys: set[str], values: dict) -> set[str]:
    asked = [one for one in form.questions() if one.key in keys]
    return {file for one in asked for file in files_in(one, values.get(one.key))}


def _without(data: dict, keys: set[str]) -> dict:
    return {key: value for key, value in data.items() if key not in keys}
