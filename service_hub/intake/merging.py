"""Putting two applications together that are one, and taking that back on the same day.

The later case ends; its number stays and leads to the earlier one, its documents are seen from
there. One official is enough, because nothing is decided by it and it can be taken back.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.forms import selectors as forms
from platform_core.capabilities.process import services as process
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from security.access import may
from security.actors import Actor
from security.audit.services import record_audit
from service_hub.cases.clocks import acceptance_due
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.listeners import on_moved, set_clock
from service_hub.cases.locking import lock_case
from service_hub.cases.models import Case
from service_hub.cases.moving import conclude, move, require
from service_hub.cases.services import SUBJECT
from service_hub.items.definitions import definition_of

from .duplicates import may_be_parted

LONGEST_REASON = 400


@transaction.atomic
def merge_cases(
    *, actor: Actor, case: Case, into: Case, reason: str, at: datetime | None = None
) -> Case:
    """Close `case` as merged into `into`, which was sent earlier.

    Raises NotAllowed for whoever does not handle both or took one of them in, Unusable without a
    reason, Conflict when they are not of one applicant and item or one of them has ended.
    """
    at = at or timezone.now()
    _may_merge(actor, case, into)
    if not reason.strip():
        raise Unusable({"reason": [_("Say why these two are one.")]})
    reason = " ".join(reason.split())[:LONGEST_REASON]
    # Locks are taken process first, as every step does; the earlier case's only to add a line.
    instance, later = lock_case(case)
    later.merged_into, later.merged_at = into, at
    # A move writes no relations: this one belongs to the deed itself.
    Case.objects.filter(pk=case.pk).update(merged_into=into)
    words = {"reason": reason, "number": into.number}
    conclude(later, "merge", "merged", actor=actor, at=at, words=words, occasion=at.isoformat())
    on_moved(instance=instance)
    process.withdraw_process(actor=actor, instance=instance, reason=reason, at=at)
    kept = Case.objects.select_for_update(of=("self",)).get(pk=into.pk)
    require(kept, "merge")
    add_event(kept, "joined", actor=actor, at=at, params={"number": case.number, "reason": reason})
    record_audit(
        actor=actor, verb="case.merge", obj=case, after={"into": into.number, "reason": reason}
    )
    case.refresh_from_db()
    return case


def _may_merge(actor: Actor, case: Case, into: Case) -> None:
    if not (may(actor.user, "handle", case) and may(actor.user, "handle", into)):
        raise NotAllowed(_("Only the office that handles both may put them together."))
    if actor.user.pk in (case.received_by_id, into.received_by_id):
        raise NotAllowed(_("You took one of them in. A colleague puts them together."))
    require(case, "merge")
    require(into, "merge")
    if case.pk == into.pk or into.submitted_at > case.submitted_at:
        raise Conflict(_("The later case goes into the earlier one."))
    is_one = (case.item_id, case.firm_id) == (into.item_id, into.firm_id)
    if not is_one or _person(case) != _person(into):
        raise Conflict(_("These are not two applications of one person for one service."))


def _person(case: Case):
    """Who applied; two cases without a name are of nobody and never the same."""
    if case.firm_id or case.applicant_id:
        return case.applicant_id if not case.firm_id else case.firm_id
    intake = getattr(case, "intake", None)
    return intake.citizen_number_index if intake else case.pk


@transaction.atomic
def part_cases(*, actor: Actor, case: Case, reason: str, at: datetime | None = None) -> Case:
    """Take a merge back on its day: the case goes on with its number, its clock never stood.

    Its process begins anew. Raises Unusable without a reason; Conflict on another day, when the
    other case has ended, or when it was parted already.
    """
    at = at or timezone.now()
    found = Case.objects.select_for_update(of=("self",)).select_related(
        "item__napp", "napp_version", "record", "department", "region", "merged_into", "applicant"
    )
    found = found.get(pk=case.pk)
    if found.merged_into is None:
        raise Conflict(_("It is a case of its own already."))
    if not may(actor.user, "handle", found) or not may(actor.user, "handle", found.merged_into):
        raise NotAllowed(_("Only the office that handles both may take them apart."))
    if not may_be_parted(found, at):
        raise Conflict(_("This can be taken back only on the same day, while the other one runs."))
    if not reason.strip():
        raise Unusable({"reason": [_("Say why it is a case of its own.")]})
    into = Case.objects.select_for_update(of=("self",)).get(pk=found.merged_into_id)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    _start_again(actor, found, at)
    add_event(found, "unmerged", actor=actor, at=at, params={"reason": reason})
    add_event(into, "parted", actor=actor, at=at, params={"number": found.number})
    record_audit(
        actor=actor, verb="case.part", obj=found, after={"from": into.number, "reason": reason}
    )
    tell_applicant(found, "unmerged", actor=actor, occasion=at.isoformat())
    return found


def _start_again(actor: Actor, case: Case, at: datetime) -> None:
    new = uuid.uuid4()
    move(case, "part")
    case.merged_into, case.merged_at, case.closed_at = None, None, None
    case.process_id = new
    case.version += 1
    if case.accepted_at is None:
        case.acceptance_due_at = acceptance_due(case.received_at)
    set_clock(case, at)
    case.save()
    case.process = process.start_process(
        actor=actor,
        napp_version=case.napp_version,
        process_key=definition_of(case.item, case.napp_version).process,
        subject_type=SUBJECT,
        subject_id=str(case.pk),
        subject_label=case.item.title,
        subject_number=case.number,
        record=case.record,
        facts=forms.values_for_rules(case.record),
        region=case.region,
        department=case.department,
        # Whoever took it in or applied decides on it no more than before.
        starter=case.received_by or case.applicant,
        at=at,
        instance_id=new,
    )
