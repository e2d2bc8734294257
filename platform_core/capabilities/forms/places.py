"""Administrative divisions as the options of a region question."""

from collections.abc import Iterable
from dataclasses import dataclass

from security.organs.models import Region
from security.organs.selectors import in_force

from .compound import LEVELS, in_language


@dataclass(frozen=True)
class Group:
    """Options under one heading; the heading is empty when there is only one group."""

    title: str
    options: list[tuple[str, str]]


def groups(level: str, root: str, today) -> list[Group]:
    """All divisions of a level below `root`, counties under their cities; one query."""
    wanted = in_force(Region.objects.filter(level=LEVELS[level]), today).select_related("parent")
    if root:
        wanted = wanted.filter(path__contains=f"{root}/")
    return grouped(wanted.order_by("code"))


def grouped(regions: Iterable[Region]) -> list[Group]:
    found: dict[str, list] = {}
    for region in regions:
        title = in_language(region.parent) if region.parent_id else ""
        found.setdefault(title, []).append((region.code, in_language(region)))
    return [Group(title, options) for title, options in found.items()]


def towns(county: str, today) -> list[tuple[str, str]]:
    """The towns and streets of a county; one query."""
    wanted = in_force(Region.objects.filter(level=LEVELS["town"], parent__code=county), today)
    return [(region.code, in_language(region)) for region in wanted.order_by("code")]


def full_names(codes: set[str]) -> dict[str, str]:
    """{code: "Hangzhou · Xihu District"}, of any level, ended ones too; one query."""
    if not codes:
        return {}
    found: dict[str, str] = {}
    chosen = (
        Region.objects.filter(code__in=codes)
        .select_related("parent__parent")
        .order_by("valid_from")
    )
    for region in chosen:
        chain = [region]
        while chain[0].parent_id and chain[0].parent.level >= LEVELS["city"]:
            chain.insert(0, chain[0].parent)
        found[region.code] = " · ".join(in_language(one) for one in chain)
    return found
