"""Checks across the fields of a report, by the rules capability."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from platform_core.capabilities.rules import (
    FormulaError,
    Known,
    RuleError,
    as_rule_number,
    check,
    fields_used,
    is_true,
    parse,
)
from platform_core.common.i18n import pick

KINDS = {"number": "number", "money": "number", "text": "text", "choice": "text", "date": "date"}


def known_fields(versions) -> dict[str, Known]:
    """What a rule may know: {code of a field: its kind}."""
    return {one.field.code: Known(KINDS[one.kind]) for one in versions}


def read_check(formula: str, says: dict, versions) -> dict:
    """The check that `formula` means; ValueError says what is wrong with it."""
    codes = {one.field.code: one.field.code for one in versions}
    try:
        rule = parse(formula, codes)
    except FormulaError as error:
        raise ValueError(str(error)) from None
    for problem in check(rule, known_fields(versions)):
        raise ValueError(problem.message)
    if not says.get("zh") or not says.get("en"):
        raise ValueError(_("Say in both languages what is wrong when the check fails."))
    return {"rule": rule, "formula": formula, "says": says}


def failing(checks: list[dict], values: dict, today: date) -> list[str]:
    """What the checks say that do not hold for {code: value}; a check over a field without a value
    is not asked.
    """
    found = []
    for one in checks:
        try:
            holds = is_true(one["rule"], values, today=today)
        except RuleError:
            holds = False
        if not holds and not _lacks(one["rule"], values):
            found.append(pick(one["says"]))
    return found


def _lacks(rule, values: dict) -> bool:
    return any(values.get(code) is None for code in fields_used(rule))


def rule_value(version, value):
    """A stored value as rules read it."""
    return as_rule_number(value.amount) if version.is_amount else value.text
