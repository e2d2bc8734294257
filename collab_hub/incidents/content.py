"""What a plan says, as data: phases, roles with the contact tree, tasks, checklists, resources and
the figures of situation reports. Pure.

    {"escalate_minutes": 10,
     "phases":    [{"key", "title"}],
     "roles":     [{"key", "title", "organ", "duty", "above", "commands"}],
     "tasks":     [{"key", "title", "phase", "role", "minutes", "detail"}],
     "checks":    [{"key", "title", "phase", "items": [text]}],
     "resources": [{"key", "title", "unit", "needed", "place"}],
     "figures":   [{"key", "title", "unit"}]}

Titles are {"zh", "en"}. `organ` is a function ("health"), found in the division of the incident;
`duty` says which post there fills the role; `above` is the role that is told when nobody confirms.
"""

from __future__ import annotations

from copy import deepcopy

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.errors import Unusable
from platform_core.common.i18n import pick

PARTS = ("phases", "roles", "tasks", "checks", "resources", "figures")
PREFIXES = {"phases": "p", "roles": "r", "tasks": "t", "checks": "c", "resources": "s",
            "figures": "f"}  # fmt: skip
# Which other part a field names: {part: {field: part named}}.
NAMES = {
    "roles": {"above": "roles"},
    "tasks": {"phase": "phases", "role": "roles"},
    "checks": {"phase": "phases"},
}
MUST = {("tasks", "phase"), ("tasks", "role"), ("checks", "phase")}
MOST_OF_ONE = 200
LARGEST_FIGURE = 10**9
MOST_MINUTES = 60 * 24 * 30
MOST_ESCALATE = 24 * 60
USUAL_ESCALATE = 10
TITLES = {
    "phases": gettext_lazy("Phases"),
    "roles": gettext_lazy("Roles and contact tree"),
    "tasks": gettext_lazy("Tasks"),
    "checks": gettext_lazy("Checklists"),
    "resources": gettext_lazy("Resources needed"),
    "figures": gettext_lazy("Figures of situation reports"),
}


def empty() -> dict:
    return {"escalate_minutes": USUAL_ESCALATE, **{part: [] for part in PARTS}}


def of(content: dict, part: str) -> list[dict]:
    return content.get(part) or []


def keys(content: dict, part: str) -> set[str]:
    return {one["key"] for one in of(content, part)}


def new_key(content: dict, part: str) -> str:
    """A key that the part does not have yet."""
    taken, number = keys(content, part), len(of(content, part)) + 1
    while f"{PREFIXES[part]}{number}" in taken:
        number += 1
    return f"{PREFIXES[part]}{number}"


def faults_of(content: dict, part: str, values: dict) -> dict[str, list[str]]:
    """What is wrong with one new entry of a part, by field."""
    errors: dict[str, list[str]] = {}
    if not (values.get("title") or {}).get("zh"):
        errors["title"] = [_("Write a name.")]
    if part not in PREFIXES or len(of(content, part)) >= MOST_OF_ONE:
        errors["title"] = [_("There are too many of them.")]
    for field, named in NAMES.get(part, {}).items():
        key = values.get(field) or ""
        if key and key not in keys(content, named):
            errors[field] = [_("Choose one that is there.")]
        elif not key and (part, field) in MUST:
            errors[field] = [_("Choose one.")]
    if part == "tasks" and not 1 <= (values.get("minutes") or 0) <= MOST_MINUTES:
        errors["minutes"] = [_("Write between 1 and %(n)s minutes.") % {"n": MOST_MINUTES}]
    if part == "checks" and not values.get("items"):
        errors["items"] = [_("Write at least one line.")]
    return errors


def with_entry(content: dict, part: str, values: dict) -> dict:
    """The content with one more entry, under a new key."""
    found = deepcopy(content)
    found.setdefault(part, []).append({"key": new_key(content, part), **values})
    return found


def users_of(content: dict, part: str, key: str) -> list[str]:
    """The names of what names the entry, so that it cannot be taken out."""
    return [
        pick(one["title"])
        for other, fields in NAMES.items()
        for field, named in fields.items()
        if named == part
        for one in of(content, other)
        if one.get(field) == key
    ]


def without_entry(content: dict, part: str, key: str) -> dict:
    found = deepcopy(content)
    found[part] = [one for one in of(found, part) if one["key"] != key]
    return found


def faults(content: dict) -> list[str]:
    """Why the plan cannot be published; empty when it can."""
    said = []
    for part in ("phases", "roles", "tasks"):
        if not of(content, part):
            said.append(_("Nothing stands under “%(part)s”.") % {"part": TITLES[part]})
    roles = {one["key"]: one.get("above") or "" for one in of(content, "roles")}
    if roles and not any(one.get("commands") for one in of(content, "roles")):
        said.append(_("No role commands."))
    if any(_turns_round(roles, key) for key in roles):
        said.append(_("The contact tree runs in a circle."))
    return said


def _turns_round(above: dict[str, str], key: str) -> bool:
    seen = set()
    while key:
        if key in seen:
            return True
        seen.add(key)
        key = above.get(key, "")
    return False


def piece_of(content: dict, phase: str) -> dict:
    """One phase with its tasks and checklists, and the roles that these need, with those above
    them; "" gives everything but the figures.
    """
    if not phase:
        return {part: deepcopy(of(content, part)) for part in PARTS if part != "figures"}
    tasks = [one for one in of(content, "tasks") if one["phase"] == phase]
    above = {one["key"]: one.get("above") or "" for one in of(content, "roles")}
    needed: set[str] = set()
    for task in tasks:
        key = task["role"]
        while key and key not in needed:
            needed.add(key)
            key = above.get(key, "")
    return deepcopy(
        {
            "phases": [one for one in of(content, "phases") if one["key"] == phase],
            "roles": [one for one in of(content, "roles") if one["key"] in needed],
            "tasks": tasks,
            "checks": [one for one in of(content, "checks") if one["phase"] == phase],
        }
    )


def fitted(piece: dict, here: dict) -> dict:
    """The piece with keys that `here` does not have. A role that is there already (same name,
    organ and duty) is not made again: what names it names the one that is there.
    """
    piece = deepcopy(piece)
    same = {_sense(one): one["key"] for one in of(here, "roles")}
    renamed: dict[tuple[str, str], str] = {}
    grown = deepcopy(here)
    for part in PARTS:
        kept = []
        for one in of(piece, part):
            known = same.get(_sense(one)) if part == "roles" else None
            key = known or new_key(grown, part)
            renamed[part, one["key"]] = key
            if known is None:
                one["key"] = key
                kept.append(one)
                grown.setdefault(part, []).append(one)
        piece[part] = kept
    for part, fields in NAMES.items():
        for one in of(piece, part):
            for field, named in fields.items():
                one[field] = renamed.get((named, one.get(field) or ""), "")
    return piece


def _sense(role: dict) -> tuple:
    return role["title"].get("zh"), role["organ"], role["duty"]


def in_tree_order(roles: list[dict]) -> list[tuple[dict, int]]:
    """The roles from the top of the contact tree down, each with its depth."""
    below: dict[str, list[dict]] = {}
    known = {one["key"] for one in roles}
    for one in roles:
        above = one.get("above") or ""
        below.setdefault(above if above in known else "", []).append(one)
    found: list[tuple[dict, int]] = []
    waiting = [(one, 0) for one in reversed(below.get("", []))]
    while waiting:
        one, depth = waiting.pop()
        found.append((one, depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(one["key"], []))]
    return found


def chain_above(key: str, above: dict[str, str], holders: dict[str, int | None]) -> list[int]:
    """Who is told, step by step, when the holder of a role does not confirm: the holders above,
    each once, vacant roles and the person's own left out. A circle ends it.
    """
    found: list[int] = []
    own, seen, here = holders.get(key), {key}, above.get(key, "")
    while here and here not in seen:
        seen.add(here)
        person = holders.get(here)
        if person is not None and person != own and person not in found:
            found.append(person)
        here = above.get(here, "")
    return found


def carried(known: list[dict], before: dict, given: dict) -> dict:
    """The figures of the next report: what is given, else what the one before had. Raises Unusable
    at the key of a figure that is no whole number from 0.
    """
    found, errors = {}, {}
    for one in known:
        key, value = one["key"], given.get(one["key"])
        if value is None:
            if key in before:
                found[key] = {"value": before[key]["value"], "carried": True}
        elif isinstance(value, int) and 0 <= value <= LARGEST_FIGURE:
            found[key] = {"value": value, "carried": False}
        else:
            errors[key] = [_("Write a whole number from 0.")]
    if errors:
        raise Unusable(errors)
    return found
