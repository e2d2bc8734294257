"""Joint handling (联办): the organ in the lead asks others for their part, at once, and decides.

Each of them has a task of its own with a term and a light; the step in the lead waits for all of
them, or takes a question back. The law gives such a case 45 working days and fifteen more
(Licensing Law art. 42); what was promised to the applicant is not lengthened by it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.capabilities.process.consultations import selectors as consultations
from platform_core.capabilities.process.consultations.models import Consultation
from platform_core.capabilities.process.consultations.services import ask_opinions
from platform_core.capabilities.process.models import Task
from platform_core.common.errors import NotAllowed, Unusable
from platform_core.common.organs import organ_text
from platform_core.common.templatetags.ui import day
from platform_core.common.workcalendar import deadline_light
from security.audit.services import record_audit
from service_hub.cases.history import add_event, tell_applicant
from service_hub.cases.listeners import on_moved, set_clock
from service_hub.cases.locking import lock_case
from service_hub.cases.models import Case
from service_hub.cases.moving import may, require, save


@dataclass(frozen=True)
class Part:
    """What one organ was asked, with the light of its term while it is open."""

    one: Consultation
    light: dict | None
    may_take_back: bool


def parts_of(user, case: Case, now: datetime) -> list[Part]:
    """What the organs of a case were asked and say, the open ones first, most urgent on top."""
    task = leading_task(user, case)
    rows = [row["one"] for row in consultations.consultations_of(user, case.process)]
    rows.sort(key=lambda one: (one.state != Consultation.State.OPEN, one.due_at))
    return [
        Part(
            one,
            deadline_light(one.due_at, one.task.warn_at, now) if one.state == "open" else None,
            task is not None and one.state == "open" and one.asking_id == task.pk,
        )
        for one in rows
    ]


def leading_task(user, case: Case) -> Task | None:
    """The open step of the case from which `user` may ask other organs; None when there is none."""
    tasks = Task.objects.filter(instance=case.process_id, state=Task.State.OPEN)
    found = tasks.select_related("instance__department__region", "instance__region")
    return next((one for one in found if consultations.may_ask(user, one)), None)


def may_join(user, case: Case) -> bool:
    """Whether `user` may ask other organs to act on the case now."""
    return may(case, "join") and leading_task(user, case) is not None


@transaction.atomic
def ask_organs(
    *, actor, case: Case, departments, question: str, working_days: int | None,
    version: int | None = None, at: datetime | None = None,
) -> list[Consultation]:  # fmt: skip
    """Ask `departments` (ids) for their part within so many working days, and tell the applicant
    who acts with us.

    Raises Unusable at "departments", "question", "working_days"; NotAllowed without a step of the
    case in hand; Conflict before acceptance and after the decision.
    """
    at = at or timezone.now()
    instance, case = lock_case(case, version)
    require(case, "join")
    task = leading_task(actor.user, case)
    if task is None:
        raise NotAllowed(_("Only who has a step of this case in hand asks other organs."))
    asked = ask_opinions(
        actor=actor, task_id=task.pk, version=task.version, departments=departments,
        question=question, working_days=working_days, is_mandatory=True, at=at,
    )  # fmt: skip
    if not case.is_joint:
        case.is_joint = True
        set_clock(case, at)
    due = asked[0].due_at
    if case.legal_due_at is not None and due > case.legal_due_at:
        said = _("By law the case is decided until %(day)s: ask for an earlier answer.")
        raise Unusable({"working_days": [said % {"day": day(case.legal_due_at)}]})
    names = [one.department for one in asked]
    organs = [organ_text(one) for one in names]
    params = {"organs": organs, "due": due.isoformat()}
    add_event(case, "joint_asked", actor=actor, at=at, params=params, task=task)
    save(case)
    on_moved(instance=instance)
    after = {"departments": [one.pk for one in names]}
    record_audit(actor=actor, verb="case.join_organs", obj=case, after=after)
    tell_applicant(case, "joint_asked", actor=actor, params=params, occasion=at.isoformat())
    return asked
