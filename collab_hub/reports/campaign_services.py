"""Writes of collections: start, join, urge, close, sign, hand to supervision."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab_hub.inbox.work import close_work, close_work_of_many, put_work
from platform_core.common.errors import Conflict, NotAllowed, Unusable
from platform_core.common.events import emit
from platform_core.common.locks import one_at_a_time
from platform_core.common.organs import organ_text
from security.access import may
from security.audit.services import record_audit
from security.organs.models import Department
from security.organs.selectors import organs_of

from . import letters
from .asking_services import ask_chunk
from .counters import counted_of
from .models import (
    ReportAnswer,
    ReportCampaign,
    ReportColumn,
    ReportFilling,
    ReportReceipt,
    ReportUrge,
)
from .periods import bounds, period_words
from .selectors import columns_of, template_versions
from .signing import last_return
from .signing_services import nobody_waits
from .values import plain
from .wanting import tell_later

MOST_ORGANS = 5000


@transaction.atomic
def start_campaign(
    *, actor, template, owner: Department, region, organ_kind: str, level: int, period: str,
    due_at, consumers=(), at=None,
) -> ReportCampaign:  # fmt: skip
    """Ask the organs of one kind and level below `region`, each only for what is not known.

    Values are first taken from other reports inside their validity, from records and from data
    sets; an organ of which everything is known is not asked at all. Who is asked stands at once;
    the first organs are asked in this transaction, the rest after it, chunk by chunk. `consumers`
    are departments that use the figures besides `owner`. Raises Unusable at the field, NotAllowed
    outside one's own department or region, Conflict with `campaign` when the same is being
    collected: join it.
    """
    at = at or timezone.now()
    _may_start(actor, owner, region)
    _check_wishes(period, due_at, at)
    one_at_a_time("report collections")
    same = ReportCampaign.objects.filter(
        template=template, region=region, organ_kind=organ_kind, level=level, period=period,
        state="running",
    ).first()  # fmt: skip
    if same is not None:
        raise Conflict(_("The same is being collected already. Use it together."), campaign=same)
    organs = _organs(region, organ_kind, level)
    versions = template_versions(template)
    if len(versions) != template.places.count() or not versions:
        raise Unusable({"template": [_("A field of this template is not in force.")]})
    found = ReportCampaign.objects.create(
        number=_next_number(at), template=template, owner=owner, region=region,
        title=_title(template, period), organ_kind=organ_kind, level=level, period=period,
        due_at=due_at, checks=template.checks,
        needs_sign_off=template.needs_sign_off, started_by=actor.user, started_at=at,
    )  # fmt: skip
    ReportColumn.objects.bulk_create(
        ReportColumn(campaign=found, version=version, order=n) for n, version in enumerate(versions)
    )
    for department in {owner.pk: owner, **{one.pk: one for one in consumers}}.values():
        ReportReceipt.objects.create(campaign=found, department=department)
    ReportFilling.objects.bulk_create(
        [ReportFilling(campaign=found, department=organ) for organ in organs], batch_size=1000
    )
    ask_chunk(actor=actor, campaign_id=found.pk)
    record_audit(actor=actor, verb="report.start", obj=found, after={"organs": len(organs)})
    return found


def _may_start(actor, owner, region) -> None:
    if owner.pk not in organs_of(actor.user) or not region.path.startswith(owner.region.path):
        raise NotAllowed(_("You can ask for your own department, and in its own region only."))


def _check_wishes(period: str, due_at, at) -> None:
    errors = {}
    try:
        bounds(period)
    except ValueError:
        errors["period"] = [_("Write the period as 2026, 2026-Q4, 2026-11 or 2026-11-27.")]
    if due_at is None or due_at <= at:
        errors["due_at"] = [_("The last day lies in the past.")]
    if errors:
        raise Unusable(errors)


def _organs(region, organ_kind: str, level: int) -> list[Department]:
    found = Department.objects.filter(
        is_active=True, kind=organ_kind, region__level=level, region__path__startswith=region.path
    ).select_related("region").order_by("code")  # fmt: skip
    organs = list(found[: MOST_ORGANS + 1])
    if not organs:
        raise Unusable({"organs": [_("There is no such organ in this region.")]})
    if len(organs) > MOST_ORGANS:
        raise Unusable({"organs": [_("More than %(n)d organs.") % {"n": MOST_ORGANS}]})
    return organs


def _next_number(at) -> str:
    year = timezone.localtime(at).year
    count = ReportCampaign.objects.filter(number__startswith=f"B{year}-").count()
    return f"B{year}-{count + 1:04d}"


def _title(template, period: str) -> dict:
    words = period_words(period)
    return {
        "zh": f"{template.title['zh']}（{words['zh']}）",
        "en": f"{template.title['en']} ({words['en']})",
    }


@transaction.atomic
def join_campaign(*, actor, campaign: ReportCampaign, department: Department) -> ReportReceipt:
    """A further department uses what is collected: nobody is asked a second time.

    Raises NotAllowed for other people's departments, and for those below the region collected in.
    """
    if department.pk not in organs_of(actor.user):
        raise NotAllowed(_("You can do this for your own department only."))
    if not campaign.region.path.startswith(department.region.path):
        raise NotAllowed(_("Only departments of this region, or above it, use the figures."))
    now = ReportCampaign.objects.select_for_update(of=["self"]).get(pk=campaign.pk)
    found, is_new = ReportReceipt.objects.get_or_create(
        campaign=now, department=department, edition=now.edition
    )
    if is_new:
        record_audit(actor=actor, verb="report.join", obj=now, after={"by": department.code})
        if now.state == "closed":
            _let_sign(actor, found)
    return found


def _locked(actor, campaign: ReportCampaign) -> ReportCampaign:
    found = ReportCampaign.objects.select_for_update(of=["self"]).get(pk=campaign.pk)
    if not may(actor.user, "manage", found):
        raise NotAllowed(_("Only the department that collects may do this."))
    if found.state != "running":
        raise Conflict(_("This collection is closed."))
    return found


@transaction.atomic
def urge(*, actor, campaign: ReportCampaign, filling: ReportFilling | None = None) -> int:
    """Remind one organ, or all that have not submitted, at most once a day each; returns how many
    were urged now.
    """
    found = _locked(actor, campaign)
    today = timezone.localdate()
    open_ones = found.fillings.filter(state="open").exclude(urges__on=today)
    if filling is not None:
        open_ones = open_ones.filter(pk=filling.pk)
    open_ones = list(open_ones.order_by("pk"))
    ReportUrge.objects.bulk_create(
        [ReportUrge(filling=one, by=actor.user, on=today) for one in open_ones],
        ignore_conflicts=True,
    )
    tell_later("urged", open_ones, today.isoformat())
    record_audit(actor=actor, verb="report.urge", obj=found, after={"organs": len(open_ones)})
    return len(open_ones)


@transaction.atomic
def tell_organ(*, actor, kind: str, filling_id: str) -> None:
    """Carry out what a beginning, a reminder or a return left in the outbox: tell who works
    there.
    """
    found = ReportFilling.objects.select_related("campaign__owner", "department")
    filling = found.filter(pk=filling_id, state="open").first()
    if filling is None:
        return
    campaign, owner = filling.campaign, filling.campaign.owner
    open_ones = len(columns_of(campaign)) - filling.answers.count()
    back = last_return(filling)
    letters.tell(
        kind, filling.department, campaign, actor=actor, link=letters.fill_link(filling),
        dedupe=f"{filling.pk}:{filling.turn}:{timezone.localdate()}", n=open_ones,
        reason=back.reason if back else "",
        organ=organ_text(owner),
    )  # fmt: skip


@transaction.atomic
def close_campaign(*, actor, campaign: ReportCampaign, note: str = "", at=None) -> ReportCampaign:
    """End the collection; its consumers are asked to sign. With organs still missing, or not yet
    signed off, a reason is needed (Unusable at "note"): the figures go on naming them.
    """
    at, note = at or timezone.now(), plain(note)
    # Whoever submits at this moment is waited for, so that nobody is named missing who is not.
    one_at_a_time(f"report collection {campaign.pk}")
    found = _locked(actor, campaign)
    missing = list(found.fillings.filter(state="open"))
    _must_say_why(found, missing, note)
    found.state, found.closed_by, found.closed_at = "closed", actor.user, at
    found.closing_note = note[:400]
    counted = counted_of(ReportAnswer.objects.filter(filling__campaign=found))
    found.asked_again, found.spared = counted["asked_again"], counted["spared"]
    found.save(update_fields=["state", "closed_by", "closed_at", "closing_note", *counted])
    nobody_waits(actor=actor, campaign=found)
    close_work_of_many(actor=actor, kind="report_fill", objects=missing, is_cancelled=True)
    for receipt in found.receipts.select_related("department", "campaign"):
        _let_sign(actor, receipt)
    record_audit(actor=actor, verb="report.close", obj=found, after={"missing": len(missing)})
    return found


def _must_say_why(campaign: ReportCampaign, missing: list, note: str) -> None:
    if missing and not note:
        words = _("%(n)d organs are missing. Say why it is closed without them.")
        raise Unusable({"note": [words % {"n": len(missing)}]})
    unsigned = 0
    if campaign.needs_sign_off:
        unsigned = campaign.fillings.filter(state="submitted", signed_at=None).count()
    if unsigned and not note:
        words = _("%(n)d reports are not signed off yet. Say why it is closed without that.")
        raise Unusable({"note": [words % {"n": unsigned}]})


def _let_sign(actor, receipt: ReportReceipt) -> None:
    campaign = receipt.campaign
    put_work(
        actor=actor, kind="report_sign", obj=receipt, title=campaign.title,
        department=receipt.department, number=campaign.number,
        address=("report_campaign", [campaign.pk]),
        reason={"zh": f"待签收第 {receipt.edition} 版", "en": f"Edition {receipt.edition} to sign"},
    )  # fmt: skip
    letters.tell(
        "sign", receipt.department, campaign, actor=actor, link=letters.campaign_link(campaign),
        dedupe=f"{receipt.pk}", n=receipt.edition,
    )  # fmt: skip


@transaction.atomic
def new_edition(*, actor, campaign: ReportCampaign) -> None:
    """Something was corrected after the end: whoever uses the figures signs anew."""
    found = ReportCampaign.objects.select_for_update(of=["self"]).get(pk=campaign.pk)
    if found.state != "closed":
        return
    old = list(found.receipts.filter(edition=found.edition).select_related("department"))
    if any(one.signed_at for one in old):
        found.edition += 1
        found.save(update_fields=["edition"])
        for one in old:
            close_work(actor=actor, kind="report_sign", obj=one, is_cancelled=True)
            new = ReportReceipt(campaign=found, department=one.department, edition=found.edition)
            new.save()
            _let_sign(actor, new)


@transaction.atomic
def sign_receipt(*, actor, receipt: ReportReceipt, at=None) -> ReportReceipt:
    """A consumer signs for the edition that stands now. Raises Conflict when a colleague has, or
    when a newer one stands.
    """
    # First the collection, as a correction does: its edition stands still from here on.
    campaign = ReportCampaign.objects.select_for_update(of=["self"]).get(pk=receipt.campaign_id)
    found = ReportReceipt.objects.select_for_update(of=["self"]).get(pk=receipt.pk)
    if not may(actor.user, "sign", found):
        raise NotAllowed(_("Only who works in the department signs for it."))
    if found.signed_at:
        words = _("%(who)s has signed already.")
        raise Conflict(words % {"who": found.signed_by}, by=str(found.signed_by))
    if campaign.state != "closed" or found.edition != campaign.edition:
        raise Conflict(_("The figures have changed. Read them again, then sign."))
    found.signed_by, found.signed_at = actor.user, at or timezone.now()
    found.save(update_fields=["signed_by", "signed_at"])
    close_work(actor=actor, kind="report_sign", obj=found, outcome="sign")
    record_audit(actor=actor, verb="report.sign", obj=found)
    return found


@transaction.atomic
def ask_supervision(*, actor, filling: ReportFilling, at=None) -> None:
    """Hand a late organ to supervision; Conflict while it is not late, or a second time."""
    at = at or timezone.now()
    campaign = _locked(actor, filling.campaign)
    found = ReportFilling.objects.select_for_update(of=["self"]).get(pk=filling.pk)
    if found.state != "open" or campaign.due_at > at or found.supervised_at:
        raise Conflict(_("Only an organ that is late can be handed to supervision, and once."))
    found.supervised_at = at
    found.save(update_fields=["supervised_at"])
    emit(
        "supervision.wanted", actor=actor, source="report", object_type=found._meta.label,
        object_id=found.pk, title=campaign.title, lead=found.department, assisting=[], due_at=None,
        requirement=_("The report %(number)s is late.") % {"number": campaign.number},
        url=letters.fill_link(found),
    )  # fmt: skip
    record_audit(actor=actor, verb="report.supervise", obj=found)


@transaction.atomic
def end_supervision(*, actor, filling_id) -> None:
    """Supervision of an organ has ended, with whatever outcome: it may be handed over again."""
    ReportFilling.objects.filter(pk=filling_id).update(supervised_at=None)
