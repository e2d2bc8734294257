"""What a guide says of the organ at the reader's place, for people and as national elements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from security.organs.selectors import department_for

from .elements import ELEMENTS, IMPLEMENTING, ITEM_TYPES
from .models import ImplementingVersion
from .selectors import version_in_force
from .shown import rows, said
from .suspending import is_suspended

# What stands on the guide in a place of its own, or means nothing to people.
ELSEWHERE = {"promise_day", "anticipate_day", "day_type", "project_type", "plan_effective_date"}
ALREADY_SAID = {"accept_condition", "handle_flow", "fee_explain", "limit_scene_num"}


@dataclass(frozen=True)
class Here:
    """A service as the organ at the reader's place offers it; `item` is the N-app's."""

    item: object
    version: ImplementingVersion

    @property
    def promise_days(self) -> int:
        return self.version.promise_days

    @property
    def legal_days(self) -> int:
        return self.version.legal_days

    @property
    def counts_calendar_days(self) -> bool:
        return self.version.counts_calendar_days

    @property
    def is_same_day(self) -> bool:
        return self.version.is_same_day

    @property
    def minutes(self) -> int:
        return self.item.minutes

    @property
    def visits(self) -> int:
        return int(self.version.elements["limit_scene_num"])

    @property
    def is_online_only(self) -> bool:
        return self.visits == 0

    @property
    def guide(self) -> dict:
        return {"fees": self.fees}

    @property
    def fees(self) -> str:
        elements = self.version.elements
        return said(elements, "fee_explain") if elements["is_fee"] == "1" else _("Free")

    @property
    def conditions(self) -> list[str]:
        return said(self.version.elements, "accept_condition").splitlines()

    @property
    def flow(self) -> list[str]:
        return said(self.version.elements, "handle_flow").splitlines()

    @property
    def notice(self) -> dict | None:
        """Why the organ takes no new cases today, or None."""
        return self.version.item.notice if is_suspended(self.version.item) else None


def here(item, region) -> Here | None:
    """`item` as the organ responsible at `region` has published it, or None."""
    if region is None:
        return None
    department = department_for(item.department_kind, region)
    version = version_in_force(item.basic_code, department)
    return Here(item, version) if version else None


def element_rows(version) -> list[tuple[object, list[tuple[str, str]]]]:
    """The elements that people read on the guide, by group, in the reader's language."""
    elements = version.elements
    kept = {}
    for key, element in ELEMENTS[IMPLEMENTING].items():
        if element.is_english or key in ELSEWHERE | ALREADY_SAID:
            continue
        kept[key] = said(elements, key)
    return rows(IMPLEMENTING, kept)


def national(item, version, on: date | None = None) -> dict:
    """The guide under the names of GB/T 39554.2: what is inherited, then what the organ says."""
    basic = version.item.basic.current.elements
    code = version.item.code
    return {
        "task_code": code,
        "catalog_code": code[19:],
        "task_name": basic["task_name"],
        "task_name_en": basic["task_name_en"],
        "task_type": code[21:23],
        "task_type_name": str(ITEM_TYPES[code[21:23]]),
        "by_law": basic["by_law"].splitlines(),
        "task_version": version.number,
        "task_state": "2" if is_suspended(version.item, on or timezone.localdate()) else "1",
        "dept_name": version.item.department.name,
        "dept_code": version.item.department.credit_code,
        "anticipate_type": version.elements["day_type"],
        "promise_type": version.elements["day_type"],
        **{
            key: int(value) if ELEMENTS[IMPLEMENTING][key].kind == "number" else value
            for key, value in version.elements.items()
        },
    }
