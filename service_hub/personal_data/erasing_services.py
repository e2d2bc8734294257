"""Deleting a person's data at their wish: everything that no law asks to keep."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from platform_core.capabilities.files.services import drop_files_of
from platform_core.capabilities.forms.forgetting_services import forget_choices
from platform_core.capabilities.forms.services import discard_all_drafts
from platform_core.capabilities.forms.uploads import files_of_drafts, unsent_drafts_of
from platform_core.capabilities.notifications.services import delete_messages
from security.accounts.closing_services import end_mandates
from security.audit.services import record_audit
from security.privacy.consents import withdraw_all
from service_hub.booking.services import forget_appointments
from service_hub.claims.services import forget_claims
from service_hub.evaluations.models import Evaluation
from service_hub.inquiries.models import Question
from service_hub.materials.given import forget_withdrawn
from service_hub.materials.services import forget_facts

from .keeping import kept_of


@transaction.atomic
def forget_person(*, actor, person, is_closing: bool, at: datetime | None = None) -> dict:
    """Delete drafts, files that belong to nothing, messages, consents, saved answers, contacts left
    with ratings and questions, and who came to past appointments; when the account closes, cancel
    what lies ahead and forget what organs have shared.

    Gives {"deleted": {what: how many}, "kept": plain facts of what the law keeps}. The caller then
    closes the account.
    """
    to = {"actor": actor, "user": person}
    deleted = {"drafts": discard_all_drafts(**to)}
    deleted["files"] = drop_files_of(**to, but=_still_needed(person))
    deleted |= forget_appointments(**to, is_closing=is_closing, at=at)
    withdraw_all(**to)
    deleted["choices"] = forget_choices(**to, is_closing=is_closing)
    deleted["contacts"] = _forget_contacts(person)
    if is_closing:
        deleted["facts"] = forget_facts(**to)
        deleted["mandates"] = end_mandates(**to)
        deleted["claims"] = forget_claims(**to)
        deleted["papers"] = forget_withdrawn(**to)
    # Last, because cancelling an appointment tells the person.
    deleted["messages"] = delete_messages(**to)
    record_audit(actor=actor, verb="person.forget", obj=person, after=deleted)
    return {"deleted": deleted, "kept": kept_of(person)}


def _still_needed(person) -> set[str]:
    """Files in what is not theirs to delete: corrections that an office waits for, and parts that
    they fill in for somebody else.
    """
    return files_of_drafts(unsent_drafts_of(person))


def _forget_contacts(person) -> int:
    """Numbers to call back; the ratings and questions themselves belong to the organ."""
    mine = [
        *Evaluation.objects.select_for_update().filter(rater=person),
        *Question.objects.select_for_update().filter(asker=person),
    ]
    count = 0
    for one in mine:
        if one.contact:
            one.contact = ""
            one.save(update_fields=["contact"])
            count += 1
    return count
