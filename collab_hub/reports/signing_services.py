"""Writes of the way up: what was submitted waits for the organs above, who take note of it, sign it
off or return it. What is returned keeps its values, and nothing in it is asked again.
"""

from __future__ import annotations

from uuid import uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, close_work_of_many, put_work
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.locks import beside_others, one_at_a_time
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import organs_of

from .models import ReportCampaign, ReportFilling, ReportReview
from .signing import levels_of
from .values import plain
from .wanting import open_work, tell_later

Act = ReportReview.Act
STATION = "collab_hub.report_station"
KIND = "report_review"


@transaction.atomic
def send_up(
    *, actor, campaign: ReportCampaign, fillings, at, act: str = "", reason: str = ""
) -> None:
    """What was submitted waits for the organ above it, or is final when there is none. With `act` a
    line of it. Nothing where nobody signs off.
    """
    if not campaign.needs_sign_off or not fillings:
        return
    levels, stations = levels_of(campaign, fillings), {}
    for one in fillings:
        first = next(iter(levels[one.pk]), None)
        one.waits_for, one.signed_at = first, None if first else at
        if first:
            stations[first.pk] = first
    ReportFilling.objects.bulk_update(fillings, ["waits_for", "signed_at"], batch_size=500)
    if act:
        _note(actor, fillings, act, at, reason=reason)
    _let_wait(actor, campaign, stations.values())


def _note(actor, fillings, act: str, at, department=None, reason: str = "") -> None:
    ReportReview.objects.bulk_create(
        ReportReview(
            filling=one, turn=one.turn, act=act, department=department or one.department,
            by=actor.user, reason=reason[:400], at=at,
        )
        for one in fillings
    )  # fmt: skip


def _let_wait(actor, campaign: ReportCampaign, organs) -> None:
    """One item of the inbox for each organ and collection, however many reports wait there."""
    for organ in sorted(organs, key=lambda one: one.pk):
        # Whoever sends one up at this moment is counted, or counts after us.
        one_at_a_time(f"report station {campaign.pk} {organ.pk}")
        n = campaign.fillings.filter(waits_for=organ).count()
        obj = (STATION, uuid5(campaign.pk, str(organ.pk)))
        if not n:
            close_work(actor=actor, kind=KIND, obj=obj, outcome="sign_off")
            continue
        put_work(
            actor=actor, kind=KIND, obj=obj, title=campaign.title, department=organ,
            number=campaign.number, due_at=campaign.due_at,
            address=("report_reviews", [campaign.pk]),
            reason={"zh": f"{n} 份填报待审核", "en": f"{n} reports to sign off"},
        )  # fmt: skip


@transaction.atomic
def nobody_waits(*, actor, campaign: ReportCampaign) -> None:
    """The collection has ended: nothing in it waits to be signed off."""
    waiting = campaign.fillings.exclude(waits_for=None)
    organs = set(waiting.values_list("waits_for", flat=True))
    stations = [(STATION, uuid5(campaign.pk, str(organ))) for organ in organs]
    close_work_of_many(actor=actor, kind=KIND, objects=stations, is_cancelled=True)
    waiting.update(waits_for=None)


def _locked(actor, campaign: ReportCampaign, department: Department, keys) -> list[ReportFilling]:
    beside_others(f"report collection {campaign.pk}")
    if department.pk not in organs_of(actor.user):
        raise NotAllowed(_("You can do this for your own department only."))
    now = ReportCampaign.objects.select_related("region", "owner").get(pk=campaign.pk)
    if now.state != "running":
        raise Conflict(_("This collection is closed."))
    found = ReportFilling.objects.select_for_update(of=("self",)).filter(
        campaign=now, pk__in=list(keys), state="submitted"
    )
    found = list(found.select_related("department__region").order_by("pk"))
    for one in found:
        one.campaign = now
    return found


@transaction.atomic
def sign_off(
    *, actor, campaign: ReportCampaign, department: Department, seen: dict, at=None
) -> tuple[int, int]:
    """Sign off what was read, as somebody of an organ above: (how many, how many were not).

    `seen` is {filling's id: its version as the page showed it}. What changed since, went past this
    organ already or does not lie below it is left alone. Signed by a higher organ, a report need
    not wait for those between. Raises NotAllowed, Conflict when the collection is closed.
    """
    at = at or timezone.now()
    fillings = _locked(actor, campaign, department, seen)
    levels = levels_of(fillings[0].campaign, fillings) if fillings else {}
    done, stations = [], {department.pk: department}
    for one in fillings:
        rest = _above(levels[one.pk], one, department)
        if rest is None or str(seen.get(str(one.pk))) != str(one.version):
            continue
        old, new = one.waits_for_id, next(iter(rest), None)
        stations |= {organ.pk: organ for organ in levels[one.pk] if organ.pk == old}
        if new:
            stations[new.pk] = new
        one.waits_for, one.signed_at, one.version = new, None if new else at, one.version + 1
        done.append(one)
    ReportFilling.objects.bulk_update(done, ["waits_for", "signed_at", "version"], batch_size=500)
    if done:
        _note(actor, done, Act.SIGNED, at, department=department)
        _let_wait(actor, done[0].campaign, stations.values())
        record_audit(
            actor=actor, verb="report.sign_off", obj=done[0].campaign,
            after={"organs": [one.department_id for one in done], "by": department.pk},
        )  # fmt: skip
    return len(done), len(seen) - len(done)


def _above(levels: list[Department], filling: ReportFilling, department) -> list | None:
    """The organs above `department` for a filling that has not gone past it; None otherwise."""
    keys = [one.pk for one in levels]
    if filling.signed_at or department.pk not in keys:
        return None
    at = keys.index(department.pk)
    if filling.waits_for_id in keys and keys.index(filling.waits_for_id) > at:
        return None
    return levels[at + 1 :]


@transaction.atomic
def take_note(*, actor, filling: ReportFilling, department: Department, at=None) -> None:
    """An organ above has seen the report; a second time changes nothing."""
    found = _one(actor, filling, department)
    known = found.reviews.filter(turn=found.turn, act=Act.NOTED, department=department)
    if not known.exists():
        _note(actor, [found], Act.NOTED, at or timezone.now(), department=department)


@transaction.atomic
def return_filling(
    *, actor, filling: ReportFilling, department: Department, reason: str, version: int, at=None
) -> ReportFilling:
    """An organ above gives the report back: its values are kept and open to correction, nothing is
    asked again, and it comes up anew from the first level. Also what was signed off already may
    come back. Raises Unusable at "reason", Conflict when it was changed or returned meanwhile.
    """
    at, reason = at or timezone.now(), plain(reason)
    if not reason:
        raise Unusable({"reason": [_("Say what is to be looked at again.")]})
    found = _one(actor, filling, department)
    if found.version != version:
        raise Conflict(_("The report has changed meanwhile. Read it again."))
    _note(actor, [found], Act.RETURNED, at, department=department, reason=reason)
    waited = found.waits_for
    found.state, found.waits_for, found.signed_at, found.returned_at = "open", None, None, at
    found.turn, found.version = found.turn + 1, found.version + 1
    found.save(update_fields=["state", "waits_for", "signed_at", "returned_at", "turn", "version"])
    open_work(actor, found, 0, reason)
    tell_later("returned", [found], str(found.turn))
    if waited:
        _let_wait(actor, found.campaign, [waited])
    record_audit(actor=actor, verb="report.return", obj=found, after={"by": department.pk})
    return found


def _one(actor, filling: ReportFilling, department: Department) -> ReportFilling:
    rows = _locked(actor, filling.campaign, department, [filling.pk])
    if not rows:
        raise Conflict(_("It is not submitted any more. Read it again."))
    (found,) = rows
    levels = levels_of(found.campaign, [found])[found.pk]
    if department.pk not in {one.pk for one in levels}:
        raise NotAllowed(_("Only an organ above whoever submitted it may do this."))
    return found


@transaction.atomic
def lift_after_correction(*, actor, filling: ReportFilling, reason: str, at) -> None:
    """A value was corrected after the report was sent: it goes up anew, whoever had signed."""
    beside_others(f"report collection {filling.campaign_id}")
    campaign = ReportCampaign.objects.select_related("region", "owner").get(pk=filling.campaign_id)
    if not campaign.needs_sign_off or campaign.state != "running":
        return
    found = ReportFilling.objects.select_for_update(of=("self",))
    found = found.select_related("department__region").get(pk=filling.pk)
    if found.state != "submitted":
        return
    waited = found.waits_for
    found.campaign, found.turn, found.version = campaign, found.turn + 1, found.version + 1
    found.save(update_fields=["turn", "version"])
    send_up(
        actor=actor, campaign=campaign, fillings=[found], at=at, act=Act.CORRECTED, reason=reason
    )
    if waited and waited.pk != found.waits_for_id:
        _let_wait(actor, campaign, [waited])
