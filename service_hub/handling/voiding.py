"""Declaring a case void (作废): asked by one official, decided by the head of the office."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.documents.services import revoke_document
from platform_core.capabilities.process.services import withdraw_process
from platform_core.common.errors import Unusable
from service_hub.cases import states
from service_hub.cases.history import add_event
from service_hub.cases.listeners import on_moved
from service_hub.cases.locking import lock_case
from service_hub.cases.models import Case
from service_hub.cases.moving import conclude, require, save
from service_hub.certificates.selectors import documents_of_case

from . import wishes
from .models import Voiding
from .wording import problems_of_reason, words


@transaction.atomic
def ask_voiding(
    *, actor, case: Case, reason: str, version: int | None = None, at: datetime | None = None
) -> Voiding:
    """Ask for a case to be declared void. Unusable at "reason"; Conflict when it was asked
    already, or the case ended without effect.
    """
    at = at or timezone.now()
    instance, case = lock_case(case, version)
    require(case, "void")
    reason = words(reason)
    if problems := problems_of_reason(reason):
        raise Unusable(problems)
    again = _("This was asked for already.")
    found = wishes.ask(Voiding, actor=actor, case=case, again=again, reason=reason)
    add_event(case, "void_asked", actor=actor, at=at, params={"reason": reason})
    save(case)
    on_moved(instance=instance)
    return found


@transaction.atomic
def decide_voiding(
    *, actor, voiding: Voiding, grant: bool, note: str = "", at: datetime | None = None
) -> Voiding:
    """Declare the case void, or refuse to, as a head who did not ask for it.

    A running process ends, documents that were issued are revoked, the applicant is told why.
    Raises what `wishes.decide` does.
    """
    at = at or timezone.now()
    instance, case, found = wishes.decide(voiding, actor=actor, grant=grant, note=note, at=at)
    if not grant:
        add_event(case, "void_refused", actor=actor, at=at, params={"note": found.note})
        save(case)
        on_moved(instance=instance)
        return found
    is_running = case.state in states.RUNNING
    if not is_running:
        _take_away(actor, case, found, at)
    conclude(case, "void", "void", actor=actor, at=at, words={"reason": found.reason})
    on_moved(instance=instance)
    if is_running:
        withdraw_process(actor=actor, instance=case.process, reason=found.reason[:400], at=at)
    return found


def _take_away(actor, case: Case, voiding: Voiding, at) -> None:
    for document in documents_of_case(case):
        if document.state == document.State.VALID:
            revoke_document(actor=actor, document=document, reason=voiding.reason[:400], at=at)
