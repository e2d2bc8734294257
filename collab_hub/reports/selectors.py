"""Reads of dictionary, templates and collections."""

from __future__ import annotations

from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.http import Http404

from security.access import get_or_404, may, visible_to
from security.organs.models import Department, Region
from security.organs.selectors import active_posts, in_force, organs_of

from .dictionary_models import ReportField, ReportFieldVersion, ReportTemplate
from .known import have_already, outdated
from .models import (
    ReportAnswer,
    ReportCampaign,
    ReportColumn,
    ReportFilling,
    ReportReceipt,
    ReportValue,
)
from .policies import seen_below

IN_FORCE = ("approved", "declared")
MOST_CONSUMERS = 60


def current_versions(*, codes=None) -> dict[str, ReportFieldVersion]:
    """{code: the version in force} of fields in use, all or those named, in the order named. One
    query.
    """
    found = ReportFieldVersion.objects.filter(state__in=IN_FORCE, field__is_in_use=True)
    if codes is not None:
        codes = list(codes)
        found = found.filter(field__code__in=codes)
    found = (
        found.select_related("field__owner").order_by("field_id", "-number").distinct("field_id")
    )
    by_code = {version.field.code: version for version in found}
    order = codes if codes is not None else sorted(by_code)
    return {code: by_code[code] for code in order if code in by_code}


def dictionary(user, text: str = "") -> QuerySet[ReportField]:
    """Fields in use with owner and versions; narrowed by a part of code or title. Two queries."""
    versions = ReportFieldVersion.objects.exclude(state="refused").order_by("-number")
    found = visible_to(user, "read", ReportField.objects.filter(is_in_use=True))
    if text:
        named = ReportFieldVersion.objects.filter(
            Q(title__zh__icontains=text) | Q(title__en__icontains=text), field=OuterRef("pk")
        )
        found = found.filter(Q(code__icontains=text) | Exists(named))
    found = found.select_related("owner").order_by("code")
    return found.prefetch_related(Prefetch("versions", versions))


def field_for(user, code: str) -> ReportField:
    return get_or_404(user, "read", ReportField.objects.select_related("owner", "napp"), code=code)


def versions_of(field: ReportField) -> list[ReportFieldVersion]:
    """Every version, the newest first, with the people."""
    return list(field.versions.select_related("asked_by", "decided_by").order_by("-number"))


def templates(user) -> QuerySet[ReportTemplate]:
    """Templates in use with owner and the number of their fields."""
    found = visible_to(user, "read", ReportTemplate.objects.filter(is_in_use=True))
    return found.select_related("owner").annotate(size=Count("places")).order_by("code")


def template_for(user, code: str) -> ReportTemplate:
    return get_or_404(user, "read", ReportTemplate.objects.filter(is_in_use=True), code=code)


def template_versions(template: ReportTemplate) -> list[ReportFieldVersion]:
    """The versions in force of the template's fields, in its order."""
    codes = template.places.order_by("order").values_list("field__code", flat=True)
    return list(current_versions(codes=codes).values())


def own_departments(user) -> list[Department]:
    """The departments in which the official holds a post today."""
    return list({post.department_id: post.department for post in active_posts(user)}.values())


def campaigns(user, show: str = "") -> QuerySet[ReportCampaign]:
    """Collections the official may read, with the counts of their progress; `show` is "own" for
    those of my departments.
    """
    found = visible_to(user, "manage" if show == "own" else "read", ReportCampaign.objects.all())
    found = found.annotate(asked=_fillings(), done=_fillings(state="submitted"))
    return found.select_related("owner", "region", "template").order_by("-started_at", "-pk")


def _fillings(**which) -> Coalesce:
    """How many organs of a collection; counted for the rows of a page only."""
    rows = ReportFilling.objects.filter(campaign=OuterRef("pk"), **which)
    rows = rows.order_by().values("campaign").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows), 0, output_field=IntegerField())


def campaign_for(user, campaign_id) -> ReportCampaign:
    found = ReportCampaign.objects.select_related("owner", "region", "template", "started_by")
    return get_or_404(user, "read", found, pk=campaign_id)


def columns_of(campaign: ReportCampaign) -> list[ReportColumn]:
    return list(campaign.columns.select_related("version__field__owner").order_by("order"))


def scopes_of(user, campaign: ReportCampaign) -> list[str]:
    """Below which paths the official sees figures: all of it for who collects or uses them, the
    region of each of their posts for organs on the way; the widest first.
    """
    organs, whole = organs_of(user), campaign.region.path
    if campaign.owner_id in organs or campaign.receipts.filter(department__in=organs).exists():
        return [whole]
    asked = set(
        campaign.fillings.filter(department__in=organs).values_list("department", flat=True)
    )
    paths = {
        post.department.region.path
        for post in active_posts(user)
        if post.department.kind == campaign.organ_kind or post.department_id in asked
    }
    if any(whole.startswith(path) for path in paths):
        return [whole]
    return sorted((one for one in paths if one.startswith(whole)), key=lambda one: (len(one), one))


def fillings_to_do(user) -> QuerySet[ReportFilling]:
    """What the official's organs are still asked, what is due first on top."""
    found = visible_to(user, "fill", ReportFilling.objects.filter(state="open"))
    found = found.filter(campaign__state="running").select_related("campaign", "department")
    return found.order_by("campaign__due_at", "pk")


def receipts_to_sign(user) -> QuerySet[ReportReceipt]:
    """Editions of closed collections that the official's departments have not signed for."""
    found = visible_to(user, "sign", ReportReceipt.objects.filter(signed_at=None))
    found = found.filter(campaign__state="closed", edition=F("campaign__edition"))
    return found.select_related("campaign", "department").order_by("campaign__closed_at")


def receipts_of(campaign: ReportCampaign) -> list[ReportReceipt]:
    """Every signature and every one still owed, the newest edition first."""
    found = campaign.receipts.select_related("department", "signed_by")
    return list(found.order_by("-edition", "department__code"))


def filling_for(user, filling_id) -> ReportFilling:
    found = ReportFilling.objects.select_related(
        "campaign__region", "campaign__owner", "department__region", "submitted_by", "drafted_by"
    )
    return get_or_404(user, "read", found, pk=filling_id)


def answers_of(filling: ReportFilling) -> dict[int, ReportAnswer]:
    """{column's id: its answer}, with what is needed to show where it comes from."""
    found = filling.answers.select_related(
        "value__filled_by", "value__filling__campaign", "value__version", "column"
    )
    return {answer.column_id: answer for answer in found}


def still_asked(filling: ReportFilling, columns, answers: dict):
    """(columns nobody has answered, {column's id: a value known since}, ids of columns whose
    definition has changed since they were last answered).
    """
    open_ones = [one for one in columns if one.pk not in answers]
    organs, versions = [filling.department], [one.version for one in open_ones]
    period = filling.campaign.period
    known = have_already(organs, versions, period)
    changed = outdated(organs, versions, period)
    found = {}
    for column in open_ones:
        value = known.get((filling.department_id, column.version.field_id))
        if value is not None:
            found[column.pk] = value
    asked = [one for one in open_ones if one.pk not in found]
    key = filling.department_id
    old = {one.pk for one in asked if (key, one.version.field_id) in changed}
    return asked, found, old


def answer_for(filling: ReportFilling, code: str) -> ReportAnswer:
    """The answer to the field `code` in a filling."""
    found = ReportAnswer.objects.filter(filling=filling).select_related(
        "value__version__field", "column__version__field", "filling__campaign__region"
    )
    answer = found.filter(column__version__field__code=code).first()
    if answer is None:
        raise Http404
    return answer


def history_of(value: ReportValue) -> list[ReportValue]:
    """Every row of a value's chain, the newest first, each with the sums that it changed."""
    rows = ReportValue.objects.filter(chain=value.chain).select_related(
        "filled_by", "version", "filling__campaign"
    )
    changes = Prefetch("sum_changes", to_attr="changes")
    return list(
        rows.prefetch_related(
            changes, "sum_changes__region", "sum_changes__column__campaign"
        ).order_by("-turn")
    )


def campaign_answers(campaign: ReportCampaign, path: str) -> list[ReportAnswer]:
    """Every answer of organs below `path`. One query."""
    found = ReportAnswer.objects.filter(
        filling__campaign=campaign, filling__department__region__path__startswith=path
    )
    return list(found.select_related("value"))


def fillings_below(user, campaign: ReportCampaign, path: str) -> list[ReportFilling]:
    """The fillings of organs below `path` that the official may read, by code, with how often they
    were urged. One query.
    """
    found = visible_to(user, "read", campaign.fillings.all())
    found = found.filter(department__region__path__startswith=path)
    found = found.annotate(urged=Count("urges")).select_related("department__region")
    return list(found.order_by("department__region__code", "department__code"))


def enterable(user, campaign: ReportCampaign) -> list[ReportFilling]:
    """The open fillings that the official may enter, own and of organs below, by code."""
    found = campaign.fillings.filter(seen_below(user), state="open")
    found = found.select_related("department__region", "campaign__region")
    return list(found.order_by("department__code"))


def regions_at(paths) -> dict[str, Region]:
    """{path: the region}. One query."""
    return {region.path: region for region in Region.objects.filter(path__in=list(paths))}


def region_in(scopes: list[str], code: str) -> Region:
    """The region with this code inside what the reader may see (`scopes_of`), by default the first
    of it; 404 for whoever sees none.
    """
    inside = Q(pk__in=[])
    for path in scopes:
        inside |= Q(path__startswith=path)
    code = code.replace("\x00", "")
    chosen = Region.objects.filter(inside, code=code).order_by("-valid_from").first()
    found = chosen or Region.objects.filter(path__in=scopes[:1]).order_by("-valid_from").first()
    if found is None:
        raise Http404
    return found


def askable(user) -> list[dict]:
    """The kinds of organs below the official's own regions, as {"kind", "level", "n"}."""
    inside = Q(pk__in=[])
    for post in active_posts(user):
        inside |= Q(region__path__startswith=post.department.region.path)
    found = Department.objects.filter(inside, is_active=True)
    rows = found.values("kind", "region__level").annotate(n=Count("pk"))
    return [{"kind": one["kind"], "level": one["region__level"], "n": one["n"]}
            for one in rows.order_by("region__level", "kind")]  # fmt: skip


def may_manage(user, campaign: ReportCampaign) -> bool:
    return may(user, "manage", campaign)


def regions_to_ask(user) -> list[Region]:
    """The regions of the official's posts and those one level below, by code."""
    own = {post.department.region_id for post in active_posts(user)}
    found = in_force(Region.objects.filter(Q(pk__in=own) | Q(parent__in=own)))
    return list(found.order_by("code"))


def possible_consumers(user) -> list[Department]:
    """The departments of the official's regions, which may use a report too."""
    regions = {post.department.region_id for post in active_posts(user)}
    found = Department.objects.filter(region__in=regions, is_active=True)
    return list(found.order_by("code")[:MOST_CONSUMERS])


def departments_named(codes) -> list[Department]:
    """The active departments with these ids."""
    ids = [int(one) for one in codes if str(one).isdigit()]
    return list(Department.objects.filter(pk__in=ids, is_active=True))


def known_values(fillings, columns) -> dict:
    """{(filling's id, column's id): value} of what is answered, or known by now from elsewhere.
    Two queries.
    """
    answers = ReportAnswer.objects.filter(filling__in=[one.pk for one in fillings])
    found = {(one.filling_id, one.column_id): one.value for one in answers.select_related("value")}
    if not fillings:
        return found
    period = fillings[0].campaign.period
    organs = [one.department for one in fillings]
    have = have_already(organs, [column.version for column in columns], period)
    for filling in fillings:
        for column in columns:
            value = have.get((filling.department_id, column.version.field_id))
            if value is not None:
                found.setdefault((filling.pk, column.pk), value)
    return found


def keys_only(seen: dict) -> dict:
    """Those of {filling's id: anything} whose id is one."""
    found = {}
    for key, value in seen.items():
        try:
            found[str(UUID(key))] = value
        except ValueError:
            continue
    return found


def joinable_for(user, campaign_id) -> ReportCampaign:
    """A collection that an official's department may use: one inside its own region."""
    regions = [post.department.region.path for post in active_posts(user)]
    found = ReportCampaign.objects.select_related("region", "owner").filter(pk=campaign_id).first()
    if found is None or not any(found.region.path.startswith(path) for path in regions):
        raise Http404
    return found
