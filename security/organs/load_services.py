"""Brings the packaged divisions, and the usual organs of a sample, into the database."""

from __future__ import annotations

from django.db import transaction

from security.actors import Actor
from security.audit.services import record_audit
from security.identifiers import made_up_credit_code

from .divisions import CITY, COUNTY, PROVINCE, Division, divisions
from .kinds import KINDS, name_en_for, name_for
from .models import Department, Region
from .selectors import regions_found

# Telephone area codes by the first four digits of the region; the province shares Hangzhou's.
AREA_CODES = {
    "3300": "0571", "3301": "0571", "3302": "0574", "3303": "0577", "3304": "0573", "3305": "0572",
    "3306": "0575", "3307": "0579", "3308": "0570", "3309": "0580", "3310": "0576", "3311": "0578",
}  # fmt: skip
# An address for each function, on a street that nearly every town has.
ADDRESS = {"zh": "人民路 {n} 号", "en": "{n} Renmin Road"}
HOURS = "9:00-12:00, 13:30-17:00"
TAKEN_OVER = ("name", "name_en", "level", "parent_id", "path", "valid_to")


@transaction.atomic
def load_regions(*, actor: Actor) -> tuple[int, int]:
    """Add the packaged divisions that are missing and correct those that differ; returns (added,
    changed).

    Safe to repeat: without a difference nothing is written. Divisions entered by hand are left
    alone.
    """
    listed = divisions()
    known = {(region.code, region.valid_from): region for region in Region.objects.all()}
    added = changed = 0
    # Level by level, because a row needs the number of the row above it.
    for level in sorted({division.level for division in listed}):
        above = {region.code: region for region in known.values()}
        new, differing = [], []
        for division in (one for one in listed if one.level == level):
            wanted = _row(division, above.get(division.parent))
            found = known.get((division.code, division.valid_from))
            if found is None:
                new.append(wanted)
            elif _copy(wanted, found):
                differing.append(found)
        for region in Region.objects.bulk_create(new, batch_size=500):
            known[(region.code, region.valid_from)] = region
        Region.objects.bulk_update(differing, TAKEN_OVER, batch_size=500)
        added, changed = added + len(new), changed + len(differing)
    if added or changed:
        record_audit(
            actor=actor, verb="region.load", obj=("security.region", "", "zhejiang"),
            after={"added": added, "changed": changed},
        )  # fmt: skip
    return added, changed


@transaction.atomic
def load_departments(*, actor: Actor) -> int:
    """Give every province, city and county in force its usual organs; returns how many were
    added.

    Credit codes are well-formed but made up (an organisation code beginning with K and the
    function's number), and so are addresses and hours; the telephone is the region's 12345 line.
    Safe to repeat.
    """
    known = {department.code: department for department in Department.objects.all()}
    regions = list(regions_found().filter(level__lte=COUNTY).order_by("level", "code"))
    added = 0
    # Governments level by level, because a row needs the number of the row above it.
    for level in (PROVINCE, CITY, COUNTY):
        added += _add_missing(
            known,
            [
                _organ(region, "government", _government(known, region.parent))
                for region in regions
                if region.level == level
            ],
        )
    added += _add_missing(
        known,
        [
            _organ(region, kind, _government(known, region))
            for region in regions
            for kind in KINDS
            if kind != "government"
        ],
    )
    if added:
        record_audit(
            actor=actor,
            verb="department.load",
            obj=("security.department", "", "zhejiang"),
            after={"added": added},
        )
    return added


def _add_missing(known: dict[str, Department], organs: list[Department]) -> int:
    new = [organ for organ in organs if organ.code not in known]
    for organ in Department.objects.bulk_create(new, batch_size=500):
        known[organ.code] = organ
    return len(new)


def _government(known: dict[str, Department], region: Region | None) -> Department | None:
    return known.get(f"{region.code}-government") if region else None


def _organ(region: Region, kind: str, parent: Department | None) -> Department:
    code = f"{region.code}-{kind}"
    number = list(KINDS).index(kind)
    return Department(
        code=code, kind=kind, region=region, parent=parent,
        name=name_for(kind, region.name, region.level), name_en=name_en_for(kind, region.name_en),
        credit_code=made_up_credit_code(f"11{region.code}", f"K{number:02d}{region.code[2:]}0"),
        path=f"{parent.path if parent else ''}{code}/",
        phone=f"{AREA_CODES[region.code[:4]]}-12345",
        address=f"{region.name}{ADDRESS['zh'].format(n=2 * number + 1)}",
        address_en=f"{ADDRESS['en'].format(n=2 * number + 1)}, {region.name_en}",
        hours=HOURS,
    )  # fmt: skip


def _row(division: Division, parent: Region | None) -> Region:
    return Region(
        code=division.code, name=division.name, name_en=division.name_en, level=division.level,
        parent=parent, path=f"{parent.path if parent else ''}{division.code}/",
        valid_from=division.valid_from, valid_to=division.valid_to,
    )  # fmt: skip


def _copy(wanted: Region, found: Region) -> bool:
    """Take over what differs; whether anything did."""
    differing = [name for name in TAKEN_OVER if getattr(wanted, name) != getattr(found, name)]
    for name in differing:
        setattr(found, name, getattr(wanted, name))
    return bool(differing)
