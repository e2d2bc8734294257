"""Writes of duty rosters: the roster, its weekly pattern, exceptions."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.bounded_json import is_storable
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import one_at_a_time
from security.access import may
from security.actors import Actor
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import headed_ids

from . import duty_selectors
from .duties import LEFT
from .locking import hold
from .models import DutyChange, DutyShift, DutyTurn, Roster
from .swap_services import end_swaps
from .telling import tell

MOST_TURNS = 31


def _kept(actor: Actor, roster: Roster) -> Roster:
    if not may(actor.user, "manage", roster):
        raise NotAllowed(_("The heads of the organ keep its rosters."))
    hold(roster.pk)
    return Roster.objects.select_related("department").get(pk=roster.pk)


def _clean(name: str, phone: str) -> tuple[str, str]:
    name, phone = " ".join(name.split()), phone.strip()
    wrong = {}
    if not name:
        wrong["name"] = [_("Give the roster a name.")]
    for field, text, limit in (("name", name, 60), ("phone", phone, 40)):
        if not is_storable(text) or len(text) > limit:
            wrong[field] = [_("Shorten this to %(limit)d characters.") % {"limit": limit}]
    if wrong:
        raise Unusable(wrong)
    return name, phone


@transaction.atomic
def save_roster(
    *,
    actor: Actor,
    department: Department,
    name: str,
    phone: str = "",
    is_always: bool = False,
    is_active: bool = True,
    roster: Roster | None = None,
) -> Roster:
    """Begin a roster of `department`, or change one; what is no longer in use says no gaps. Raises
    Unusable, NotAllowed.
    """
    if department.pk not in headed_ids(actor.user):
        raise NotAllowed(_("The heads of the organ keep its rosters."))
    name, phone = _clean(name, phone)
    one_at_a_time(f"roster names {department.pk}")
    same = Roster.objects.filter(department=department, name=name)
    if same.exclude(pk=roster.pk if roster else None).exists():
        raise Unusable({"name": [_("The organ has a roster of this name already.")]})
    facts = {"name": name, "phone": phone, "is_always": is_always, "is_active": is_active}
    if roster is None:
        found = Roster.objects.create(department=department, **facts)
        record_audit(actor=actor, verb="roster.create", obj=found, after=facts)
        return found
    found = _kept(actor, roster)
    before = {key: getattr(found, key) for key in facts}
    for key, value in facts.items():
        setattr(found, key, value)
    found.save(update_fields=list(facts))
    record_audit(actor=actor, verb="roster.change", obj=found, before=before, after=facts)
    return found


@transaction.atomic
def add_shifts(
    *,
    actor: Actor,
    roster: Roster,
    weekdays: list[int],
    begins: time,
    ends: time,
    people: list,
    first_on: date,
    last_on: date | None = None,
    is_daily: bool = False,
    today: date | None = None,
) -> list[DutyShift]:
    """From `first_on` on (to `last_on`, when it is given) the same hours on each of `weekdays`,
    `people` (users) taking turns, each for a week or for a day. Without people the shift is a gap
    until somebody is named.

    Raises Unusable at "weekdays", "people", "first_on" or "last_on", NotAllowed.
    """
    found = _kept(actor, roster)
    staff = {one.pk for one in duty_selectors.staff_of(found)}
    wrong = {}
    if not weekdays or not set(weekdays) <= set(range(7)):
        wrong["weekdays"] = [_("Choose the days of the week.")]
    if len(people) > MOST_TURNS or any(one.pk not in staff for one in people):
        wrong["people"] = [_("Choose people of this organ or of the organs below.")]
    if first_on < (today or timezone.localdate()):
        wrong["first_on"] = [_("What has passed stays as it was. Begin today or later.")]
    elif last_on is not None and last_on < first_on:
        wrong["last_on"] = [_("The last day is before the first.")]
    if wrong:
        raise Unusable(wrong)
    made = []
    for weekday in sorted(set(weekdays)):
        shift = DutyShift.objects.create(
            roster=found, weekday=weekday, begins=begins, ends=ends, first_on=first_on,
            last_on=last_on, is_daily=is_daily,
        )  # fmt: skip
        DutyTurn.objects.bulk_create(
            DutyTurn(shift=shift, order=number, person=one) for number, one in enumerate(people)
        )
        made.append(shift)
    record_audit(
        actor=actor, verb="roster.shifts", obj=found,
        after={"weekdays": sorted(set(weekdays)), "begins": begins.isoformat(),
               "ends": ends.isoformat(), "people": [one.pk for one in people],
               "first_on": first_on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def end_shift(
    *, actor: Actor, shift: DutyShift, last_on: date, today: date | None = None
) -> DutyShift:
    """The shift is in force for the last time on `last_on`; what was before stays as it was.

    Raises Unusable at "last_on" for a day before yesterday, NotAllowed.
    """
    _kept(actor, shift.roster)
    found = DutyShift.objects.select_for_update().get(pk=shift.pk)
    today = today or timezone.localdate()
    if (today - last_on).days > 1:
        raise Unusable({"last_on": [_("What has passed stays as it was. Begin today or later.")]})
    before = {"last_on": found.last_on}
    found.last_on = last_on
    found.save(update_fields=["last_on"])
    record_audit(
        actor=actor, verb="roster.shift_end", obj=found, before=before, after={"last_on": last_on}
    )
    return found


@transaction.atomic
def put_on_duty(
    *, actor: Actor, roster: Roster, shift_id, on: date, person, reason: str, at=None
) -> DutyChange:
    """On one day `person` has the shift instead of whose turn it is (None: nobody, a gap). Both are
    told, and open wishes to swap that duty end.

    Raises Unusable at "person" or "reason", Conflict for a duty that is over or does not exist,
    NotAllowed.
    """
    found = _kept(actor, roster)
    at = at or timezone.now()
    plan = duty_selectors.plan_of(found, on, on + duty_selectors.DAY)
    duty = next((one for one in plan.duties if str(one.shift) == str(shift_id)), None)
    if duty is None or duty.shift is None:
        raise Conflict(_("There is no such duty on this day."))
    if duty.ends_at <= at:
        raise Conflict(_("This duty is over."))
    if person is not None and person.pk not in {one.pk for one in duty_selectors.staff_of(found)}:
        raise Unusable({"person": [_("Choose people of this organ or of the organs below.")]})
    reason = reason.strip()
    if not reason or len(reason) > 200 or not is_storable(reason):
        raise Unusable({"reason": [_("Give the reason in at most 200 characters.")]})
    change = DutyChange.objects.create(
        shift_id=duty.shift, on=on, person=person, reason=reason, made_by=actor.user
    )
    end_swaps(actor=actor, roster=found, shift=duty.shift, on=on)
    before, after = duty.planned, person.pk if person else None
    record_audit(
        actor=actor, verb="roster.exception", obj=change, before={"person": before},
        after={"person": after, "on": on.isoformat()},
    )  # fmt: skip
    had = plan.people.get(before) if duty.gap != LEFT else None
    told = {one for one in (had, person) if one and one != actor.user}
    for one in told:
        tell(actor=actor, person=one, template="duty_changed", roster=found, duty=duty,
             dedupe=f"duty_changed:{change.pk}:{one.pk}")  # fmt: skip
    return change
