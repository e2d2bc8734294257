"""How the histories of collections and of single reports are read (see
platform_core/common/trace.py).
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.trace import (
    MOST_FOUND,
    Entry,
    Ref,
    Traceable,
    one_of,
    readable,
    register_deeds,
    register_traceable,
    shown_name,
)

from .models import ReportCampaign, ReportFilling

CAMPAIGN, FILLING = "collab_hub.reportcampaign", "collab_hub.reportfilling"


def campaigns(user) -> QuerySet[ReportCampaign]:
    return readable(user, "read", ReportCampaign.objects.all())


def fillings(user) -> QuerySet[ReportFilling]:
    found = ReportFilling.objects.select_related("campaign", "department")
    return readable(user, "read", found)


def find_campaigns(user, text: str) -> list[Ref]:
    found = campaigns(user).order_by("-started_at")
    if text:
        found = found.filter(number__icontains=text) | found.filter(title__zh__icontains=text)
    return [name_campaign(one) for one in found[:MOST_FOUND]]


def name_campaign(campaign: ReportCampaign) -> Ref:
    url = reverse("report_campaign", args=[campaign.pk])
    return Ref(str(campaign.pk), campaign.title, campaign.number, url)


def find_fillings(user, text: str) -> list[Ref]:
    found = fillings(user).order_by("-submitted_at")
    if text:
        by_organ = found.filter(department__name__icontains=text)
        found = found.filter(campaign__number__icontains=text) | by_organ
    return [name_filling(one) for one in found[:MOST_FOUND]]


def name_filling(filling: ReportFilling) -> Ref:
    number = f"{filling.campaign.number} {filling.department}"
    url = reverse("report_fill", args=[filling.pk])
    return Ref(str(filling.pk), filling.campaign.title, number, url)


def lines_of(filling: ReportFilling) -> list[Entry]:
    """The way of one report up the tree."""
    lines = filling.reviews.select_related("by", "department").order_by("at", "pk")
    return [
        Entry(
            at=line.at, what=line.get_act_display(), verb=f"report.{line.act}",
            who=shown_name(line.by), acting_as=str(line.department), note=line.reason,
            key=f"review-{line.pk}", actor_id=line.by_id,
        )
        for line in lines
    ]  # fmt: skip


register_traceable(
    Traceable(
        "report", _("Collection of reports"), "table-2", (CAMPAIGN,), find=find_campaigns,
        load=lambda user, object_id: one_of(campaigns(user), object_id),
        name=name_campaign,
    )
)  # fmt: skip
register_traceable(
    Traceable(
        "filling", _("Report of one organ"), "file-pen", (FILLING,), find=find_fillings,
        load=lambda user, object_id: one_of(fillings(user), object_id),
        name=name_filling, own=lines_of,
    )
)  # fmt: skip
register_deeds({
    "report.start": _("Collection begun"),
    "report.close": _("Collection closed"),
    "report.urge": _("Organs urged to report"),
    "report.supervise": _("Late reports put forward for supervision"),
    "report.join": _("Figures of a collection asked for by one more organ"),
    "report.sheet": _("Reports of a collection entered from a spreadsheet"),
    "report.sign": _("Figures of a collection signed for"),
    "report.submit": _("Report submitted"),
    "report.correct": _("Value corrected"),
    "report.sign_off": _("Reports signed off"),
    "report.return": _("Report returned"),
    "report_template.create": _("Report template made"),
    "report_field.propose": _("Report field proposed"),
    "report_field.approved": _("Report field put in force"),
    "report_field.refused": _("Report field refused"),
})  # fmt: skip
