"""What the clock does by itself: silence becomes acceptance, lights change, and dates that the
calendar could not give are computed once it can.

Each matter in a transaction of its own; one that cannot be dealt with holds up no other.
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from platform_core.capabilities.notifications.services import notify
from platform_core.capabilities.process.choosing import heads_of
from platform_core.capabilities.process.links import task_link
from platform_core.capabilities.process.locking import lock_instance
from platform_core.capabilities.process.models import Task
from platform_core.common.events import emit
from security.audit.services import record_audit

from .clocks import acceptance_due, level
from .listeners import accept, on_moved, set_clock
from .locking import locked_case
from .messages import light_title
from .models import Case
from .moving import save
from .states import IN_WORK, WAITING
from .words import in_both

State, Light = Case.State, Case.Light
BATCH = 200
# A correction after acceptance stops no clock.
DECIDING = (*IN_WORK, State.CORRECTING)
log = structlog.get_logger(__name__)


def sweep(*, actor, now: datetime | None = None) -> dict[str, int]:
    """Everything that has become due until `now`; how much of each kind."""
    now = now or timezone.now()
    return {
        "accepted": _each(_silent(now), accept_by_silence, actor, now),
        "lights": _each(_changing(now), change_light, actor, now),
    }


def sweep_unknown(*, actor, now: datetime | None = None) -> int:
    """Compute the dates that the calendar could not give before; how many cases have one now."""
    return _each(_unknown(), compute_again, actor, now or timezone.now())


def _each(found, deed, actor, now) -> int:
    done, met = 0, set()
    while batch := list(found.exclude(pk__in=met).values_list("pk", flat=True)[:BATCH]):
        for case_id in batch:
            met.add(case_id)
            try:
                done += deed(actor=actor, case_id=case_id, now=now)
            except Exception as error:  # whatever stops one, the others go on
                log.exception("case.clock", case=str(case_id), error=type(error).__name__)
    return done


# -- silence ---------------------------------------------------------------------------------------


def _silent(now):
    return Case.objects.filter(state__in=WAITING, acceptance_due_at__lt=now).order_by(
        "acceptance_due_at"
    )


@transaction.atomic
def accept_by_silence(*, actor, case_id, now: datetime) -> bool:
    """An application that nobody answered in time counts as accepted since it was received
    (Licensing Law art. 32); the head of the office hears of it. False when somebody was faster.
    """
    process_id = Case.objects.values_list("process", flat=True).get(pk=case_id)
    # Process first, then case: as officials and applicants lock them.
    instance = lock_instance(id=process_id)
    case = locked_case(instance)
    is_due = case.acceptance_due_at is not None and case.acceptance_due_at < now
    if case.state not in WAITING or case.accepted_at or not is_due:
        return False
    accept(case, actor, now, by_silence=True)
    on_moved(instance=instance)
    record_audit(actor=actor, verb="case.accept_by_silence", obj=case)
    title = in_both(lambda: light_title(case, "silent"))
    _tell(actor, case, heads_of(case.department), "silent", title)
    return True


# -- lights ----------------------------------------------------------------------------------------


def _changing(now):
    """Running cases whose light is no longer what was last told; cheap by the index on both."""
    turns_yellow = Q(light=Light.GREEN, promise_warn_at__lte=now)
    turns_red = Q(light__in=[Light.GREEN, Light.YELLOW], promise_due_at__lt=now)
    return Case.objects.filter(turns_yellow | turns_red, closed_at=None, state__in=DECIDING)


@transaction.atomic
def change_light(*, actor, case_id, now: datetime) -> bool:
    """Give the case the light of this moment and tell who has to know: whoever has it in hand when
    it turns yellow, the head of the office as well when it turns red.
    """
    cases = Case.objects.select_for_update(of=("self",)).select_related("item", "department")
    case = cases.get(pk=case_id)
    light, before = level(case, now), case.light
    if light == before or case.state not in DECIDING:
        return False
    Case.objects.filter(pk=case.pk).update(light=light)
    case.light = light
    emit("case.light_changed", case=case, light=light, before=before, actor=actor, at=now)
    people = in_hand(case)
    if light == Light.RED:
        people = [*people, *(one for one in heads_of(case.department) if one not in people)]
    _tell(actor, case, people, light, in_both(lambda: light_title(case, light)))
    return True


def in_hand(case: Case) -> list:
    """The people who have an open task of the case."""
    tasks = Task.objects.filter(instance=case.process_id, state=Task.State.OPEN)
    found = tasks.exclude(kind="cc").exclude(assignee=None).select_related("assignee")
    return list({task.assignee_id: task.assignee for task in found}.values())


def _tell(actor, case: Case, people, occasion: str, title: dict) -> None:
    task = Task.objects.filter(instance=case.process_id, state=Task.State.OPEN).first()
    for person in people:
        notify(
            actor=actor,
            recipient=person,
            key="case.light",
            title="{title}",
            body="{number}",
            values={"title": title, "number": case.number},
            link=task_link(task.pk) if task else "",
            # A term that was extended may turn yellow again.
            dedupe=f"case_light:{case.pk}:{occasion}:{case.promise_due_at}:{person.pk}",
        )


# -- the calendar ----------------------------------------------------------------------------------


def _unknown():
    """Cases without a date because the working days of its year were not published."""
    to_accept = Q(state__in=WAITING, acceptance_due_at=None)
    undated = Q(promise_due_at=None) | Q(legal_due_at=None)
    to_decide = undated & Q(state__in=DECIDING, accepted_at__isnull=False)
    return Case.objects.filter(to_accept | to_decide, closed_at=None).order_by("pk")


@transaction.atomic
def compute_again(*, actor, case_id, now: datetime) -> bool:
    """Compute the dates of a case that had none; False when the calendar still does not know."""
    process_id = Case.objects.values_list("process", flat=True).get(pk=case_id)
    instance = lock_instance(id=process_id)
    case = locked_case(instance)
    before = (case.acceptance_due_at, case.promise_due_at, case.legal_due_at)
    if case.state in WAITING:
        case.acceptance_due_at = acceptance_due(case.received_at)
    elif case.state in DECIDING:
        set_clock(case, now)
    if before != (case.acceptance_due_at, case.promise_due_at, case.legal_due_at):
        save(case)
    changed = case.is_changed
    on_moved(instance=instance)
    return changed


def late_or_soon():
    """Running cases whose light is yellow or red, the most urgent first."""
    lit = Case.objects.filter(light__in=[Light.YELLOW, Light.RED], closed_at=None)
    return lit.order_by(F("promise_due_at").asc(nulls_last=True), "pk")
