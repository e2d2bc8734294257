"""Who signs off a report on its way up. Reads only."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from security.organs.models import Department
from security.organs.selectors import organs_of

from .models import ReportCampaign, ReportFilling, ReportReview
from .rollup import chain


def levels_of(campaign: ReportCampaign, fillings) -> dict:
    """{filling's id: organs above it, the nearest first}: those of the kind that is asked, region
    by region up to the collection's, and at the end whoever collects. One query.

    The fillings carry their departments with regions.
    """
    above = {one.pk: _above(one.department, campaign.region.path) for one in fillings}
    paths = {path for found in above.values() for path in found}
    organs = Department.objects.filter(
        is_active=True, kind=campaign.organ_kind, region__path__in=paths
    )
    by_path: dict[str, Department] = {}
    for organ in organs.select_related("region").order_by("code"):
        by_path.setdefault(organ.region.path, organ)
    found = {}
    for one in fillings:
        rest = [by_path[path] for path in above[one.pk] if path in by_path]
        rest = [organ for organ in rest if organ.pk != campaign.owner_id]
        owner = [campaign.owner] if one.department_id != campaign.owner_id else []
        found[one.pk] = rest + owner
    return found


def _above(organ: Department, root: str) -> list[str]:
    """The paths of the regions above the organ's own up to `root`, the nearest first."""
    return [path for path in reversed(chain(organ.region.path, root)) if path != organ.region.path]


def signs_for(user, filling: ReportFilling) -> list[Department]:
    """The organs above the filling in which the official has a post, the nearest first."""
    if not filling.campaign.needs_sign_off:
        return []
    organs = set(organs_of(user)) - {filling.department_id}
    levels = levels_of(filling.campaign, [filling])[filling.pk]
    return [one for one in levels if one.pk in organs]


def waiting_at(organs, campaign: ReportCampaign | None = None) -> QuerySet[ReportFilling]:
    """What waits to be signed off by these organs, by the code of the organ that sent it."""
    found = ReportFilling.objects.filter(waits_for__in=list(organs), campaign__state="running")
    if campaign is not None:
        found = found.filter(campaign=campaign)
    found = found.select_related("campaign", "department", "waits_for")
    return found.order_by("department__code")


def collections_waiting(user) -> list[dict]:
    """{"campaign", "n"} of the running collections in which something waits for the official's
    organs to be signed off. Two queries.
    """
    rows = waiting_at(organs_of(user)).order_by().values("campaign")
    counts = dict(rows.annotate(n=Count("pk")).values_list("campaign", "n"))
    found = ReportCampaign.objects.filter(pk__in=counts).order_by("due_at", "pk")
    return [{"campaign": one, "n": counts[one.pk]} for one in found]


def reviews_of(filling: ReportFilling) -> list[ReportReview]:
    """Everything that happened to the report on its way up, the newest first."""
    return list(filling.reviews.select_related("department", "by").order_by("-at", "-pk"))


def last_return(filling: ReportFilling) -> ReportReview | None:
    """Why it came back, while it is back."""
    if filling.state != "open" or not filling.returned_at:
        return None
    found = filling.reviews.filter(act="returned").select_related("department", "by")
    return found.order_by("-at", "-pk").first()
