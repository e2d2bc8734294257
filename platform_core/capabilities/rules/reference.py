"""The reference of the running platform: the calendar in force and the registered data sets."""

from datetime import date

from platform_core.common import workcalendar
from security.organs import selectors as organs

from .days import Calendar
from .engine import Reference
from .lookups import Column, Finder, register_lookup_source

NAMES = {
    "name": Column("text", {"zh": "名称", "en": "name"}),
    "name_en": Column("text", {"zh": "英文名称", "en": "English name"}),
    "parent": Column("text", {"zh": "上级代码", "en": "code of the parent"}),
}
REGION_COLUMNS = {**NAMES, "level": Column("number", {"zh": "层级", "en": "level"})}
DEPARTMENT_COLUMNS = {
    **NAMES,
    "kind": Column("text", {"zh": "职能", "en": "function"}),
    "region": Column("text", {"zh": "所在区划代码", "en": "code of the region"}),
    "is_active": Column("bool", {"zh": "在用", "en": "active"}),
}


def calendar_in_force() -> Calendar:
    """The working days as offices keep them: the organ's own days, then the published calendar."""
    return Calendar(_differing)


def _differing(year: int) -> list[str] | None:
    days = workcalendar.days_that_differ(year)
    return None if days is None else [day.isoformat()[5:] for day in days]


def reference_now(today: date) -> Reference:
    """What rules may ask on the platform on the day `today`. Costs nothing until it is asked."""
    return Reference(calendar_in_force(), Finder(today))


def browser_calendar(today: date) -> dict[str, list[str]]:
    """The calendar as `evaluate` in rules.js takes it: the years around `today` that are known."""
    years = range(max(1, today.year - 2), min(9999, today.year + 2) + 1)
    return calendar_in_force().data(years)


def _region(code: str, today: date) -> dict | None:
    found = organs.region_by_code(code, today)
    if found is None:
        return None
    return {
        "name": found.name,
        "name_en": found.name_en,
        "level": found.level,
        "parent": found.parent.code if found.parent else None,
    }


def _department(code: str, today: date) -> dict | None:
    found = organs.department_by_code(code)
    if found is None:
        return None
    return {
        "name": found.name,
        "name_en": found.name_en,
        "kind": found.kind,
        "region": found.region.code,
        "parent": found.parent.code if found.parent else None,
        "is_active": found.is_active,
    }


register_lookup_source(
    "regions",
    label={"zh": "行政区划", "en": "administrative divisions"},
    columns=REGION_COLUMNS,
    find=_region,
)
register_lookup_source(
    "departments",
    label={"zh": "部门", "en": "departments"},
    columns=DEPARTMENT_COLUMNS,
    find=_department,
)
