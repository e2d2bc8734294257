"""Declaring a case void (作废): asked by one official, decided by the head of the office."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.services import revoke_document
from platform_core.capabilities.process.services import withdraw_process
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.audit.services import record_audit
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.listeners import on_moved, save
from service_hub.cases.models import Case
from service_hub.certificates.selectors import documents_of_case

from .locking import LONGEST_WORDS, lock_case, words
from .models import Voiding
from .policies import is_head_of

State = Case.State


@transaction.atomic
def ask_voiding(
    *, actor, case: Case, reason: str, version: int | None = None, at: datetime | None = None
) -> Voiding:
    """Ask for a case to be declared void. Unusable at "reason"; Conflict when it was asked
    already, or the case ended without effect.
    """
    at = at or timezone.now()
    instance, case = lock_case(case, version)
    if case.is_ended and case.state != State.APPROVED:
        raise Conflict(_("This case has no effect that could be taken away."))
    reason = words(reason)
    if not reason or len(reason) > LONGEST_WORDS:
        said = _("Write between 1 and %(n)s characters. The applicant reads it.")
        raise Unusable({"reason": [said % {"n": LONGEST_WORDS}]})
    try:
        with transaction.atomic():
            found = Voiding.objects.create(case=case, reason=reason, asked_by=actor.user)
    except IntegrityError:
        raise Conflict(_("This was asked for already.")) from None
    add_event(case, "void_asked", actor=actor, at=at, params={"reason": reason})
    save(case)
    on_moved(instance=instance)
    record_audit(actor=actor, verb="voiding.ask", obj=found)
    return found


@transaction.atomic
def decide_voiding(
    *, actor, voiding: Voiding, grant: bool, note: str = "", at: datetime | None = None
) -> Voiding:
    """Declare the case void, or refuse to, as a head who did not ask for it.

    A running process ends, documents that were issued are revoked, the applicant is told why.
    """
    at = at or timezone.now()
    instance, case = lock_case(voiding.case)
    voiding = Voiding.objects.select_for_update(of=("self",)).get(pk=voiding.pk)
    if voiding.state != Voiding.State.ASKED:
        raise Conflict(_("This was decided already."))
    if actor.user.pk == voiding.asked_by_id or not is_head_of(actor.user, case):
        raise NotAllowed(_("The head of the office decides, and never on their own wish."))
    note = words(note)
    if not grant and not note:
        raise Unusable({"note": [_("Say why.")]})
    voiding.state = Voiding.State.APPROVED if grant else Voiding.State.REFUSED
    voiding.decided_by, voiding.decided_at = actor.user, at
    voiding.note = note[:LONGEST_WORDS]
    voiding.save(update_fields=["state", "decided_by", "decided_at", "note"])
    if not grant:
        add_event(case, "void_refused", actor=actor, at=at, params={"note": note})
        save(case)
        on_moved(instance=instance)
    elif case.is_ended:
        _take_away(actor, case, voiding, at)
        save(case)
        on_moved(instance=instance)
    else:
        on_moved(instance=instance)
        # Its listeners find the voiding and close the case accordingly.
        withdraw_process(actor=actor, instance=case.process, reason=voiding.reason[:400], at=at)
    record_audit(actor=actor, verb=f"voiding.{voiding.state}", obj=voiding)
    return voiding


def _take_away(actor, case: Case, voiding: Voiding, at) -> None:
    for document in documents_of_case(case):
        if document.state == document.State.VALID:
            revoke_document(actor=actor, document=document, reason=voiding.reason[:400], at=at)
    case.state = State.VOID
    params = {"reason": voiding.reason}
    add_event(case, "void", actor=actor, at=at, params=params)
    tell_applicant(case, "void", actor=actor, params=params)
