"""The pre-check of an application (预审): taken in, or sent back.

It decides nothing: the term to accept runs on from the day of receipt (Licensing Law art. 32).
Sending back (退件) is for what cannot become a case here; whether an application that belongs here
is taken up is a decision of its own (受理, 不予受理), made in the steps of the process.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.process.services import withdraw_process
from platform_core.common.errors import NotAllowed, Unusable
from platform_core.common.events import emit
from security.audit.services import record_audit
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.listeners import on_moved
from service_hub.cases.locking import lock_case
from service_hub.cases.models import Case
from service_hub.cases.moving import conclude, move, require, save
from service_hub.cases.words import GROUNDS

from .wording import problems_of_reason, words


@transaction.atomic
def take_in(
    *, actor, case: Case, version: int | None = None, at: datetime | None = None
) -> Case:  # fmt: skip
    """Note that the application was looked through and lies with the right organ (收件). Conflict
    when it was taken in already.
    """
    at = at or timezone.now()
    instance, case = lock_case(case, version)
    move(case, "receive")
    add_event(case, "taken_in", actor=actor, at=at)
    save(case)
    on_moved(instance=instance)
    record_audit(actor=actor, verb="case.take_in", obj=case)
    tell_applicant(case, "taken_in", actor=actor, params={}, occasion=at.isoformat())
    return case


@transaction.atomic
def return_case(
    *, actor, case: Case, ground: str, reason: str, version: int | None = None,
    at: datetime | None = None,
) -> Case:  # fmt: skip
    """Send the application back to its applicant, with a notice. Unusable at "ground" and "reason";
    NotAllowed for whoever took it in at a window; Conflict once it was accepted.
    """
    at = at or timezone.now()
    instance, case = lock_case(case, version)
    require(case, "return")
    if case.received_by_id and case.received_by_id == actor.user.pk:
        raise NotAllowed(_("You took it in. A colleague has to do this."))
    reason = words(reason)
    problems = problems_of_reason(reason)
    if ground not in GROUNDS:
        problems["ground"] = [_("Choose why it cannot be handled here.")]
    if problems:
        raise Unusable(problems)
    params = {"ground": ground, "reason": reason}
    emit("case.returned", case=case, actor=actor, at=at, reason=reason)
    conclude(case, "return", "sent_back", actor=actor, at=at, words=params)
    on_moved(instance=instance)
    withdraw_process(actor=actor, instance=case.process, reason=reason[:400], at=at)
    record_audit(actor=actor, verb="case.return", obj=case, after={"ground": ground})
    return case
