"""What a plan's page shows: its parts with their entries in words, its versions."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platform_core.common.i18n import pick
from security.organs.kinds import kind_title

from . import content as plans
from .content import PARTS, TITLES
from .forms import part_form
from .models import PlanVersion
from .words import DUTY_WORDS

ICONS = {
    "phases": "layers", "roles": "users", "tasks": "clipboard-list", "checks": "list-checks",
    "resources": "truck", "figures": "chart-column",
}  # fmt: skip
TAGS = {"approved": "ok", "asked": "warn", "refused": "bad", "draft": "info", "replaced": ""}


def parts(content: dict, bound: dict, *, editable: bool) -> list[dict]:
    """The parts as the page draws them. `bound` holds forms that were sent and are not right."""
    named = {
        part: {one["key"]: pick(one["title"]) for one in plans.of(content, part)} for part in PARTS
    }
    return [
        {
            "key": part,
            "title": TITLES[part],
            "icon": ICONS[part],
            "rows": _rows(part, content, named),
            "form": (bound.get(part) or part_form(part, content)) if editable else None,
            "open": part in bound,
        }
        for part in PARTS
    ]


def _rows(part: str, content: dict, named: dict) -> list[dict]:
    entries = [(one, 0) for one in plans.of(content, part)]
    if part == "roles":
        entries = plans.in_tree_order(plans.of(content, part))
    return [
        {
            "key": one["key"],
            "title": one["title"],
            "depth": min(depth, 3),
            "said": said(part, one, named),
            "lines": one.get("items", []),
        }
        for one, depth in entries
    ]


def said(part: str, one: dict, named: dict) -> str:
    """What stands beside the name of an entry."""
    if part == "roles":
        words = [pick(kind_title(one["organ"])), str(DUTY_WORDS.get(one["duty"], one["duty"]))]
        if one.get("commands"):
            words.append(_("commands"))
        return " · ".join(words)
    if part == "tasks":
        minutes = ngettext("%(n)s minute", "%(n)s minutes", one["minutes"]) % {"n": one["minutes"]}
        return " · ".join(
            [named["phases"].get(one["phase"], ""), named["roles"].get(one["role"], ""), minutes]
        )
    if part == "checks":
        return named["phases"].get(one["phase"], "")
    if part == "resources":
        amount = f"{one['needed']} {one.get('unit', '')}".strip() if one.get("needed") else ""
        return " · ".join(filter(None, [amount, one.get("place", "")]))
    return one.get("unit", "")


def version_rows(versions: list[PlanVersion], shown: PlanVersion) -> list[dict]:
    return [
        {"version": one, "tag": TAGS[one.state], "current": one.pk == shown.pk} for one in versions
    ]
