"""A dictionary, a weekly report of the counties, one collection half filled in and one closed."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from platform_core.common.samples import register_sample
from security.actors import Actor
from security.organs.selectors import department_by_code, heads_at, officials_of, region_by_code

from . import campaign_services, dictionary_services, services
from .dictionary_models import ReportField
from .models import ReportCampaign, ReportFilling

OWNER = "330100-health"
TEMPLATE = "clinic_month"
FIELDS = (
    ("clinics", "医疗卫生机构数", "Health institutions", "辖区内持有执业许可证的医疗卫生机构。",
     "Institutions with a licence in the district.", ("家", "institutions"), 365, False, "sum"),
    ("beds", "开放床位数", "Open beds", "月末实际开放的床位。",
     "Beds in use at the end of the month.", ("张", "beds"), 30, True, "sum"),
    ("fever_visits", "发热门诊就诊人次", "Visits to fever clinics", "本月发热门诊诊疗人次。",
     "Visits to fever clinics in the month.", ("人次", "visits"), 30, True, "sum"),
    ("beds_taken", "月末在用床位", "Beds taken", "月末有病人的床位。",
     "Beds with patients at the end.", ("张", "beds"), 30, True, "sum"),
)  # fmt: skip
RULE = (
    "[beds_taken] <= [beds]",
    {"zh": "在用床位不能多于开放床位", "en": "More beds are taken than open"},
)
FIGURES = {
    "330106": (412, 5230, 18320, 4871), "330110": (508, 6120, 22410, 5902),
    "330105": (296, 3870, 12760, 3302), "330108": (188, 2140, 8930, 1877),
}  # fmt: skip


@register_sample("reports", order=70)
def reports() -> str:
    """Nothing when there are fields already, or nobody works in the organ."""
    owner = department_by_code(OWNER)
    if owner is None or ReportField.objects.filter(code="clinics").exists():
        return "0 added"
    heads = {one.pk for one in heads_at(owner)}
    clerk = next((one for one in officials_of(owner) if one.pk not in heads), None)
    head = next(iter(heads_at(owner)), None)
    if clerk is None or head is None:
        return "0 added"
    with transaction.atomic():
        template = _dictionary(Actor.of(clerk), Actor.of(head), owner)
        return f"{_collections(Actor.of(clerk), owner, template)} added"


def _dictionary(clerk: Actor, head: Actor, owner):
    for code, zh, en, about_zh, about_en, unit, days, of_period, how in FIELDS:
        version = dictionary_services.propose_field(
            actor=clerk, code=code, owner=owner,
            terms={
                "title": {"zh": zh, "en": en}, "meaning": {"zh": about_zh, "en": about_en},
                "kind": "number", "unit": unit[0], "unit_en": unit[1], "choices": [],
                "validity_days": days, "is_of_period": of_period, "aggregation": how,
                "source": {"kind": "manual"},
            },
        )  # fmt: skip
        dictionary_services.decide_field(actor=head, version=version, publish=True)
    return dictionary_services.create_template(
        actor=clerk, code=TEMPLATE, owner=owner, fields=[one[0] for one in FIELDS], checks=[RULE],
        needs_sign_off=True,
        title={"zh": "医疗机构运行月报", "en": "Monthly report on health institutions"},
    )  # fmt: skip


def _collections(clerk: Actor, owner, template) -> int:
    now = timezone.now()
    this = timezone.localdate(now).replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    for month, days in ((last, 1), (this, 6)):
        at = now - timedelta(days=20) if month == last else now
        campaign = _start(clerk, owner, template, month, at, days)
        _fill(campaign, at, all_of_them=month == last)
        if month == last:
            campaign_services.close_campaign(
                actor=clerk, campaign=campaign, note="其余区县本月由市级平台直接采集。",
                at=at + timedelta(days=1),
            )  # fmt: skip
    return ReportCampaign.objects.filter(template=template).count()


def _start(clerk: Actor, owner, template, month, at, days: int) -> ReportCampaign:
    due = datetime.combine(timezone.localdate(at) + timedelta(days=days), time(18))
    return campaign_services.start_campaign(
        actor=clerk, template=template, owner=owner, region=region_by_code("330100"),
        organ_kind="health", level=3, period=f"{month:%Y-%m}", due_at=timezone.make_aware(due),
        consumers=[one for one in [department_by_code("330100-emergency_desk")] if one], at=at,
    )  # fmt: skip


def _fill(campaign: ReportCampaign, at, *, all_of_them: bool) -> None:
    """The staffed districts fill in; of the running one only the first."""
    fillings = ReportFilling.objects.filter(campaign=campaign, state="open")
    filled = 0
    for filling in fillings.select_related("department__region").order_by("department__code"):
        figures = FIGURES.get(filling.department.region.code)
        clerk = next(iter(officials_of(filling.department)), None)
        if figures is None or clerk is None or (filled and not all_of_them):
            continue
        given = dict(zip([one[0] for one in FIELDS], map(str, figures), strict=True))
        services.submit_filling(
            actor=Actor.of(clerk), filling=filling, given=given, version=filling.version, at=at
        )
        filled += 1
