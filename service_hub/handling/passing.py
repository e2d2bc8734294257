"""Passing an application on to the organ that is responsible (转报), before it is accepted."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.process.relocation import move_to_department
from platform_core.common.errors import Unusable
from platform_core.common.events import emit
from platform_core.common.organs import organ_text
from security.audit.services import record_audit
from security.organs.selectors import departments_found
from service_hub.cases.clocks import acceptance_due
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.listeners import on_moved
from service_hub.cases.locking import lock_case
from service_hub.cases.models import Case
from service_hub.cases.moving import move, save
from service_hub.items.definitions import definition_of

from .wording import problems_of_reason, words

MOST_ORGANS = 200


def other_organs(case: Case) -> list:
    """The organs of the same function elsewhere, to which an application may be passed on."""
    kind = definition_of(case.item, case.napp_version).department_kind
    found = departments_found(kind=kind).exclude(pk=case.department_id).exclude(credit_code="")
    return list(found.order_by("region__code", "code")[:MOST_ORGANS])


@transaction.atomic
def pass_on(
    *, actor, case: Case, department, reason: str, version: int | None = None,
    at: datetime | None = None,
) -> Case:  # fmt: skip
    """Give the application to `department` (an id): the number stays, the time to accept it begins
    when the responsible organ has it. Unusable at "department" and "reason"; Conflict once it was
    accepted.
    """  # fmt: skip
    at = at or timezone.now()
    instance, case = lock_case(case, version)
    move(case, "pass_on")
    reason = words(reason)
    problems = problems_of_reason(reason)
    chosen = next((one for one in other_organs(case) if str(one.pk) == str(department)), None)
    if chosen is None:
        problems["department"] = [_("Choose the responsible office.")]
    if problems:
        raise Unusable(problems)
    before = case.department
    organ = organ_text(chosen)
    params = {"organ": organ, "reason": reason}
    add_event(case, "passed_on", actor=actor, at=at, params=params)
    # The notice is the first organ's, so it is issued before the other one has the case.
    emit("case.passed_on", case=case, actor=actor, at=at, reason=reason, organ=organ)
    case.department = chosen
    # A move writes no relations: this one belongs to the deed itself.
    Case.objects.filter(pk=case.pk).update(department=chosen)
    case.received_at, case.acceptance_due_at = at, acceptance_due(at)
    save(case)
    on_moved(instance=instance)
    move_to_department(actor=actor, instance=instance, department=chosen, reason=reason, at=at)
    after = {"from": before.pk, "to": chosen.pk}
    record_audit(actor=actor, verb="case.pass_on", obj=case, after=after)
    tell_applicant(case, "passed_on", actor=actor, params=params, occasion=at.isoformat())
    return case
