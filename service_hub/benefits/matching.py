"""Whether a policy fits a firm, and why: each condition by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from platform_core.capabilities.rules import fields_used, is_true

FULFILLED, NOT, UNKNOWN = "fulfilled", "not", "unknown"
FITS, MAYBE, NO = "fits", "maybe", "no"


@dataclass(frozen=True)
class Condition:
    """One condition of a rule: how it stands, and which facts are missing."""

    rule: object
    state: str
    missing: tuple[str, ...] = ()


def conditions_of(rule) -> list:
    """The parts of a rule that must all hold."""
    if isinstance(rule, dict) and set(rule) == {"and"}:
        return [part for one in rule["and"] for part in conditions_of(one)]
    return [rule]


def match(rule, facts: dict, today: date) -> tuple[str, list[Condition]]:
    """("fits" | "maybe" | "no", every condition). "fits" is exactly when the rule is true; "maybe"
    when only unknown facts stand in the way.
    """
    found = []
    for part in conditions_of(rule):
        missing = tuple(sorted(set(fields_used(part)) - set(facts)))
        if is_true(part, facts, today=today):
            found.append(Condition(part, FULFILLED))
        elif missing:
            found.append(Condition(part, UNKNOWN, missing))
        else:
            found.append(Condition(part, NOT))
    states = {one.state for one in found}
    return NO if NOT in states else MAYBE if UNKNOWN in states else FITS, found
