"""Writes of duties: published, done by a case or by a member's word, and the reminders."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.i18n import pick
from platform_core.common.outbox.services import send
from security.accounts.firm_roles import FILE
from security.accounts.models import Firm
from security.accounts.selectors import managers_of, may_for_firm
from security.audit.services import record_audit
from service_hub.cases.models import Case
from service_hub.firms.history import note

from . import recurrence, schema, selectors
from .letters import tell_due
from .models import Duty, DutyMark

Kind = DutyMark.Kind
REMINDING = "duties.reminding"
SHORTEST, LONGEST = 5, 500
# Told this many days before, each once; 0 is the day after it was due.
DAYS_BEFORE = (1, 7, 30)
AT_ONCE = 100


@transaction.atomic
def publish_duties(*, actor, napp_version, duties: list[schema.Duty]) -> None:
    """Make the duties of `napp_version` the ones that count; others are out of use."""
    for duty in duties:
        Duty.objects.update_or_create(
            napp=napp_version.napp,
            key=duty.key,
            defaults={
                "napp_version": napp_version,
                "service": duty.service or "",
                "is_in_use": True,
            },
        )
    gone = Duty.objects.filter(napp=napp_version.napp)
    gone.exclude(key__in=[one.key for one in duties]).update(is_in_use=False)


@transaction.atomic
def mark_done(
    *, actor, firm, duty: Duty, period: str, ground: str, at: datetime | None = None
) -> DutyMark:
    """A member says that the duty is done for the period, and on what ground.

    Raises Unusable at "ground", Conflict when it was settled, NotAllowed without the right.
    """
    _require(actor, firm, duty)
    if not selectors.definition_of(duty).may_mark:
        raise NotAllowed(_("This duty is done by a case only."))
    ground = ground.replace("\x00", "").strip()
    if not SHORTEST <= len(ground) <= LONGEST:
        words = _("Say in %(first)s to %(last)s characters how it was done.")
        raise Unusable({"ground": [words % {"first": SHORTEST, "last": LONGEST}]})
    mark, is_new = DutyMark.objects.get_or_create(
        firm=firm, duty=duty, period=period,
        defaults={
            "kind": Kind.MARKED, "ground": ground, "by": actor.user, "at": at or timezone.now(),
        },
    )  # fmt: skip
    if not is_new:
        raise Conflict(_("This was settled already."))
    _kept(actor, mark, "duty_done")
    return mark


@transaction.atomic
def take_back(*, actor, mark: DutyMark) -> None:
    """A member takes the word back; what a case has done stays as long as the case."""
    found = DutyMark.objects.select_for_update(of=("self",)).select_related("firm", "duty")
    mark = found.filter(pk=mark.pk, kind=Kind.MARKED).first()
    if mark is None:
        raise Conflict(_("This was settled already."))
    _require(actor, mark.firm, mark.duty)
    _kept(actor, mark, "duty_open")
    mark.delete()


def _require(actor, firm, duty: Duty) -> None:
    if not may_for_firm(actor.user, firm, FILE, duty.service):
        raise NotAllowed(_("Your mandate of the firm does not cover this service."))


def _kept(actor, mark: DutyMark, kind: str) -> None:
    title = pick(selectors.definition_of(mark.duty).title.model_dump())
    note(mark.firm, kind, actor=actor, duty=title, period=mark.period)
    record_audit(actor=actor, verb=f"duty.{kind}", obj=mark, after={"period": mark.period})


@transaction.atomic
def fulfil(*, actor, case: Case, moment: str, at: datetime) -> int:
    """A case was "filed" or "approved": the oldest open time of each duty that it does is done.
    Gives how many.
    """
    service, today = f"{case.item.napp.slug}/{case.item.key}", timezone.localdate(at)
    done = 0
    for duty, definition, _missing in selectors.duties_of(case.firm, today, service=service):
        if definition.done_by != moment:
            continue
        marked = set(
            DutyMark.objects.filter(firm=case.firm, duty=duty).values_list("period", flat=True)
        )
        due = selectors.times_of(case.firm, duty, definition, today)
        found = recurrence.fulfilled_by(due, marked, today)
        if found is None:
            continue
        _mark, is_new = DutyMark.objects.get_or_create(
            firm=case.firm, duty=duty, period=found.period,
            defaults={"kind": Kind.FILED, "case": case, "by": case.applicant, "at": at},
        )  # fmt: skip
        done += is_new
    return done


@transaction.atomic
def undo(*, actor, case: Case) -> int:
    """The case came to nothing: what it had done is open again, unless another case of the firm
    that has done nothing yet does it instead. Gives how many.
    """
    marks = DutyMark.objects.filter(case=case)
    count, _of = marks.delete()
    if count:
        record_audit(actor=actor, verb="duty.undo", obj=case, after={"marks": count})
        for other in _cases_to_spare(case):
            fulfil(actor=actor, case=other, moment="filed", at=other.submitted_at)
    return count


def _cases_to_spare(case: Case):
    """The firm's other cases in the same service that hold and have done no duty, oldest first."""
    used = DutyMark.objects.filter(firm=case.firm, case__isnull=False).values("case")
    others = Case.objects.filter(firm=case.firm, item=case.item).exclude(pk=case.pk)
    came_to_nothing = [one for one in Case.ENDED if one != Case.State.APPROVED]
    others = others.exclude(pk__in=used).exclude(state__in=came_to_nothing)
    return others.select_related("item__napp", "firm", "applicant").order_by("submitted_at")


@transaction.atomic
def begin_reminding(*, actor) -> None:
    """Ask for the reminders of today; asked twice they go out once."""
    _ask_for_next(timezone.localdate().isoformat(), "")


@transaction.atomic
def remind_next(*, actor, day: str, after: str = "") -> int:
    """Tell the managers of some firms what is due soon or late, each thing once, and ask for the
    next ones; gives how many firms it looked at.
    """
    firms = Firm.objects.filter(dissolved_on=None, agents__ended_at=None).distinct()
    firms = firms.select_related("region").order_by("pk")
    if after:
        firms = firms.filter(pk__gt=after)
    today, page = timezone.localdate(), list(firms[:AT_ONCE])
    for firm in page:
        due = [
            (line, step)
            for line in selectors.lines_of(firm, today)
            if line.is_certain
            and line.occurrence.opens <= today
            and (step := _step(line.days_left(today))) is not None
        ]
        people = managers_of(firm) if due else []
        for line, step in due:
            for person in people:
                tell_due(line, firm, person, step, actor=actor)
    if len(page) == AT_ONCE:
        _ask_for_next(day, str(page[-1].pk))
    return len(page)


def _ask_for_next(day: str, after: str) -> None:
    payload = {"day": day, "after": after}
    send(topic=REMINDING, key=f"{REMINDING}:{day}:{after}", payload=payload)


def _step(left: int) -> int | None:
    """Which reminder it is time for; None while there is time."""
    if left < 0:
        return 0
    return next((days for days in DAYS_BEFORE if left <= days), None)
